/**
 * Guesses which state a call will read, so that it can be asked for before the call is known to need it. A wrong guess
 * costs bytes, never truth: execution asks for whatever is missing.
 * @module
 */
import type { Hashes } from '@glowworm/wasm-core'
import { concatBytes, fromHex, toHex } from '../data/hex.ts'
import type { AccessList, CallRequest } from '../ledgers/ethereum/call-claims.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { addTo, type StateList } from './call-state.ts'

const ZERO_ADDRESS: Hex = `0x${'0'.repeat(40)}`
/** Where proxies keep the address of their code (EIP-1967). */
const IMPLEMENTATION_SLOT: Hex = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
/** Where tokens keep balances: the first slots of a contract, and those of widespread libraries. */
const POSITIONS: readonly bigint[] = [
  ...[0n, 1n, 2n, 3n, 4n, 5n, 9n, 51n],
  0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00n,
]
/** Positions that are tried when a slot that was read is to be explained. */
const EXPLAINED_POSITIONS: readonly bigint[] = [
  ...new Set([...Array.from({ length: 24 }, (_, i) => BigInt(i)), ...POSITIONS]),
]
/** Functions of ERC-20 whose first argument or sender is the key of a balance: balanceOf, transfer, transferFrom. */
const BALANCE_FUNCTIONS = new Set(['0x70a08231', '0xa9059cbb', '0x23b872dd'])
/** allowance, approve: keyed by owner and spender. */
const ALLOWANCE_FUNCTIONS = new Set(['0xdd62ed3e', '0x095ea7b3'])
const MAX_WORDS = 4
const MAX_REMEMBERED = 256

/** A slot as it follows from the words of a call: fixed, a word itself, or an entry of a mapping (of mappings). */
type SlotRule =
  | { readonly fixed: Hex }
  | { readonly word: number }
  | { readonly keys: readonly number[]; readonly position: bigint }

interface Remembered {
  readonly address: Hex
  readonly rules: readonly SlotRule[]
}

export interface CallMemory {
  /** Whether a call of the same function was seen before. */
  knows(call: CallRequest): boolean
  guess(call: CallRequest): StateList
  learn(call: CallRequest, reads: AccessList): void
}

export function createCallMemory(hashes: Hashes): CallMemory {
  const calls = new Map<string, readonly Remembered[]>()

  const entryOf = (keys: readonly Uint8Array[], position: bigint): Hex => {
    let slot = fromHex(wordOf(position), 'position', 32)
    for (const key of keys) slot = hashes.keccak256(concatBytes(key, slot))
    return toHex(slot)
  }
  const explain = (slot: Hex, words: readonly Uint8Array[]): SlotRule => {
    const word = words.findIndex((bytes) => toHex(bytes) === slot)
    if (word >= 0) return { word }
    const singles = words.map((_, i) => [i])
    const pairs = words.flatMap((_, i) => words.flatMap((_, j) => (i === j ? [] : [[i, j]])))
    for (const keys of [...singles, ...pairs])
      for (const position of EXPLAINED_POSITIONS)
        if (
          entryOf(
            keys.map((i) => words[i]!),
            position,
          ) === slot
        )
          return { keys, position }
    return { fixed: slot }
  }

  return {
    knows: (call) => calls.has(nameOf(call)),
    guess(call) {
      const list: StateList = new Map()
      addTo(list, call.from ?? ZERO_ADDRESS)
      for (const { address, storageKeys } of call.accessList ?? []) addTo(list, address, storageKeys)
      if (!call.to) return list
      const words = wordsOf(call)
      const known = calls.get(nameOf(call))
      if (known) {
        for (const { address, rules } of known)
          addTo(
            list,
            address,
            rules.flatMap((rule) => {
              if ('fixed' in rule) return [rule.fixed]
              if ('word' in rule) return words[rule.word] ? [toHex(words[rule.word]!)] : []
              const keys = rule.keys.map((i) => words[i])
              return keys.every((key) => key !== undefined) ? [entryOf(keys, rule.position)] : []
            }),
          )
        addTo(list, call.to)
        return list
      }
      const selector = call.data?.slice(0, 10) ?? '0x'
      const [sender, first, second] = words
      const keys: Uint8Array[][] = []
      if (BALANCE_FUNCTIONS.has(selector) && first) keys.push([first])
      if (selector === '0xa9059cbb' && sender) keys.push([sender])
      if (ALLOWANCE_FUNCTIONS.has(selector) && first && second) keys.push([first, second])
      const entries = keys.flatMap((one) => POSITIONS.map((position) => entryOf(one, position)))
      addTo(list, call.to, selector.length === 10 ? [IMPLEMENTATION_SLOT, ...entries] : [])
      return list
    },
    learn(call, reads) {
      if (!call.to) return
      const words = wordsOf(call)
      const remembered = reads
        .filter(({ address }) => address !== call.from)
        .map(({ address, storageKeys }) => ({ address, rules: storageKeys.map((slot) => explain(slot, words)) }))
      calls.delete(nameOf(call))
      calls.set(nameOf(call), remembered)
      if (calls.size > MAX_REMEMBERED) calls.delete(calls.keys().next().value!)
    },
  }
}

const nameOf = ({ to, data }: CallRequest): string => `${to} ${data?.slice(0, 10) ?? '0x'}`

const wordOf = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

/** The sender and the arguments, 32 bytes each. */
function wordsOf({ from, data = '0x' }: CallRequest): Uint8Array[] {
  const body = data.slice(10)
  const count = Math.min(MAX_WORDS, Math.floor(body.length / 64))
  const words = Array.from({ length: count }, (_, i): Hex => `0x${body.slice(i * 64, (i + 1) * 64)}`)
  return [wordOf(BigInt(from ?? ZERO_ADDRESS)), ...words].map((word) => fromHex(word, 'word', 32))
}
