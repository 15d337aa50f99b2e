import { checkSeats } from '../bls12381-committee.ts'
import { InvalidPoint } from '../errors.ts'
import { SealedContents } from '../sealed.ts'
import type { Committee, ParsedKeys } from '../slots.ts'
import { type BlsModule, KEY_BYTES, PARSED_KEY_BYTES, reasonOf } from './bls12381-module.ts'

/** Of all instances alike: coordinates are the same numbers everywhere. */
const parsedKeys = new SealedContents<ParsedKeys, Uint8Array>('parsed keys')
const committees = new SealedContents<Committee, { readonly keys: Uint8Array; readonly minusSum: Uint8Array }>(
  'a committee',
)

/** The window for parsed keys holds as many as the one for compressed keys. */
const windowOf = ({ inputBytes }: BlsModule): number => Math.floor(inputBytes / KEY_BYTES)

/** @throws {InvalidPoint} naming the first key that is refused. */
export function parseKeys(module: BlsModule, argument: string, publicKeys: readonly Uint8Array[]): ParsedKeys {
  if (publicKeys.length === 0) throw new InvalidPoint(argument, 'expected at least one key')
  const { kernel, view, parsed } = module
  const keys = new Uint8Array(PARSED_KEY_BYTES * publicKeys.length)
  inWindows(module, argument, publicKeys, (from, count) => {
    const refused = kernel.keysParse(count)
    if (refused === -1) keys.set(view.subarray(parsed, parsed + PARSED_KEY_BYTES * count), PARSED_KEY_BYTES * from)
    return refused
  })
  return parsedKeys.seal(keys, { size: publicKeys.length })
}

/**
 * Hands compressed keys to `take` a window at a time; it gives −1, or 16·index + verdict for the first it refuses.
 * @throws {InvalidPoint} naming the first key that is refused, for whatever reason.
 */
export function inWindows(
  module: BlsModule,
  argument: string,
  publicKeys: readonly Uint8Array[],
  take: (from: number, count: number) => number,
): void {
  const size = windowOf(module)
  const misfit = publicKeys.findIndex(({ length }) => length !== KEY_BYTES)
  const fitting = misfit < 0 ? publicKeys.length : misfit
  for (let from = 0; from < fitting; from += size) {
    const count = Math.min(size, fitting - from)
    for (let i = 0; i < count; i++) module.view.set(publicKeys[from + i]!, module.input + KEY_BYTES * i)
    const refused = take(from, count)
    if (refused !== -1) throw new InvalidPoint(`${argument}[${from + (refused >> 4)}]`, reasonOf(refused & 15))
  }
  if (misfit >= 0) refuseLength(`${argument}[${misfit}]`, publicKeys[misfit]!)
}

export function refuseLength(argument: string, publicKey: Uint8Array): void {
  if (publicKey.length === KEY_BYTES) return
  throw new InvalidPoint(argument, `expected ${KEY_BYTES} bytes, got ${publicKey.length}`)
}

/** Adds all parsed keys to the sum. */
export function addParsed(module: BlsModule, keys: ParsedKeys): void {
  addAll(module, parsedKeys.open('publicKeys', keys))
}

/** @throws {InvalidPoint} naming `keys` when their sum is the identity. */
export function formCommittee(module: BlsModule, parsed: ParsedKeys): Committee {
  const { kernel, view, output } = module
  const keys = parsedKeys.open('keys', parsed)
  kernel.sumStart()
  addAll(module, keys)
  if (kernel.sumEnd() !== 0) throw new InvalidPoint('keys', 'the identity is not a key')
  kernel.sumNegate()
  kernel.sumWriteParsed()
  return committees.seal({ keys, minusSum: view.slice(output, output + PARSED_KEY_BYTES) }, { size: parsed.size })
}

/** Ends the sum of the committee's keys without the seats `absent`, by whichever way adds fewer of them. */
export function startPresent(module: BlsModule, committee: Committee, absent: readonly number[]): void {
  const { keys, minusSum } = committees.open('committee', committee)
  const { size } = committee
  checkSeats(absent, size)
  const keyOf = (seat: number) => keys.subarray(PARSED_KEY_BYTES * seat, PARSED_KEY_BYTES * (seat + 1))
  module.kernel.sumStart()
  if (2 * absent.length <= size) {
    addEach(module, [minusSum, ...absent.map(keyOf)])
    module.kernel.sumNegate()
  } else {
    const missing = new Set(absent)
    const present = Array.from({ length: size }, (_, seat) => seat).filter((seat) => !missing.has(seat))
    addEach(module, present.map(keyOf))
  }
  if (module.kernel.sumEnd() !== 0) throw new InvalidPoint('committee', 'the identity is not a key')
}

function addAll(module: BlsModule, keys: Uint8Array): void {
  const bytes = PARSED_KEY_BYTES * windowOf(module)
  for (let from = 0; from < keys.length; from += bytes) {
    const window = keys.subarray(from, from + bytes)
    module.view.set(window, module.parsed)
    module.kernel.sumAddParsed(window.length / PARSED_KEY_BYTES)
  }
}

function addEach(module: BlsModule, keys: readonly Uint8Array[]): void {
  const size = windowOf(module)
  for (let from = 0; from < keys.length; from += size) {
    const count = Math.min(size, keys.length - from)
    for (let i = 0; i < count; i++) module.view.set(keys[from + i]!, module.parsed + PARSED_KEY_BYTES * i)
    module.kernel.sumAddParsed(count)
  }
}
