/**
 * Against traces of real devices, out of the tests of `@ledgerhq/hw-app-eth` 7.9.0 (Apache-2.0), and against a device
 * written for this test from the app's own description of its commands.
 * @module
 */
import { concatBytes, fromHex, toHex } from '@glowworm/light-client/data/hex'
import fc from 'fast-check'
import { parseTransaction, recoverTransactionAddress, type TransactionSerialized } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { engines } from '../../../test/wallet.ts'
import { WalletError } from '../../errors.ts'
import { deviceRequest, signAs } from '../../signing/sign-as.ts'
import { type Signable, signatureText } from '../../signing/signable.ts'
import { type Eip1559Transaction, withSignature } from '../../signing/transaction.ts'
import { hashTypedData } from '../../signing/typed-data/hash.ts'
import { parseTypedData } from '../../signing/typed-data/parse.ts'
import type { AccountRecord } from '../../vault/content.ts'
import { addressCommand, lastAnswer, transactionCommands } from './commands.ts'
import { ledgerAddressCommands, ledgerKeys } from './ledger.ts'

const { hashes } = engines
const hex = (text: string) => fromHex(`0x${text}`, 'trace')
const KEY = fromHex('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80', 'key', 32)
const OWNER = privateKeyToAccount(toHex(KEY))
const PATH = "m/44'/60'/2'/0/0"

const account: AccountRecord = {
  id: 'ledger-1',
  name: 'Ledger',
  key: { kind: 'ledger', path: PATH },
  address: OWNER.address.toLowerCase() as `0x${string}`,
  publicKey: null,
  hidden: false,
  site: null,
}
const signing = { keyring: null as never, engines, chainId: 1337 }

describe('traces of real devices', () => {
  test('the address of a path', () => {
    expect(toHex(addressCommand("m/44'/60'/0'/0'/0"))).toBe('0xe002000015058000002c8000003c800000008000000000000000')
  })

  test('a typed transaction in one command, and in two', () => {
    const short = '02ef0306843b9aca008504a817c80082520894b2bb2b958afa2e96dab3f3ce7162b87daea39017872386f26fc1000080c0'
    expect(transactionCommands("m/44'/60'/0'/0/0", hex(short)).map(toHex)).toEqual([
      `0xe004000046058000002c8000003c800000000000000000000000${short}`,
    ])
    const answer = hex(
      '003ccff815955e82c416dcf2ace0bf0aa5f479acd47f5152f0c1753cf68fb723746774b8bff4f776f2788bb19c87c22ca8a2933ea4415eed8d25a9ea0500c81ce19000',
    )
    expect(toHex(lastAnswer([answer], 1))).toBe(
      '0x003ccff815955e82c416dcf2ace0bf0aa5f479acd47f5152f0c1753cf68fb723746774b8bff4f776f2788bb19c87c22ca8a2933ea4415eed8d25a9ea0500c81ce1',
    )
    const long = new Uint8Array(241).fill(7)
    expect(transactionCommands("m/44'/60'/0'/0/0", long).map((command) => toHex(command.subarray(0, 5)))).toEqual([
      '0xe0040000ff',
      '0xe004800007',
    ])
  })
})

/** Signs as the app does: it collects the parts, and answers with v ‖ r ‖ s. */
function device(key: Uint8Array, status = 0x9000) {
  let collected: Uint8Array = new Uint8Array(0)
  const answer = (data: Uint8Array, word = 0x9000) => concatBytes(data, Uint8Array.of(word >> 8, word & 255))
  return (command: Uint8Array): Uint8Array => {
    const [cla, instruction, first, second, length] = command
    const data = command.subarray(5)
    expect([cla, second, length]).toEqual([0xe0, 0, data.length])
    if (status !== 0x9000) return answer(new Uint8Array(0), status)
    const publicKey = engines.secp256k1.publicKey(key)
    if (instruction === 0x02) {
      const digits = new TextEncoder().encode(toHex(hashes.keccak256(publicKey.subarray(1)).subarray(12)).slice(2))
      return answer(concatBytes(Uint8Array.of(65), publicKey, Uint8Array.of(40), digits))
    }
    collected = first === 0x80 ? concatBytes(collected, data) : data.slice()
    const body = collected.subarray(1 + 4 * collected[0]!)
    const digest = digestIn(instruction!, body)
    if (digest === null) return answer(new Uint8Array(0))
    const signature = engines.secp256k1.sign(digest, key)
    return answer(concatBytes(Uint8Array.of(27 + signature[64]!), signature.subarray(0, 64)))
  }
}

/** Null while parts are missing. */
function digestIn(instruction: number, body: Uint8Array): Uint8Array | null {
  if (instruction === 0x0c) return hashes.keccak256(concatBytes(Uint8Array.of(0x19, 0x01), body))
  if (instruction === 0x08) {
    const length = new DataView(body.buffer, body.byteOffset).getUint32(0)
    const message = body.subarray(4)
    if (message.length < length) return null
    return hashes.keccak256(concatBytes(new TextEncoder().encode(`\x19Ethereum Signed Message:\n${length}`), message))
  }
  try {
    parseTransaction(toHex(body) as TransactionSerialized)
    return hashes.keccak256(body)
  } catch {
    return null
  }
}

async function signOn(key: Uint8Array, signable: Signable, status?: number): Promise<Uint8Array> {
  const request = deviceRequest(signing, account, signable)
  if (request.device !== 'ledger') throw new Error('expected a request for a Ledger')
  return signAs(signing, account, signable, { device: 'ledger', answers: request.commands.map(device(key, status)) })
}

const transactionOf = (data: `0x${string}`): Eip1559Transaction => ({
  type: 'eip1559',
  chainId: 1337,
  nonce: 3n,
  maxPriorityFeePerGas: 1n,
  maxFeePerGas: 10n ** 10n,
  gasLimit: 21_000n,
  to: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  value: 10n ** 18n,
  data,
})

describe('a device', () => {
  test('signs transactions of every length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 900 }), async (data) => {
        const transaction = transactionOf(toHex(data))
        const { raw } = withSignature(transaction, await signOn(KEY, { kind: 'transaction', transaction }), hashes)
        const serializedTransaction = raw as `0x02${string}`
        expect(await recoverTransactionAddress({ serializedTransaction })).toBe(OWNER.address)
      }),
      { numRuns: 40 },
    )
  })

  test('signs messages and typed data as viem does', async () => {
    for (const message of [new Uint8Array(0), new TextEncoder().encode('hello'), new Uint8Array(700).fill(0xe7)])
      expect(signatureText(await signOn(KEY, { kind: 'message', message }))).toBe(
        await OWNER.signMessage({ message: { raw: message } }),
      )
    const typed = {
      domain: { name: 'Test', chainId: 1337n },
      types: {
        EIP712Domain: [
          { name: 'name', type: 'string' },
          { name: 'chainId', type: 'uint256' },
        ],
        Order: [{ name: 'amount', type: 'uint256' }],
      },
      primaryType: 'Order',
      message: { amount: 5n },
    } as const
    const sentAs = { ...typed, domain: { ...typed.domain, chainId: 1337 }, message: { amount: '5' } }
    const hashed = hashTypedData(parseTypedData(sentAs), hashes)
    expect(signatureText(await signOn(KEY, { kind: 'typed-data', hashed, json: JSON.stringify(sentAs) }))).toBe(
      await OWNER.signTypedData(typed),
    )
  })

  test('that is another one, or signed something else, is refused', async () => {
    const transaction = transactionOf('0x')
    const signable: Signable = { kind: 'transaction', transaction }
    await expect(signOn(new Uint8Array(32).fill(9), signable)).rejects.toMatchObject({ code: 'WRONG_DEVICE' })
    const request = deviceRequest(signing, account, signable)
    if (request.device !== 'ledger') throw new Error('expected a request for a Ledger')
    const answers = request.commands.map(device(KEY))
    const other: Signable = { kind: 'transaction', transaction: { ...transaction, value: 1n } }
    await expect(signAs(signing, account, other, { device: 'ledger', answers })).rejects.toMatchObject({
      code: 'WRONG_DEVICE',
    })
    await expect(signAs(signing, account, signable, null)).rejects.toMatchObject({ code: 'NEEDS_DEVICE' })
    await expect(signAs(signing, account, signable, { device: 'air-gapped', parts: [] })).rejects.toMatchObject({
      code: 'UNREADABLE_DEVICE_ANSWER',
    })
  })

  test.each([
    [0x6985, 'DEVICE_REJECTED'],
    [0x5515, 'DEVICE_LOCKED'],
    [0x6511, 'DEVICE_OTHER_APP'],
    [0x6a80, 'DEVICE_BLIND_SIGNING_OFF'],
    [0x6f42, 'DEVICE_FAULT'],
  ])('that answers with status %i says why: %s', async (status, code) => {
    await expect(signOn(KEY, { kind: 'transaction', transaction: transactionOf('0x') }, status)).rejects.toMatchObject({
      code,
    })
  })

  test('no change of its answer is taken for a signature of the account', async () => {
    const signable: Signable = { kind: 'transaction', transaction: transactionOf('0x') }
    const request = deviceRequest(signing, account, signable)
    if (request.device !== 'ledger') throw new Error('expected a request for a Ledger')
    const [answer] = request.commands.map(device(KEY))
    for (let at = 1; at < answer!.length; at++) {
      const changed = answer!.slice()
      changed[at]! ^= 0x10
      await expect(signAs(signing, account, signable, { device: 'ledger', answers: [changed] })).rejects.toBeInstanceOf(
        WalletError,
      )
    }
  })

  test('names its keys, and lies about an address are found', () => {
    const commands = ledgerAddressCommands('live')
    const answers = commands.map(device(KEY))
    const keys = ledgerKeys(answers, 'live', hashes)
    expect(keys.map(({ key }) => key)).toEqual(
      [0, 1, 2, 3, 4].map((index) => ({ kind: 'ledger', path: `m/44'/60'/${index}'/0/0` })),
    )
    expect(keys[0]!.address).toBe(account.address)
    const lie = answers[0]!.slice()
    lie[70] = lie[70] === 0x30 ? 0x31 : 0x30
    expect(() => ledgerKeys([lie, ...answers.slice(1)], 'live', hashes)).toThrow('does not belong to its key')
    expect(() => ledgerKeys(answers.slice(1), 'live', hashes)).toThrow('holds 4 addresses')
  })
})
