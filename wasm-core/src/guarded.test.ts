import { describe, expect, it } from 'vitest'
import { isBytes } from './bytes-argument.ts'
import { loadBls12381Groups } from './load-bls12381-groups.ts'
import { loadEd25519 } from './load-ed25519.ts'
import { loadEngines } from './load-engines.ts'
import { loadHeadlessEngines } from './load-headless-engines.ts'
import { nobleBls12381Groups } from './noble/bls12381-groups.ts'
import { nobleEd25519 } from './noble/ed25519.ts'
import { nobleEngines } from './noble/engines.ts'

const bytes = (length: number) => new Uint8Array(length).fill(1)
/** What a program without types may pass where bytes, lists, handles or options are expected. */
const NONSENSE = [null, undefined, 7, 'text', {}, [null], [[]], new ArrayBuffer(32), new Uint16Array(32), () => {}]

const [wasm, headless, ed25519, groups] = await Promise.all([
  loadEngines(),
  loadHeadlessEngines(),
  loadEd25519(),
  loadBls12381Groups(),
])
const slotsOf = ({ hashes, merkle, secp256k1, bls }: typeof wasm) => ({ hashes, merkle, secp256k1, bls })
const ENGINES: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  wasm: { ...slotsOf(wasm), ed25519, g1: groups.g1, g2: groups.g2, scalars: groups.scalars, groups },
  headless: slotsOf(headless),
  noble: {
    ...slotsOf(nobleEngines()),
    ed25519: nobleEd25519,
    g1: nobleBls12381Groups.g1,
    g2: nobleBls12381Groups.g2,
    scalars: nobleBls12381Groups.scalars,
    groups: nobleBls12381Groups,
  },
}

/** Arguments of the right kind, of which one after another becomes nonsense. */
const GOOD: Readonly<Record<string, readonly unknown[]>> = {
  'hashes.keccak256Many': [[bytes(1)]],
  'hashes.sha256Pairs': [bytes(64)],
  'hashes.sha256dPairs': [bytes(64)],
  'merkle.sszBranchRoot': [bytes(32), [bytes(32)], 0],
  'merkle.sszRoot': [bytes(32), 1],
  'merkle.trieValue': [bytes(32), bytes(32), []],
  'merkle.trieValues': [bytes(32), [bytes(32)], []],
  'secp256k1.recover': [bytes(65), bytes(32)],
  'secp256k1.schnorrSign': [bytes(3), bytes(32), bytes(32)],
  'secp256k1.schnorrVerify': [bytes(64), bytes(3), bytes(32)],
  'secp256k1.verify': [bytes(64), bytes(32), bytes(33)],
  'secp256k1.ecdh': [bytes(32), bytes(33), 'x'],
  'ed25519.sign': [bytes(3), bytes(32)],
  'ed25519.verify': [bytes(64), bytes(3), bytes(32), { rule: 'zip215' }],
  'ed25519.verifyBatch': [[{ signature: bytes(64), message: bytes(3), publicKey: bytes(32) }], { bytes }],
  'bls.verifyBatch': [
    [{ aggregate: bytes(48), absent: [bytes(48)], message: bytes(3), signature: bytes(96) }],
    () => bytes(16),
  ],
  'bls.aggregatePublicKeys': [[bytes(48)]],
  'bls.parsePublicKeys': [[bytes(48)]],
  'bls.fastAggregateVerify': [[bytes(48)], bytes(3), bytes(96)],
  'bls.verifyWithoutAbsent': [bytes(48), [bytes(48)], bytes(3), bytes(96)],
  'bls.verify': [bytes(48), bytes(3), bytes(96)],
  'g1.hash': [bytes(3), bytes(3)],
  'g2.hash': [bytes(3), bytes(3)],
}

describe.each(Object.entries(ENGINES))('%s', (_, slots) => {
  const functions = Object.entries(slots).flatMap(([slot, face]) =>
    Object.entries(face)
      .filter(([, member]) => typeof member === 'function')
      .map(([name, run]) => [`${slot}.${name}`, run as (...args: unknown[]) => unknown] as const),
  )
  it.each(functions)('%s never throws an error without a name', (name, run) => {
    const good = GOOD[name] ?? Array.from({ length: Math.max(run.length, 4) }, () => bytes(32))
    for (const i of good.keys())
      for (const nonsense of NONSENSE) {
        let thrown: unknown = null
        try {
          run(...good.slice(0, i), nonsense, ...good.slice(i + 1))
        } catch (cause) {
          thrown = cause
        }
        // Not everything is refused: options may be absent. What is refused is refused by name.
        if (thrown !== null)
          expect(thrown, `argument ${i}: ${String(nonsense)}`).toMatchObject({
            code: expect.stringMatching(/^[A-Z_]+$/),
          })
      }
  })

  it.each(Object.keys(GOOD).filter((name) => name.split('.')[0]! in slots))('%s names the first argument', (name) => {
    const [slot, method] = name.split('.') as [string, string]
    const run = (slots[slot] as Record<string, (...args: unknown[]) => unknown>)[method]!
    for (const nonsense of [null, undefined, 7, 'text', new Uint16Array(32)])
      expect(() => run(nonsense, ...GOOD[name]!.slice(1))).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/^\w+: expected/) }),
      )
  })
})

it('names a message that is no message', () => {
  const refusal = (argument: string) => expect.objectContaining({ code: 'INVALID_ARGUMENT', argument })
  for (const engines of [wasm, headless, nobleEngines()]) {
    expect(() => engines.hashes.keccak256(null as never)).toThrow(refusal('data'))
    expect(() => engines.hashes.sha256(undefined as never)).toThrow(refusal('data'))
    expect(() => engines.hashes.keccak256Many([bytes(1), 'x' as never])).toThrow(refusal('messages[1]'))
    expect(() => engines.bls.verifyWithoutAbsent(bytes(48), [null as never], bytes(1), bytes(96))).toThrow(
      refusal('absent[0]'),
    )
    expect(() => engines.secp256k1.schnorrVerify(bytes(64), {} as never, bytes(32))).toThrow(refusal('message'))
  }
})

it('bytes of another realm are bytes; other views are not', async () => {
  const { runInNewContext } = await import('node:vm')
  expect(isBytes(runInNewContext('new Uint8Array(3)'))).toBe(true)
  expect(isBytes(Buffer.from('abc'))).toBe(true)
  expect(isBytes(runInNewContext('new Uint16Array(3)'))).toBe(false)
  expect(isBytes({ length: 3, constructor: { name: 'Uint8Array' } })).toBe(false)
})
