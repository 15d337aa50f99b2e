import type { Hex } from '@glowworm/light-client'
import { transactionForm } from '@glowworm/light-client/application/rpc/forms/transaction'
import { concatBytes, fromHex, toHex } from '@glowworm/light-client/data/hex'
import { decode, encode, type RlpItem } from '@glowworm/light-client/data/rlp'
import { decodeTransaction } from '@glowworm/light-client/ledgers/ethereum/transaction'
import { nobleEngines } from '@glowworm/wasm-core'
import { SigningKey, Transaction } from 'ethers'
import fc from 'fast-check'
import {
  formatTransaction,
  keccak256,
  type RpcTransaction,
  type Signature,
  serializeTransaction,
  type TransactionSerializable,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { describeVectors, vectorJson, vectorNames } from '../../test/vectors.ts'
import { InvalidAuthorization, signAuthorization } from './authorization.ts'
import { InvalidBlobs, versionedHashesOf } from './blob-sidecar.ts'
import {
  type Eip1559Transaction,
  encodeUnsigned,
  InvalidTransaction,
  signTransaction,
  type Transaction as WalletTransaction,
} from './transaction.ts'

const engines = nobleEngines()
const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n })
const hexOf = (arbitrary: fc.Arbitrary<Uint8Array>) => arbitrary.map((b) => toHex(b))
const big = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })
const secretKeys = bytes(32).filter((key) => key.some((b) => b !== 0) && key[0]! < 0xff)

const common: fc.Arbitrary<Omit<Eip1559Transaction, 'type'>> = fc
  .record({
    chainId: fc.integer({ min: 1, max: 2 ** 40 }),
    nonce: big(53),
    fees: fc.tuple(big(100), big(100)),
    gasLimit: big(53),
    to: fc.option(hexOf(bytes(20))),
    value: big(200),
    data: hexOf(fc.uint8Array({ maxLength: 80 })),
    accessList: fc.array(
      fc.record({ address: hexOf(bytes(20)), storageKeys: fc.array(hexOf(bytes(32)), { maxLength: 2 }) }),
      {
        maxLength: 2,
      },
    ),
  })
  .map(({ fees: [room, maxPriorityFeePerGas], ...rest }) => ({
    ...rest,
    maxFeePerGas: maxPriorityFeePerGas + room,
    maxPriorityFeePerGas,
  }))
const points = hexOf(bytes(48))
const blobs = fc.constantFrom('ab', '00').map((byte): Hex => `0x${byte.repeat(131_072)}`)
const sidecars = fc.integer({ min: 1, max: 2 }).chain((count) =>
  fc.constantFrom(1, 128).chain((proofsEach) => {
    const list = <T>(of: fc.Arbitrary<T>, length: number) => fc.array(of, { minLength: length, maxLength: length })
    return fc.record({
      blobs: list(blobs, count),
      commitments: list(points, count),
      proofs: list(points, count * proofsEach),
    })
  }),
)
const authorizations = fc
  .record({ chainId: fc.constantFrom(0n, 1n, 1337n), address: hexOf(bytes(20)), nonce: big(53), key: secretKeys })
  .map(({ key, ...authorization }) => signAuthorization(authorization, key, engines))

const transactions: fc.Arbitrary<WalletTransaction> = common.chain(
  ({ maxFeePerGas, maxPriorityFeePerGas, accessList, ...untipped }): fc.Arbitrary<WalletTransaction> => {
    const tipped = { ...untipped, maxFeePerGas, maxPriorityFeePerGas, accessList: accessList ?? [] }
    const to = untipped.to ?? (`0x${'11'.repeat(20)}` as const)
    return fc.oneof(
      fc.constant({ ...untipped, type: 'legacy' as const, gasPrice: maxFeePerGas }),
      fc.constant({ ...untipped, type: 'eip2930' as const, gasPrice: maxFeePerGas, accessList: tipped.accessList }),
      fc.constant({ ...tipped, type: 'eip1559' as const }),
      sidecars.map((sidecar) => ({ ...tipped, to, type: 'eip4844' as const, maxFeePerBlobGas: 7n, sidecar })),
      fc
        .array(authorizations, { minLength: 1, maxLength: 2 })
        .map((authorizationList) => ({ ...tipped, to, type: 'eip7702' as const, authorizationList })),
    )
  },
)

/** The same for viem. */
function forViem({ gasLimit, nonce, ...rest }: WalletTransaction): TransactionSerializable {
  const shared = { ...rest, gas: gasLimit, nonce: Number(nonce) }
  if (shared.type === 'eip4844') {
    const { sidecar, ...more } = shared
    const blobVersionedHashes = versionedHashesOf(sidecar, engines.hashes).map(toHex)
    return { ...more, blobVersionedHashes } as TransactionSerializable
  }
  if (shared.type === 'eip7702') {
    const authorizationList = shared.authorizationList.map((given) => ({
      ...given,
      chainId: Number(given.chainId),
      nonce: Number(given.nonce),
    }))
    return { ...shared, authorizationList } as TransactionSerializable
  }
  return shared as TransactionSerializable
}

describe('transactions of every kind', () => {
  test('signed here are byte for byte those of viem and ethers, and read back by ethers', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(transactions, secretKeys, async (transaction, secretKey) => {
        seen.add(transaction.type)
        const { raw, hash } = signTransaction(transaction, secretKey, engines)
        const account = privateKeyToAccount(toHex(secretKey))
        const expected = await account.signTransaction(forViem(transaction))
        expect(hash).toBe(keccak256(expected))
        const read = Transaction.from(expected)
        expect(read.from).toBe(account.address)
        expect(read.unsignedSerialized).toBe(toHex(encodeUnsigned(transaction, engines.hashes)))
        const { signature } = read
        expect(new SigningKey(secretKey).sign(read.unsignedHash).serialized).toBe(signature?.serialized)
        if (transaction.type !== 'eip4844') {
          expect(raw).toBe(expected)
          return
        }
        // With its blobs: what is signed stands first in it, what travels beside it after that.
        const [inner, ...beside] = decode(fromHex(raw, 'raw').subarray(1)) as [RlpItem, ...RlpItem[]]
        expect(toHex(concatBytes(Uint8Array.of(3), encode(inner)))).toBe(expected)
        const { blobs, commitments, proofs } = transaction.sidecar
        const lists = [blobs, commitments, proofs].map((list) => list.map((item) => fromHex(item, 'item')))
        expect(beside).toEqual(proofs.length === blobs.length ? lists : [Uint8Array.of(1), ...lists])
      }),
      { numRuns: 500 },
    )
    expect([...seen].sort()).toEqual(['eip1559', 'eip2930', 'eip4844', 'eip7702', 'legacy'])
  })

  test('authorizations are those of viem', async () => {
    await fc.assert(
      fc.asyncProperty(secretKeys, hexOf(bytes(20)), big(50), async (key, address, nonce) => {
        const ours = signAuthorization({ chainId: 1n, address, nonce }, key, engines)
        const account = privateKeyToAccount(toHex(key))
        const theirs = await account.signAuthorization({ chainId: 1, address, nonce: Number(nonce) })
        expect(ours).toMatchObject({ r: theirs.r, s: theirs.s, yParity: theirs.yParity })
      }),
      { numRuns: 30 },
    )
  })

  test('are read back with their signer', () => {
    fc.assert(
      fc.property(common, secretKeys, (fields, secretKey) => {
        const { raw } = signTransaction({ ...fields, type: 'eip1559' }, secretKey, engines)
        const decoded = decodeTransaction(fromHex(raw, 'raw'), engines)
        expect(decoded).toMatchObject({ ...fields, chainId: BigInt(fields.chainId), type: 2 })
        expect(decoded.from).toBe(privateKeyToAccount(toHex(secretKey)).address.toLowerCase())
      }),
      { numRuns: 30 },
    )
  })

  test('that cannot be are refused', () => {
    const good: Eip1559Transaction = {
      type: 'eip1559',
      chainId: 1,
      nonce: 0n,
      maxFeePerGas: 2n,
      maxPriorityFeePerGas: 1n,
      gasLimit: 21_000n,
      to: `0x${'11'.repeat(20)}`,
      value: 0n,
      data: '0x',
    }
    const encoding = (change: object) => () =>
      encodeUnsigned({ ...good, ...change } as WalletTransaction, engines.hashes)
    encoding({})()
    for (const change of [{ nonce: -1n }, { nonce: 1n << 64n }, { value: 1n << 256n }, { maxPriorityFeePerGas: 3n }])
      expect(encoding(change)).toThrow(InvalidTransaction)
    expect(encoding({ to: '0x1234' })).toThrow('20 bytes')
    expect(encoding({ data: '0x123' })).toThrow('data')
    expect(encoding({ type: 'eip7702', authorizationList: [] })).toThrow(InvalidTransaction)
    expect(encoding({ type: 'eip7702', to: null, authorizationList: [{}] })).toThrow('cannot create')
    const blob = { type: 'eip4844', maxFeePerBlobGas: 1n }
    expect(encoding({ ...blob, sidecar: { blobs: [], commitments: [], proofs: [] } })).toThrow(InvalidBlobs)
    expect(encoding({ ...blob, sidecar: { blobs: ['0x'], commitments: [], proofs: [] } })).toThrow(InvalidBlobs)
    expect(() => signAuthorization({ chainId: 1n, address: '0x12', nonce: 0n }, new Uint8Array(32), engines)).toThrow(
      '20 bytes',
    )
    const full = { chainId: 1n, address: good.to!, nonce: 2n ** 64n - 1n }
    expect(() => signAuthorization(full, new Uint8Array(32), engines)).toThrow(InvalidAuthorization)
  })
})

/** The vectors write zero in several ways. */
const quantity = (value: string | number | undefined) => (value === '0x' ? 0n : BigInt(value ?? 0))

interface EthersCase {
  readonly name: string
  readonly privateKey: Hex
  readonly transaction: Record<string, string | number | undefined> & {
    accessList?: { address: Hex; storageKeys: Hex[] }[]
  }
  readonly unsignedLondon: Hex
  readonly signedLondon: Hex
  readonly signedBerlin: Hex
  readonly signedEip155: Hex
  readonly signedLegacy: Hex
}

describeVectors('vectors', () => {
  test('ethers: encoding, signature, and reading of each kind', () => {
    const cases = vectorJson<EthersCase[]>('wallet/ethers/transaction.json.gz')
    expect(cases).toHaveLength(896)
    let compared = 0
    for (const { transaction: t, ...c } of cases) {
      const ours: Eip1559Transaction = {
        type: 'eip1559',
        chainId: Number(quantity(t.chainId ?? 1)),
        nonce: quantity(t.nonce),
        maxFeePerGas: quantity(t.maxFeePerGas),
        maxPriorityFeePerGas: quantity(t.maxPriorityFeePerGas),
        gasLimit: quantity(t.gasLimit),
        to: ((t.to as Hex | undefined)?.toLowerCase() as Hex | undefined) ?? null,
        value: quantity(t.value),
        data: (t.data as Hex | undefined) ?? '0x',
        ...(t.accessList
          ? {
              accessList: t.accessList.map(({ address, storageKeys }) => ({
                address: address.toLowerCase() as Hex,
                storageKeys,
              })),
            }
          : {}),
      }
      const { maxFeePerGas: _limit, maxPriorityFeePerGas: _tip, accessList, ...untipped } = ours
      const priced = { ...untipped, gasPrice: quantity(t.gasPrice) }
      const key = fromHex(c.privateKey, 'key', 32)
      const berlin = { ...priced, type: 'eip2930' as const, ...(accessList ? { accessList } : {}) }
      expect(signTransaction(berlin, key, engines).raw, c.name).toBe(c.signedBerlin)
      if (quantity(t.chainId) > 0n)
        expect(signTransaction({ ...priced, type: 'legacy' }, key, engines).raw, c.name).toBe(c.signedEip155)
      if (ours.maxPriorityFeePerGas > ours.maxFeePerGas) {
        expect(() => encodeUnsigned(ours, engines.hashes), c.name).toThrow(InvalidTransaction)
        continue
      }
      compared++
      expect(toHex(encodeUnsigned(ours, engines.hashes)), c.name).toBe(c.unsignedLondon)
      expect(signTransaction(ours, fromHex(c.privateKey, 'key', 32), engines).raw, c.name).toBe(c.signedLondon)
    }
    expect(compared).toBeGreaterThan(400)
    for (const { privateKey, ...c } of cases.filter((_, i) => i % 20 === 0)) {
      const from = privateKeyToAccount(privateKey).address.toLowerCase()
      // ethers refuses to read back its own EIP-155 signatures for chain 0.
      const eip155 = quantity(c.transaction.chainId) === 0n ? [] : [c.signedEip155]
      for (const raw of [c.signedLondon, c.signedBerlin, c.signedLegacy, ...eip155]) {
        const decoded = decodeTransaction(fromHex(raw, 'raw'), engines)
        const read = Transaction.from(raw)
        expect(decoded).toMatchObject({
          from,
          value: read.value,
          gasLimit: read.gasLimit,
          data: read.data,
          to: read.to?.toLowerCase() ?? null,
          nonce: BigInt(read.nonce),
        })
      }
    }
  })

  test('ethereum/tests TransactionTests: the signer of what is valid, refusal of what is malformed', () => {
    /** What is about meaning, or about forks: these are encoded well enough to be read. */
    const meaning =
      /GASLIMIT_PRICE_PRODUCT_OVERFLOW|INTRINSIC_GAS|NONCE_MAX|PRIORITY_GREATER|INITCODE|INVALID_CHAINID|INVALID_SIGNATURE_VRS|INSUFFICIENT/
    let [valid, malformed] = [0, 0]
    for (const folder of ['ttAddress', 'ttEIP1559', 'ttEIP2930', 'ttSignature', 'ttValue', 'ttWrongRLP'])
      for (const name of vectorNames(`eth-tx/TransactionTests/${folder}`)) {
        const file = vectorJson<
          Record<string, { txbytes: string; result: Record<string, { exception?: string; sender?: string }> }>
        >(`eth-tx/TransactionTests/${folder}/${name}`)
        for (const { txbytes, result } of Object.values(file)) {
          const outcome = result.Prague ?? result.Cancun!
          const read = () => decodeTransaction(fromHex(txbytes, 'raw'), engines)
          if (outcome.sender) {
            valid++
            expect(read().from, name).toBe(outcome.sender)
          } else if (!meaning.test(outcome.exception!)) {
            malformed++
            expect(read, `${name}: ${outcome.exception}`).toThrow()
          }
        }
      }
    expect(valid).toBeGreaterThan(15)
    expect(malformed).toBeGreaterThan(30)
  })

  test('a whole mainnet block: hash and signer of every transaction, types 0, 2, 3 and 4', () => {
    const { transactions } = vectorJson<{ transactions: (RpcTransaction & { hash: Hex; from: Hex })[] }>(
      'eth-lightclient/mainnet-fulu-json/block_0x17a2d23.json',
    )
    const seen = new Set<number>()
    for (const rpc of transactions) {
      const { r, s, v, yParity, ...unsigned } = formatTransaction(rpc)
      const signature = { r, s, v, yParity: yParity ?? Number(v) % 2 } as Signature
      const raw = serializeTransaction({ ...unsigned, data: rpc.input } as TransactionSerializable, signature)
      expect(toHex(engines.hashes.keccak256(fromHex(raw, 'raw')))).toBe(rpc.hash)
      const decoded = decodeTransaction(fromHex(raw, 'raw'), engines)
      seen.add(decoded.type)
      expect(decoded).toMatchObject({ from: rpc.from, to: rpc.to, value: BigInt(rpc.value), data: rpc.input })
      expect(transactionForm(rpc.hash, decoded, null)).toMatchObject({
        nonce: rpc.nonce,
        gas: rpc.gas,
        r: rpc.r,
        v: rpc.v,
      })
    }
    expect([...seen].sort()).toEqual([0, 2, 3, 4])
  })
})
