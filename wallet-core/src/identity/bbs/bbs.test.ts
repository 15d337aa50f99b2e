/** What BBS promises, over random messages; every byte changed; what stays in memory. */
import type { Bls12381Groups, Random } from '@glowworm/wasm-core'
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBbs } from './bbs.ts'
import type { CiphersuiteName } from './ciphersuite.ts'
import { BbsSignatureFault, InvalidBbs } from './errors.ts'
import type { Disclosed } from './proof.ts'
import { MOST_MESSAGES } from './scheme.ts'

const groups = await loadBls12381Groups()
const R = '73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001'
const IDENTITY = `c0${'00'.repeat(47)}`

describe.each<CiphersuiteName>(['BLS12-381-SHA-256', 'BLS12-381-SHAKE-256'])('%s', (suite) => {
  const bbs = createBbs(groups, suite, secureRandom)
  const secretKey = bbs.keyGen({ keyMaterial: new Uint8Array(32).fill(7) })
  const publicKey = bbs.skToPk(secretKey)
  const header = utf8ToBytes('a header')
  const presentationHeader = utf8ToBytes('nonce 1')
  const messages = ['name', 'born', '', 'address'].map(utf8ToBytes)
  const signature = bbs.sign({ secretKey, publicKey, header, messages })
  const disclosedIndexes = [1, 3]
  const toDisclose = { publicKey, signature, header, presentationHeader, messages, disclosedIndexes }
  const proof = bbs.proofGen(toDisclose)
  const disclosed: Disclosed = {
    ...{ publicKey, proof, header, presentationHeader, disclosedIndexes },
    disclosedMessages: [messages[1]!, messages[3]!],
  }

  test('any messages, any of them disclosed: the proof holds, and with anything else it does not', () => {
    const bytes = fc.uint8Array({ maxLength: 40 })
    const item = fc.record({ message: bytes, shown: fc.boolean() })
    const given = fc.record({ items: fc.array(item, { maxLength: 8 }), header: bytes, ph: bytes })
    fc.assert(
      fc.property(given, ({ items, header, ph }) => {
        const messages = items.map(({ message }) => message)
        const shown = items.flatMap(({ shown }, i) => (shown ? [i] : []))
        const signature = bbs.sign({ secretKey, publicKey, header, messages })
        const proof = bbs.proofGen({
          ...{ publicKey, signature, header, messages, presentationHeader: ph, disclosedIndexes: shown },
        })
        expect(proof.length).toBe(272 + 32 * (items.length - shown.length))
        const good = {
          ...{ publicKey, proof, header, presentationHeader: ph, disclosedIndexes: shown },
          disclosedMessages: shown.map((i) => messages[i]!),
        }
        expect(bbs.proofVerify(good)).toBe(true)
        expect(bbs.proofVerify({ ...good, header: longer(header) })).toBe(false)
        expect(bbs.proofVerify({ ...good, presentationHeader: longer(ph) })).toBe(false)
        for (const at of shown.keys()) {
          const disclosedMessages = good.disclosedMessages.with(at, longer(good.disclosedMessages[at]!))
          expect(bbs.proofVerify({ ...good, disclosedMessages })).toBe(false)
        }
      }),
      { numRuns: 15 },
    )
  })

  test('two proofs of the same have nothing in common', () => {
    const other = bbs.proofGen(toDisclose)
    const parts = (proof: Uint8Array) => {
      const scalars = Array.from({ length: (proof.length - 144) / 32 }, (_, i) =>
        proof.slice(144 + 32 * i).slice(0, 32),
      )
      return [0, 48, 96]
        .map((at) => proof.slice(at, at + 48))
        .concat(scalars)
        .map(bytesToHex)
    }
    expect(new Set([...parts(proof), ...parts(other)]).size).toBe(2 * parts(proof).length)
  })

  test('another key, other indexes, or messages in another order: refused', () => {
    const stranger = bbs.skToPk(bbs.keyGen({ keyMaterial: new Uint8Array(32).fill(8) }))
    expect(bbs.proofVerify(disclosed)).toBe(true)
    expect(bbs.proofVerify({ ...disclosed, publicKey: stranger })).toBe(false)
    expect(bbs.verify({ publicKey: stranger, signature, header, messages })).toBe(false)
    expect(bbs.proofVerify({ ...disclosed, disclosedIndexes: [1, 2] })).toBe(false)
    expect(bbs.proofVerify({ ...disclosed, disclosedMessages: [messages[3]!, messages[1]!] })).toBe(false)
    expect(bbs.verify({ publicKey, signature, header, messages: messages.toReversed() })).toBe(false)
    expect(bbs.proofVerify({ ...disclosed, proof: bbs.proofGen({ ...toDisclose, signature: forged() }) })).toBe(false)
  })

  test('a changed byte anywhere in a signature or a proof: refused', () => {
    for (const at of signature.keys()) {
      const changed = signature.with(at, signature[at]! ^ (1 << (at % 8)))
      expect(
        holds(() => bbs.verify({ publicKey, signature: changed, header, messages })),
        String(at),
      ).toBe(false)
    }
    for (const at of proof.keys()) {
      const changed = proof.with(at, proof[at]! ^ (1 << (at % 8)))
      expect(
        holds(() => bbs.proofVerify({ ...disclosed, proof: changed })),
        String(at),
      ).toBe(false)
    }
  })

  test('a key that does not belong to the secret one: nothing is signed', () => {
    const stranger = bbs.skToPk(bbs.keyGen({ keyMaterial: new Uint8Array(32).fill(9) }))
    expect(() => bbs.sign({ secretKey, publicKey: stranger, messages })).toThrow(BbsSignatureFault)
  })

  test('what is none is named', () => {
    const at = (bytes: Uint8Array, from: number, hex: string) => {
      const changed = bytes.slice()
      changed.set(hexToBytes(hex), from)
      return changed
    }
    const verifying = (change: object) => () => bbs.verify({ publicKey, signature, header, messages, ...change })
    const proving = (change: object) => () => bbs.proofGen({ ...toDisclose, ...change })
    const checking = (change: object) => () => bbs.proofVerify({ ...disclosed, ...change })
    const identityG2 = hexToBytes(IDENTITY + '00'.repeat(48))
    const cases: [string, () => unknown][] = [
      ['publicKey', verifying({ publicKey: publicKey.subarray(1) })],
      ['publicKey', verifying({ publicKey: identityG2 })],
      ['publicKey', checking({ publicKey: at(publicKey, 95, '00') })],
      ['signature', verifying({ signature: signature.subarray(1) })],
      ['signature', verifying({ signature: at(signature, 0, IDENTITY) })],
      ['signature', verifying({ signature: at(signature, 48, R) })],
      ['signature', verifying({ signature: at(signature, 48, '00'.repeat(32)) })],
      ['signature', proving({ signature: at(signature, 48, R) })],
      ['proof', checking({ proof: proof.subarray(0, 240) })],
      ['proof', checking({ proof: proof.subarray(1) })],
      ['proof', checking({ proof: new Uint8Array(272 + 32 * (MOST_MESSAGES + 1)) })],
      ['proof', checking({ proof: at(proof, 48, IDENTITY) })],
      ['proof', checking({ proof: at(proof, 144, R) })],
      ['proof', checking({ proof: at(proof, proof.length - 32, '00'.repeat(32)) })],
      ['disclosedIndexes[0]', proving({ disclosedIndexes: [-1] })],
      ['disclosedIndexes[1]', proving({ disclosedIndexes: [1, 1] })],
      ['disclosedIndexes[1]', proving({ disclosedIndexes: [1, 0] })],
      ['disclosedIndexes[1]', proving({ disclosedIndexes: [1, 4] })],
      ['disclosedIndexes[0]', checking({ disclosedIndexes: [0.5, 3] })],
      ['disclosedIndexes[0]', checking({ disclosedIndexes: [Number.NaN, 3] })],
      ['disclosedMessages', checking({ disclosedMessages: [messages[1]!] })],
      ['messages', verifying({ messages: Array(MOST_MESSAGES + 1).fill(messages[0]) })],
      ['keyMaterial', () => bbs.keyGen({ keyMaterial: new Uint8Array(31) })],
      ['keyInfo', () => bbs.keyGen({ keyMaterial: new Uint8Array(32), keyInfo: new Uint8Array(65_536) })],
      ['keyDst', () => bbs.keyGen({ keyMaterial: new Uint8Array(32), keyDst: new Uint8Array(256) })],
      ['secretKey', () => bbs.skToPk(secretKey.subarray(1))],
      ['secretKey', () => bbs.sign({ secretKey: secretKey.subarray(1), publicKey, messages })],
    ]
    for (const [argument, run] of cases) expect(argumentOf(run), `${argument}: ${run}`).toBe(argument)
  })

  test('after a proof, of all numbers computed only those it shows are left, and the domain', () => {
    const { seen, watched } = watch(groups)
    const drawn: Uint8Array[] = []
    const random: Random = {
      bytes(length) {
        const bytes = secureRandom.bytes(length)
        drawn.push(bytes)
        return bytes
      },
    }
    const proof = bytesToHex(createBbs(watched, suite, random).proofGen(toDisclose))
    expect(drawn.length).toBe(5 + 2)
    expect(seen.length).toBeGreaterThan(20)
    expect(drawn.filter(isSet)).toEqual([])
    const left = seen.filter(isSet).map(bytesToHex)
    expect(left.filter((scalar) => !proof.includes(scalar)).length).toBe(1)
  })

  test('after a signature, of all numbers computed only public ones are left', () => {
    const { seen, watched } = watch(groups)
    const made = bytesToHex(createBbs(watched, suite, secureRandom).sign({ secretKey, publicKey, header, messages }))
    const signing = seen.slice(0, messages.length + 4) // messages, domain, e, SK + e and its inverse; then it is verified
    expect(signing.filter(isSet).length).toBe(1)
    expect(made).toBe(bytesToHex(signature))
  })

  /** The signature of other messages. */
  function forged(): Uint8Array {
    return bbs.sign({ secretKey, publicKey, header, messages: messages.toReversed() })
  }
})

/** The groups, with all scalars that come out of them. */
function watch(groups: Bls12381Groups): { seen: Uint8Array[]; watched: Bls12381Groups } {
  const seen: Uint8Array[] = []
  const keep = (scalar: Uint8Array): Uint8Array => {
    seen.push(scalar)
    return scalar
  }
  const { add, multiply, negate, invert, reduce } = groups.scalars
  const scalars: Bls12381Groups['scalars'] = {
    add: (a, b) => keep(add(a, b)),
    multiply: (a, b) => keep(multiply(a, b)),
    negate: (a) => keep(negate(a)),
    invert: (a) => keep(invert(a)),
    reduce: (wide) => keep(reduce(wide)),
  }
  return { seen, watched: { ...groups, scalars } }
}

const isSet = (bytes: Uint8Array): boolean => bytes.some((byte) => byte !== 0)

const longer = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from([...bytes, 1])

function holds(verify: () => boolean): boolean {
  try {
    return verify()
  } catch (error) {
    if (error instanceof InvalidBbs) return false
    throw error
  }
}

function argumentOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof InvalidBbs) return error.argument
    throw error
  }
}
