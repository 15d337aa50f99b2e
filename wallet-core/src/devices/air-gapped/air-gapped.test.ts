import { concatBytes, fromHex, toHex } from '@glowworm/light-client/data/hex'
import { UR, URDecoder, UREncoder } from '@ngraveio/bc-ur'
import fc from 'fast-check'
import { recoverTransactionAddress } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { engines, PHRASE } from '../../../test/wallet.ts'
import { WalletError } from '../../errors.ts'
import { deviceRequest, signAs } from '../../signing/sign-as.ts'
import { digestOf, type Signable } from '../../signing/signable.ts'
import { type Eip1559Transaction, encodeUnsigned, withSignature } from '../../signing/transaction.ts'
import type { AccountRecord } from '../../vault/content.ts'
import { airGappedKeys } from './air-gapped.ts'
import { type Cbor, decodeCbor, encodeCbor, Tagged } from './cbor.ts'
import { decodeUr, encodeUr } from './ur.ts'

const { hashes } = engines
const { sha256 } = hashes
const addressAt = (index: number) => mnemonicToAccount(PHRASE, { addressIndex: index }).address.toLowerCase()

describe('uniform resources', () => {
  test('of every length are those of the reference library, in one part and in many', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 900 }), (message) => {
        const parts = encodeUr('bytes', message)
        const decoder = new URDecoder()
        for (const part of parts) decoder.receivePart(part)
        expect(decoder.isSuccess()).toBe(true)
        expect(Uint8Array.from(decoder.resultUR().cbor)).toEqual(message)
        expect(decodeUr(parts, sha256)).toEqual({ complete: true, type: 'bytes', message })
      }),
      { numRuns: 60 },
    )
  })

  test('are put together from mixed parts alone, in any order and with gaps', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 200, maxLength: 900 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 2, max: 4 }),
        (message, first, skip) => {
          // Parts from `first` on are mixes of fragments; every `skip`th is missed.
          const encoder = new UREncoder(new UR(Buffer.from(message), 'bytes'), 60, first)
          const seen: string[] = []
          for (let i = 0; i < 200; i++) {
            const part = encoder.nextPart()
            if (i % skip === 0) continue
            seen.unshift(part.toUpperCase())
            const decoded = decodeUr(seen, sha256)
            if (!decoded.complete) {
              expect(decoded.progress).toBeLessThan(1)
              continue
            }
            expect(decoded.message).toEqual(message)
            return
          }
          throw new Error('never complete')
        },
      ),
      { numRuns: 40 },
    )
  })

  test('that are damaged, mixed up or no such thing are refused', () => {
    const [one] = encodeUr('bytes', new Uint8Array(20).fill(1))
    const many = encodeUr('bytes', new Uint8Array(500).fill(2))
    const others = encodeUr('bytes', new Uint8Array(501).fill(3))
    for (const bad of [
      ['hello'],
      ['ur:bytes/zzzz'],
      [one!.slice(0, -2)],
      [`${one!.slice(0, 12)}${one![12] === 'a' ? 'b' : 'a'}${one!.slice(13)}`],
      [one!, many[0]!],
      [many[0]!, others[1]!],
    ])
      expect(() => decodeUr(bad, sha256), String(bad)).toThrow(WalletError)
    expect(decodeUr([], sha256)).toEqual({ complete: false, progress: 0 })
    expect(decodeUr([many[0]!], sha256)).toMatchObject({ complete: false, progress: 1 / 3 })
  })
})

describe('CBOR', () => {
  test('of what is written is read back; anything else is refused, not crashed on', () => {
    const values: Cbor[] = [
      0,
      23,
      24,
      255,
      256,
      65_536,
      4_294_967_296,
      -1,
      -500,
      'text',
      true,
      null,
      [1, [2, []]],
      new Map<number, Cbor>([
        [1, new Tagged(37, new Uint8Array(16))],
        [300, 'x'],
      ]),
    ]
    for (const value of values) expect(decodeCbor(encodeCbor(value))).toEqual(value)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeCbor(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(WalletError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

/** Of the phrase "test … junk", made with `@keystonehq/bc-ur-registry-eth` 0.22.1. */
const KEYS = {
  plain:
    'ur:crypto-hdkey/olaxhdclaoamrocwpslnbshtjyfwpdhfieteeslanlgoqdpsnyhglfcxaemdbgknstlepyjsykaahdcxcphdchnyyktosklkvdmuzonbjnfmyapsiebtfdcsaovtplessosffhskpdtocsbgamtaaddyoeadlncsdwykcsfnykaeykaocycmptfmtiaycylnmtluktasisgrihkkjkjyjljtihbkjohsiaiajlkpjtjydmjkjyhsjtiehsjpiefmpdzcgl',
  wildcard:
    'ur:crypto-hdkey/olaxhdclaoamrocwpslnbshtjyfwpdhfieteeslanlgoqdpsnyhglfcxaemdbgknstlepyjsykaahdcxcphdchnyyktosklkvdmuzonbjnfmyapsiebtfdcsaovtplessosffhskpdtocsbgamtaaddyoeadlncsdwykcsfnykaeykaocycmptfmtiattaaddyoyadlraewklawkaycylnmtluktasisgrihkkjkjyjljtihmwnydmko',
  single:
    'ur:crypto-hdkey/oeaxhdclaordhgeetpylaschcfflcklbkbtbrhurchbtstbnswhssgahvalohncytalrwtispfamtaaddyoeadlecsdwykcsfnykaeykaewkadwkaocycmptfmtigakostfp',
  account:
    'ur:crypto-account/oeadcycmptfmtiaolytaaddloeaxhdclaordhgeetpylaschcfflcklbkbtbrhurchbtstbnswhssgahvalohncytalrwtispfamtaaddyoeadlecsdwykcsfnykaeykaewkadwkaocycmptfmtilkktvlvw',
}
const FINGERPRINT = 380_190_416
const keysIn = (part: string) => airGappedKeys([part], hashes).keys!

describe('keys that a device shows', () => {
  test('an extended key leads to the accounts of the phrase', () => {
    for (const part of [KEYS.plain, KEYS.wildcard]) {
      const keys = keysIn(part)
      expect(keys.map(({ address }) => address)).toEqual([0, 1, 2, 3, 4].map(addressAt))
      expect(keys[1]!.key).toEqual({ kind: 'air-gapped', path: "m/44'/60'/0'/0/1", fingerprint: FINGERPRINT })
    }
  })

  test('single keys stand for themselves', () => {
    for (const part of [KEYS.single, KEYS.account])
      expect(keysIn(part)).toMatchObject([
        { address: addressAt(1), key: { path: "m/44'/60'/0'/0/1", fingerprint: FINGERPRINT } },
      ])
  })

  test('other things are refused', () => {
    const hdkey = (fields: [number, Cbor][]) => encodeUr('crypto-hdkey', encodeCbor(new Map(fields)))[0]!
    const origin = new Tagged(304, new Map<number, Cbor>([[1, [44, true]]]))
    for (const part of [
      encodeUr('crypto-seed', encodeCbor(new Map()))[0]!,
      hdkey([]),
      hdkey([[3, new Uint8Array(33).fill(2)]]),
      hdkey([
        [3, new Uint8Array(33).fill(9)],
        [6, origin],
      ]),
      hdkey([
        [3, new Uint8Array(32)],
        [6, origin],
      ]),
    ])
      expect(() => keysIn(part)).toThrow(WalletError)
  })
})

const account: AccountRecord = {
  id: 'cold',
  name: 'Cold',
  key: { kind: 'air-gapped', path: "m/44'/60'/0'/0/1", fingerprint: FINGERPRINT },
  address: addressAt(1) as `0x${string}`,
  publicKey: null,
  hidden: false,
  site: null,
}
const signing = { keyring: null as never, engines, chainId: 1337 }
const transaction: Eip1559Transaction = {
  type: 'eip1559',
  chainId: 1337,
  nonce: 0n,
  maxPriorityFeePerGas: 1n,
  maxFeePerGas: 2n,
  gasLimit: 21_000n,
  to: account.address,
  value: 5n,
  data: `0x${'ab'.repeat(600)}`,
}
const signable: Signable = { kind: 'transaction', transaction }

/** What the device reads out of the codes it is shown. */
function shown(what: Signable): ReadonlyMap<number, Cbor> {
  const request = deviceRequest(signing, account, what)
  if (request.device !== 'air-gapped') throw new Error('expected codes')
  const decoder = new URDecoder()
  for (const part of request.parts) decoder.receivePart(part)
  expect(decoder.resultUR().type).toBe('eth-sign-request')
  return decodeCbor(Uint8Array.from(decoder.resultUR().cbor)) as ReadonlyMap<number, Cbor>
}

const KEY = fromHex('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d', 'key', 32)
const answerTo = (what: Signable, id: Cbor | undefined, key = KEY) => {
  const signature = engines.secp256k1.sign(digestOf(what, hashes), key)
  const fields = new Map<number, Cbor>([[2, signature]])
  if (id !== undefined) fields.set(1, id)
  return { device: 'air-gapped' as const, parts: encodeUr('eth-signature', encodeCbor(fields)) }
}

describe('signing with codes', () => {
  test('the request is the one of the reference library', () => {
    const request = shown(signable)
    const id = (request.get(1) as Tagged).value as Uint8Array
    expect([id[6]! >> 4, id[8]! >> 6]).toEqual([4, 2])
    expect(request.get(2)).toEqual(encodeUnsigned(transaction, hashes))
    // Made with `@keystonehq/bc-ur-registry-eth` 0.22.1 for another id and other data.
    const theirs = decodeCbor(
      fromHex(
        '0xa701d8255000112233445546778899aabbccddeeff02582a02e801808417d78400850c529dc58c82520894b0b5b0106d69fe64545a60a68c014f7570d3f8610180c003040419053905d90130a2018a182cf5183cf500f500f401f4021a16a93ed0065470997970c51812dc3a010c7d01b50e0d17dc79c80768476c6f77776f726d',
        'vector',
      ),
    ) as ReadonlyMap<number, Cbor>
    for (const field of [3, 4, 5, 6, 7]) expect(request.get(field), `${field}`).toEqual(theirs.get(field))
    expect([...request.keys()]).toEqual([...theirs.keys()])
  })

  test('an answer to it signs the transaction', async () => {
    const signature = await signAs(signing, account, signable, answerTo(signable, shown(signable).get(1)))
    const { raw } = withSignature(transaction, signature, hashes)
    const serializedTransaction = raw as `0x02${string}`
    expect((await recoverTransactionAddress({ serializedTransaction })).toLowerCase()).toBe(account.address)
  })

  test('an answer to something else, or by somebody else, is refused', async () => {
    const id = shown(signable).get(1)
    const other: Signable = { kind: 'message', message: new Uint8Array(3) }
    const cases: [Parameters<typeof signAs>[3], string][] = [
      [answerTo(other, shown(other).get(1)), 'WRONG_DEVICE'],
      [answerTo(other, id), 'WRONG_DEVICE'],
      [answerTo(signable, id, new Uint8Array(32).fill(7)), 'WRONG_DEVICE'],
      [{ device: 'air-gapped', parts: [] }, 'INCOMPLETE_DEVICE_ANSWER'],
      [{ device: 'air-gapped', parts: [KEYS.single] }, 'UNREADABLE_DEVICE_ANSWER'],
      [
        { device: 'ledger', answers: [concatBytes(new Uint8Array(65), Uint8Array.of(0x90, 0))] },
        'UNREADABLE_DEVICE_ANSWER',
      ],
    ]
    for (const [answer, code] of cases)
      await expect(signAs(signing, account, signable, answer)).rejects.toMatchObject({ code })
  })

  test('s in the upper half is brought into the lower', async () => {
    const { parts } = answerTo(signable, shown(signable).get(1))
    const fields = decodeCbor((decodeUr(parts, sha256) as { message: Uint8Array }).message) as Map<number, Cbor>
    const signature = fields.get(2) as Uint8Array
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const high = order - BigInt(toHex(signature.subarray(32, 64)))
    signature.set(fromHex(`0x${high.toString(16).padStart(64, '0')}`, 's', 32), 32)
    const answer = { device: 'air-gapped' as const, parts: encodeUr('eth-signature', encodeCbor(fields)) }
    expect(await signAs(signing, account, signable, answer)).toEqual(
      engines.secp256k1.sign(digestOf(signable, hashes), KEY),
    )
  })
})
