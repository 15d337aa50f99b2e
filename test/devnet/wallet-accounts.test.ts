/** The wallet on a real execution node: what takes the place of what, and whose signatures contracts vouch for. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type Clock, createLightClient, type Hex } from '@glowworm/light-client'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { createWallet, networkOf, noSession, type Wallet } from '@glowworm/wallet-core'
import { operatorsOf } from '@glowworm/wallet-core/host/ask-operators'
import { webAead, webImportCiphers, webRandom } from '@glowworm/wallet-core/infrastructure/web-crypto'
import { loadEngines } from '@glowworm/wasm-core'
import { argon2id } from '@glowworm/wasm-core/argon2id'
import {
  createPublicClient,
  getContractAddress,
  http,
  keccak256,
  serializeErc6492Signature,
  toBytes,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const RECIPIENT = '0x00000000000000000000000000000000000cafe1'

let devnet: Devnet
let wallet: Wallet
beforeAll(async () => {
  const engines = await loadEngines()
  devnet = await startDevnet({ mode: 'manual' })
  const { profile } = devnet
  const clock: Clock = { now: () => devnet.time() * 1000, sleep: (_, signal) => platformClock.sleep(50, signal) }
  wallet = await createWallet({
    store: memoryStore(),
    session: noSession,
    clock: platformClock,
    random: webRandom,
    engines,
    argon2id,
    aead: webAead,
    importCiphers: webImportCiphers,
    network: networkOf(profile),
    askOperators: operatorsOf(profile, engines),
    faucet: null,
    pairing: null,
    openChain: ({ choices, checkpoint }) =>
      createLightClient({
        profile,
        engines,
        trust: { checkpoint: checkpoint! },
        clock,
        sources: choices.map(({ kind, address: url }) =>
          kind === 'beacon'
            ? beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp })
            : executionRpcSource({ url, http: platformHttp }),
        ),
      }),
  })
  await wallet.facade.importWallet({
    password: new TextEncoder().encode('correct horse'),
    from: {
      kind: 'phrase',
      phrase: new TextEncoder().encode('test test test test test test test test test test test junk'),
      passphrase: new Uint8Array(0),
    },
  })
  const choices = wallet.facade.state.choices.filter(({ kind }) => kind !== 'peer')
  await wallet.facade.chooseSources({ choices, checkpoint: devnet.checkpoint })
  await until(() => wallet.facade.state.accounts[0]!.balance.kind === 'proven')
})
afterAll(async () => {
  await wallet?.close()
  await devnet?.close()
})

/** Waits; with `slots`, lets some pass meanwhile. */
async function until<T>(read: () => T | false | null | undefined, slots = 1): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const value = read()
    if (value) return value
    if (slots > 0 && i % 4 === 3) await devnet.advance(slots)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not happen')
}

const balanceOf = async (address: Hex) => BigInt(await devnet.execution<Hex>('eth_getBalance', address, 'latest'))

async function approve(id: string): Promise<string> {
  const { facade } = wallet
  const before = facade.state.activity.length
  const { revision } = facade.state.approvals.find((approval) => approval.id === id)!
  await facade.approve({ id, revision })
  await until(() => facade.state.activity.length > before && facade.state.activity[0]!.state === 'sent', 0)
  return facade.state.activity[0]!.id
}

const entryOf = (id: string) => wallet.facade.state.activity.find((entry) => entry.id === id)!

describe('a transaction that waits', () => {
  it('is cancelled: the node takes the other one in its place, and nothing arrives', async () => {
    const { facade } = wallet
    const sent = await facade.prepareSend({ accountId: 'eth-0', to: RECIPIENT, value: 10n ** 18n })
    const id = await approve(sent.approvalId)
    const cancel = await facade.prepareReplacement({ id, how: 'cancel' })
    const winner = await approve(cancel.approvalId)
    await until(() => entryOf(winner).state === 'final')
    expect(entryOf(winner)).toMatchObject({ receipt: { kind: 'proven', value: { success: true } } })
    expect(entryOf(id)).toMatchObject({ state: 'replaced', replacedBy: winner })
    expect(await balanceOf(RECIPIENT)).toBe(0n)
  })

  it('is sped up: it arrives once, at the higher price', async () => {
    const { facade } = wallet
    const sent = await facade.prepareSend({ accountId: 'eth-0', to: RECIPIENT, value: 7n })
    const { history, slow } = await facade.feeOptions({ id: sent.approvalId })
    expect(history).toMatchObject({ kind: 'proven', value: { blocks: 20 } })
    await facade.setFees({ id: sent.approvalId, ...slow })
    const id = await approve(sent.approvalId)
    const faster = await facade.prepareReplacement({ id, how: 'speed-up' })
    const winner = await approve(faster.approvalId)
    await until(() => entryOf(winner).state === 'final')
    expect(entryOf(id).state).toBe('replaced')
    expect(await balanceOf(RECIPIENT)).toBe(7n)
  })
})

const OWNER = privateKeyToAccount(`0x${'4a'.repeat(32)}`)
/**
 * ERC-1271 in assembly: recovers the signer of (hash, r ‖ s ‖ v) with the precompile and answers the selector when that
 * is the owner, else zeros. The first nine bytes return what follows them as the contract's code.
 */
const CODE = [
  '6004355f52', // memory 0: the hash
  '60a43560f81c602052', // 32: v
  '606435604052608435606052', // 64: r, 96: s
  '60205f60805f60015afa50', // the precompile writes the signer to 0
  `5f5173${OWNER.address.slice(2).toLowerCase()}14`,
  '631626ba7e0260e01b5f5260205ff3',
].join('')
const INIT: Hex = `0x60${(CODE.length / 2).toString(16)}8060095f395ff3${CODE}`
/** The deterministic deployment proxy, which anvil has at genesis: it makes what follows the salt. */
const FACTORY: Hex = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
const SALT: Hex = `0x${'00'.repeat(31)}07`
const FUTURE = getContractAddress({ opcode: 'CREATE2', from: FACTORY, salt: SALT, bytecode: INIT })

describe('a signature', () => {
  const message = 'I am who I am'
  const check = (address: string, signature: Hex, text = message) =>
    wallet.facade.checkSignature({ address, message: toBytes(text), signature })
  /** What viem thinks of it, asking the node. */
  const theirs = (address: Hex, signature: Hex, text = message) =>
    createPublicClient({ transport: http(devnet.executionUrl) }).verifyMessage({ address, message: text, signature })

  it('of a key is recovered, for an account that is proven to have no code', async () => {
    const signature = await OWNER.signMessage({ message })
    expect(await check(OWNER.address, signature)).toMatchObject({
      valid: true,
      how: 'key',
      proof: { kind: 'proven', value: true },
    })
    expect((await check(OWNER.address, signature, 'another')).valid).toBe(false)
    expect((await check(devnet.accounts[2]!.address, signature)).valid).toBe(false)
    await expect(check(OWNER.address, '0x12345' as Hex)).rejects.toMatchObject({
      problem: { code: 'INVALID_SIGNATURE_TEXT' },
    })
  })

  it('of a contract that is not there yet is asked of it once it is made, here', async () => {
    const signature = await OWNER.signMessage({ message })
    const wrapped = (inner: Hex) =>
      serializeErc6492Signature({ address: FACTORY, data: `${SALT}${INIT.slice(2)}`, signature: inner })
    for (const [text, inner] of [
      [message, signature],
      ['another', signature],
      [message, `0x${'11'.repeat(65)}`],
    ] as const) {
      const found = await check(FUTURE, wrapped(inner), text)
      expect(found.how).toBe('future-contract')
      expect(found.valid).toBe(await theirs(FUTURE, wrapped(inner), text))
      expect(found.valid).toBe(text === message && inner === signature)
    }
    expect(await devnet.execution('eth_getCode', FUTURE, 'latest')).toBe('0x')
    await expect(check(FUTURE, `0x${'6492'.repeat(16)}` as Hex)).rejects.toMatchObject({
      problem: { code: 'INVALID_SIGNATURE_TEXT' },
    })
  })

  it('of a contract is asked of its code, on proven state', async () => {
    const { address: from } = devnet.accounts[3]!
    await devnet.execution('eth_sendTransaction', {
      from,
      to: FACTORY,
      data: `${SALT}${INIT.slice(2)}`,
      gas: '0x100000',
    })
    await devnet.advance(2)
    expect(keccak256(await devnet.execution<Hex>('eth_getCode', FUTURE, 'latest'))).toBe(keccak256(`0x${CODE}`))
    const signature = await OWNER.signMessage({ message })
    let found = await check(FUTURE, signature)
    for (let i = 0; found.how === 'key' && i < 100; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      found = await check(FUTURE, signature)
    }
    expect(found).toMatchObject({ valid: true, how: 'contract', proof: { kind: 'proven' } })
    const cases: [Hex, string][] = [
      [signature, 'another'],
      [await privateKeyToAccount(`0x${'4b'.repeat(32)}`).signMessage({ message }), message],
      ['0x', message],
      [toHex(new Uint8Array(500)), message],
    ]
    for (const [other, text] of cases) {
      expect(await check(FUTURE, other, text), other).toMatchObject({ valid: false, how: 'contract' })
      expect(await theirs(FUTURE, other, text)).toBe(false)
    }
    const wrapped = serializeErc6492Signature({ address: FACTORY, data: '0x', signature })
    expect(await check(FUTURE, wrapped)).toMatchObject({ valid: true, how: 'contract' })
  })
})
