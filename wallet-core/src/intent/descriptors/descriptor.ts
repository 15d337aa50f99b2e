/**
 * Descriptors of ERC-7730: what the arguments of a function are, for people. Read strictly, in the part of the format
 * that is supported here; a file with anything else in it is refused whole, because what is left out could be what
 * matters.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { WalletError } from '../../errors.ts'
import { type AbiFunction, canonicalSignature, parseSignature } from '../abi/types.ts'
import { type FieldPath, parsePath } from './path.ts'

export interface Descriptor {
  /** Where it holds. Empty: it describes an interface that any contract may have. */
  readonly deployments: readonly { readonly chainId: number; readonly address: Hex }[]
  readonly formats: readonly DescribedFunction[]
}

export interface DescribedFunction {
  readonly function: AbiFunction
  readonly intent: string
  readonly fields: readonly FieldFormat[]
}

export type FieldFormat = { readonly path: FieldPath; readonly label: string } & (
  | { readonly format: 'raw' | 'addressName' | 'amount' | 'date' | 'duration' }
  | {
      readonly format: 'tokenAmount'
      readonly token: FieldPath
      readonly threshold: bigint | null
    }
  | { readonly format: 'nftName'; readonly collection: FieldPath }
)

const MOST_TEXT = 64
/** Text of a descriptor goes onto the screen: letters, digits and plain signs only. */
const PLAIN = /^[\p{L}\p{N}\p{P} ]+$/u
const SELECTORLESS = 'display.formats'

/** @param given JSON, decoded. @throws {InvalidDescriptor} naming the place */
export function parseDescriptor(given: unknown): Descriptor {
  const { context, display } = members(given, 'it', ['$schema', 'context', 'metadata', 'display'])
  const { formats } = members(display, 'display', ['formats'])
  const functions = Object.entries(members(formats, SELECTORLESS, null)).map(([key, format]) => readFormat(key, format))
  const known = new Set(functions.map((one) => canonicalSignature(one.function)))
  if (known.size !== functions.length) throw new InvalidDescriptor(SELECTORLESS, 'two keys are the same function')
  return { deployments: context === undefined ? [] : readContext(context), formats: functions }
}

function readContext(given: unknown): Descriptor['deployments'] {
  const { contract } = members(given, 'context', ['$id', 'contract'])
  const { deployments } = members(contract, 'context.contract', ['deployments'])
  const list = items(deployments, 'context.contract.deployments')
  if (list.length === 0) throw new InvalidDescriptor('context.contract.deployments', 'it names no contract')
  return list.map((one, i) => {
    const where = `context.contract.deployments[${i}]`
    const { chainId, address } = members(one, where, ['chainId', 'address'])
    if (typeof chainId !== 'number' || !Number.isSafeInteger(chainId) || chainId < 1)
      throw new InvalidDescriptor(`${where}.chainId`, 'expected a chain id')
    if (typeof address !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(address))
      throw new InvalidDescriptor(`${where}.address`, 'expected an address')
    return { chainId, address: address.toLowerCase() as Hex }
  })
}

function readFormat(key: string, given: unknown): DescribedFunction {
  const where = `${SELECTORLESS}[${JSON.stringify(key.slice(0, 60))}]`
  const { intent, fields } = members(given, where, ['$id', 'intent', 'fields'])
  const described = refusing(where, () => parseSignature(key))
  return {
    function: described,
    intent: plainText(intent, `${where}.intent`),
    fields: items(fields, `${where}.fields`).map((field, i) => readField(field, `${where}.fields[${i}]`, described)),
  }
}

function readField(given: unknown, where: string, of: AbiFunction): FieldFormat {
  const { path, label, format, params, visible } = members(given, where, [
    ...['$id', 'path', 'label', 'format', 'params', 'visible'],
  ])
  // What a descriptor hides is still signed: it must not be hidden here.
  if (visible !== undefined && visible !== 'always') throw new InvalidDescriptor(`${where}.visible`, 'expected always')
  const pathOf = (text: unknown, at: string) => refusing(`${where}.${at}`, () => parsePath(text, of))
  const base = { path: pathOf(path, 'path'), label: plainText(label, `${where}.label`) }
  const parameters = (names: readonly string[]) =>
    params === undefined ? {} : members(params, `${where}.params`, names)
  switch (format) {
    case 'raw':
    case 'addressName':
    case 'amount':
    case 'duration':
      parameters([])
      return { ...base, format }
    case 'date':
      if (parameters(['encoding']).encoding !== 'timestamp')
        throw new InvalidDescriptor(`${where}.params.encoding`, 'expected timestamp')
      return { ...base, format }
    case 'tokenAmount': {
      const { tokenPath, threshold } = parameters(['tokenPath', 'threshold'])
      return {
        ...base,
        format,
        token: pathOf(tokenPath, 'params.tokenPath'),
        threshold: threshold === undefined ? null : integer(threshold, `${where}.params.threshold`),
      }
    }
    case 'nftName':
      return {
        ...base,
        format,
        collection: pathOf(parameters(['collectionPath']).collectionPath, 'params.collectionPath'),
      }
    default:
      throw new InvalidDescriptor(`${where}.format`, 'it is not supported')
  }
}

/** The members of an object; any other than the named ones is refused. */
function members(given: unknown, where: string, names: readonly string[] | null): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new InvalidDescriptor(where, 'expected an object')
  const strange = names && Object.keys(given).find((name) => !names.includes(name))
  if (strange !== null && strange !== undefined)
    throw new InvalidDescriptor(where, `${JSON.stringify(strange.slice(0, 60))} is not supported`)
  return given as Readonly<Record<string, unknown>>
}

function items(given: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(given) || given.length > 256) throw new InvalidDescriptor(where, 'expected a list of at most 256')
  return given
}

function plainText(given: unknown, where: string): string {
  if (typeof given !== 'string' || given.length > MOST_TEXT || !PLAIN.test(given))
    throw new InvalidDescriptor(where, `expected plain text of 1 to ${MOST_TEXT} characters`)
  return given
}

function integer(given: unknown, where: string): bigint {
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return BigInt(given)
  if (typeof given === 'string' && /^(0x[0-9a-fA-F]{1,64}|\d{1,78})$/.test(given)) return BigInt(given)
  throw new InvalidDescriptor(where, 'expected a whole number')
}

function refusing<T>(where: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof WalletError ? new InvalidDescriptor(where, error.message) : error
  }
}

export class InvalidDescriptor extends WalletError {
  constructor(where: string, reason: string) {
    super(
      { name: 'Intent.InvalidDescriptor', code: 'INVALID_DESCRIPTOR', kind: 'usage' },
      `This descriptor cannot be used: ${where}: ${reason}.`,
    )
  }
}
