/**
 * Names to addresses and back, by calls of the ENS contracts on proven, final state. What only a gateway could answer
 * (ERC-3668) is refused: nobody is asked who could neither prove it nor should learn it.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import { WalletError } from '../../errors.ts'
import type { Shown } from '../../facade/facade.ts'
import { decodeParameters } from '../abi/decode.ts'
import { encodeCall } from '../abi/encode.ts'
import { parseSignature } from '../abi/types.ts'
import { type CallAnswer, derived, provenValue, type Resolvers } from '../resolvers.ts'
import { dnsEncode, namehash } from './namehash.ts'
import type { Normalize } from './normalize.ts'

/** The registry is the same on every network that has one. */
export const ENS_REGISTRY: Hex = '0x00000000000c2e074ec69a0dfb2997ba6c7d2e1e'
const EXTENDED_RESOLVER = fromHex('0x9061b923', 'interface')
/** OffchainLookup(address,string[],bytes,bytes4,bytes) */
const OFFCHAIN_LOOKUP: Hex = '0x556f1830'
const MOST_NAME = 255
const ONE_TEXT = parseSignature('f(string)').parameters
const ONE_BYTES = parseSignature('f(bytes)').parameters

export interface ResolvedName {
  /** Normalised. */
  readonly name: string
  readonly address: Hex
}

/** @throws {InvalidName} what is no name needs no asking */
export async function resolveName(
  text: string,
  normalize: Normalize,
  resolvers: Resolvers,
): Promise<Shown<ResolvedName>> {
  const name = readName(text, normalize)
  const found = await findResolver(name, resolvers)
  const resolver = provenValue(found)
  if (resolver === null) return found as Shown<never>
  const question = encodeCall('addr(bytes32)', [namehash(name, resolvers.keccak256)], resolvers.keccak256)
  const answer = await ask(name, resolver, question, resolvers)
  return derived(answer, (given) => ({ name, address: addressIn(name, given) }))
}

/** The primary name of an address, if the name leads back to it. Null: it has none that does. */
export async function reverseName(
  address: Hex,
  normalize: Normalize,
  resolvers: Resolvers,
): Promise<Shown<string | null>> {
  const node = `${address.slice(2).toLowerCase()}.addr.reverse`
  const found = await findResolver(node, resolvers)
  const resolver = provenValue(found)
  if (resolver === null) return isMissing(found) ? derivedNothing(address, resolvers) : (found as Shown<never>)
  const question = encodeCall('name(bytes32)', [namehash(node, resolvers.keccak256)], resolvers.keccak256)
  const told = derived(await ask(node, resolver, question, resolvers), textIn)
  const name = provenValue(told)
  if (name === null || name === '') return derived(told, () => null)
  try {
    // Not normalised means made to look like another.
    if (normalize(name) !== name) return derived(told, () => null)
    const forward = await resolveName(name, normalize, resolvers)
    return derived(forward, ({ address: back }) => (back === address.toLowerCase() ? name : null))
  } catch {
    return derived(told, () => null)
  }
}

function readName(text: string, normalize: Normalize): string {
  const trimmed = text.trim()
  if (trimmed.length > MOST_NAME) throw new InvalidName('it is too long')
  try {
    const name = normalize(trimmed)
    if (!name.includes('.') || name.split('.').includes('')) throw new InvalidName('expected labels with dots between')
    return name
  } catch (error) {
    throw error instanceof InvalidName ? error : new InvalidName((error as Error).message)
  }
}

interface FoundResolver {
  readonly address: Hex
  /** It answers for all names below the one it stands at (ENSIP-10). */
  readonly extended: boolean
}

/** Goes up from the name until somebody answers for it. */
async function findResolver(name: string, resolvers: Resolvers): Promise<Shown<FoundResolver>> {
  const { keccak256 } = resolvers
  const code = await resolvers.code(ENS_REGISTRY)
  if (provenValue(code) === null) return code as Shown<never>
  if (provenValue(code) === '0x') return failed(code, () => new NoNameService())
  const labels = name.split('.')
  for (let from = 0; from < labels.length; from++) {
    const node = namehash(labels.slice(from).join('.'), keccak256)
    const answer = await resolvers.call(ENS_REGISTRY, encodeCall('resolver(bytes32)', [node], keccak256))
    const given = provenValue(answer)
    if (given === null) return answer as Shown<never>
    const address = wordAddress(given)
    if (address === null) continue
    const data = encodeCall('supportsInterface(bytes4)', [EXTENDED_RESOLVER], keccak256)
    const supports = await resolvers.call(address, data)
    const told = provenValue(supports)
    if (told === null) return supports as Shown<never>
    const extended = told.status === 'success' && told.returnData.length === 66 && BigInt(told.returnData) === 1n
    // One that stands higher up answers only when it says that it answers for what is below.
    if (from > 0 && !extended) return failed(answer, () => new NameNotFound(name))
    return derived(supports, () => ({ address, extended }))
  }
  return failed(code, () => new NameNotFound(name))
}

/** @returns what the resolver says to the question itself */
async function ask(name: string, resolver: FoundResolver, question: Hex, resolvers: Resolvers): Promise<Shown<Hex>> {
  const packed = dnsEncode(name)
  if (resolver.extended && packed === null) throw new InvalidName('a label is too long')
  const data = resolver.extended
    ? encodeCall('resolve(bytes,bytes)', [packed!, fromHex(question, 'question')], resolvers.keccak256)
    : question
  return derived(await resolvers.call(resolver.address, data), ({ status, returnData }) => {
    if (status === 'revert' && returnData.startsWith(OFFCHAIN_LOOKUP)) throw new NeedsGateway(name)
    if (status !== 'success') throw new NameNotFound(name)
    return resolver.extended ? toHex(innerBytes(name, returnData)) : returnData
  })
}

function innerBytes(name: string, answer: Hex): Uint8Array {
  try {
    return decodeParameters(ONE_BYTES, fromHex(answer, 'answer')).values[0] as Uint8Array
  } catch {
    throw new NameNotFound(name)
  }
}

function addressIn(name: string, answer: Hex): Hex {
  const address = wordAddress({ status: 'success', returnData: answer })
  if (address === null) throw new NameNotFound(name)
  return address
}

/** The address in a single word; null for zero, and for anything that is no address. */
function wordAddress({ status, returnData }: CallAnswer): Hex | null {
  return status === 'success' && /^0x0{24}(?!0{40})[0-9a-f]{40}$/.test(returnData) ? `0x${returnData.slice(26)}` : null
}

function textIn(answer: Hex): string {
  try {
    return decodeParameters(ONE_TEXT, fromHex(answer, 'answer')).values[0] as string
  } catch {
    return ''
  }
}

/** The proof is one of not finding: the value it would have stays unproven, for that reason. */
function failed(shown: Shown<unknown>, error: () => WalletError): Shown<never> {
  return derived(shown, (): never => {
    throw error()
  })
}

const isMissing = (shown: Shown<unknown>): boolean =>
  shown.kind === 'unproven' && [NameNotFound.code, NoNameService.code].includes(shown.problem.code)

/** That there is no name is proven by the registry that does not know it. */
async function derivedNothing(_address: Hex, resolvers: Resolvers): Promise<Shown<null>> {
  return derived(await resolvers.code(ENS_REGISTRY), () => null)
}

export class InvalidName extends WalletError {
  constructor(reason: string) {
    super({ name: 'Names.InvalidName', code: 'INVALID_ENS_NAME', kind: 'usage' }, `This is not a name: ${reason}.`, {
      next: 'Write it as it was given to you, or use the address.',
    })
  }
}

export class NoNameService extends WalletError {
  static readonly code = 'NO_NAME_SERVICE'
  constructor() {
    super(
      { name: 'Names.NoNameService', code: NoNameService.code, kind: 'unprovable' },
      'There are no names on this network.',
      { next: 'Use the address.' },
    )
  }
}

export class NameNotFound extends WalletError {
  static readonly code = 'NAME_NOT_FOUND'
  constructor(name: string) {
    super(
      { name: 'Names.NameNotFound', code: NameNotFound.code, kind: 'unprovable' },
      `${name} leads to no address: that is proven.`,
      { next: 'Check how it is written, or use the address.' },
    )
  }
}

/** ERC-3668: the contract sends whoever asks to a server. */
export class NeedsGateway extends WalletError {
  constructor(name: string) {
    super(
      { name: 'Names.NeedsGateway', code: 'NAME_NEEDS_GATEWAY', kind: 'refused' },
      `Only a server outside the chain could tell where ${name} leads. It was not asked: its answer could not be proven.`,
      { next: 'Use the address.' },
    )
  }
}
