import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import slip39 from 'slip39'
import { HDKey, hdKeyToAccount, mnemonicToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../test/vectors.ts'
import {
  ADDRESS,
  engines,
  fundedWallet,
  PASSWORD,
  PHRASE,
  phraseImport,
  settle,
  testWallet,
  until,
  utf8,
} from '../../test/wallet.ts'
import { addressOf } from '../accounts/address.ts'
import type { ImportRequest } from '../facade/facade.ts'
import { readShares } from '../facade/slip39/read-shares.ts'
import { readPrivateKey } from './private-key.ts'

/** Of the well-known phrase: its first account. */
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const OTHER_KEY = '4646464646464646464646464646464646464646464646464646464646464646'
const OTHER_ADDRESS = '0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f'
const password = () => utf8(PASSWORD)
const keyImport = (key: string): ImportRequest => ({ kind: 'private-key', key: utf8(key) })

/** A vault by node's OpenSSL, as `@metamask/browser-passworder` writes it. */
function metaMask(keyrings: unknown, iterations: number | null, word = 'their password'): ImportRequest {
  const [salt, iv] = [randomBytes(32), randomBytes(16)]
  const key = pbkdf2Sync(word, salt, iterations ?? 10_000, 32, 'sha256')
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const data = Buffer.concat([cipher.update(JSON.stringify(keyrings)), cipher.final(), cipher.getAuthTag()])
  const metadata = iterations === null ? {} : { keyMetadata: { algorithm: 'PBKDF2', params: { iterations } } }
  const vault = { data: data.toString('base64'), iv: iv.toString('base64'), salt: salt.toString('base64'), ...metadata }
  return { kind: 'metamask', file: utf8(JSON.stringify(vault)), password: utf8('their password') }
}

const codes = (text: string) => [...utf8(text)]
const hd = (mnemonic: unknown, numberOfAccounts = 1, more = {}) => ({
  type: 'HD Key Tree',
  data: { mnemonic, numberOfAccounts, hdPath: "m/44'/60'/0'/0", ...more },
})

async function imported(from: ImportRequest) {
  const t = await testWallet()
  const result = await t.wallet.facade.importWallet({ password: password(), from })
  return { ...t, state: t.state, result }
}

const refusal = async (from: ImportRequest) => {
  const t = await testWallet()
  const error = await t.wallet.facade.importWallet({ password: password(), from }).catch((caught: unknown) => caught)
  expect(t.state.phase).toBe('no-wallet')
  return (error as { problem?: { code: string; message: string } }).problem
}

describe('a phrase with a passphrase', () => {
  test('leads to the accounts that viem derives, also after locking and for further accounts', async () => {
    for (const passphrase of ['', 'TREZOR', 'Straße ﬁ Å']) {
      const t = await imported(phraseImport(PHRASE, passphrase))
      await t.wallet.facade.lock()
      await t.wallet.facade.unlock({ password: password() })
      await t.wallet.facade.addAccount({ name: 'Second' })
      expect(t.wallet.facade.state.accounts.map(({ checksummed }) => checksummed)).toEqual(
        [0, 1].map((addressIndex) => mnemonicToAccount(PHRASE, { passphrase, addressIndex }).address),
      )
    }
  })
})

describe('a private key', () => {
  test('alone makes a wallet, which says that it has no phrase', async () => {
    const from = keyImport(`  ${KEY}\n`)
    const { wallet, state } = await imported(from)
    expect(state.accounts).toMatchObject([{ id: 'eth-0-key', address: ADDRESS, path: null }])
    expect(state).toMatchObject({ hasPhrase: false, backedUp: true, selected: 'eth-0-key' })
    expect('key' in from && from.key.every((byte) => byte === 0)).toBe(true)
    await expect(wallet.facade.revealPhrase({ password: password() })).rejects.toMatchObject({
      problem: { code: 'NO_PHRASE' },
    })
    await expect(wallet.facade.addAccount({ name: 'x' })).rejects.toMatchObject({
      problem: { code: 'NOTHING_TO_DERIVE' },
    })
  })

  test('is added to a wallet, signs there, survives a lock and a backup', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const before = await facade.makeBackup({ password: password() })
    expect(await facade.checkBackup({ ...before, password: password() })).toBe(true)
    expect(t.state.drills.file).not.toBeNull()
    expect(await facade.importMore({ from: keyImport(OTHER_KEY) })).toEqual({ accounts: 1, left: [] })
    expect(t.state.accounts[1]).toMatchObject({ id: 'eth-1-key', address: OTHER_ADDRESS, name: 'Account 2' })
    // The older file lacks the key: it is no backup of this wallet any more.
    expect(t.state.drills.file).toBeNull()
    expect(await facade.checkBackup({ ...before, password: password() })).toBe(false)
    t.chain.accounts.set(OTHER_ADDRESS, { balance: 10n ** 18n, nonce: 0n })
    await facade.refresh()
    const { approvalId } = await facade.prepareSend({ accountId: 'eth-1-key', to: ADDRESS, value: 1n })
    const revision = t.state.approvals.find(({ id }) => id === approvalId)!.revision
    await facade.approve({ id: approvalId, revision })
    await until(() => t.chain.sent.length === 1, 'the transfer')
    await settle()
    for (const from of [keyImport(OTHER_KEY), keyImport(KEY), phraseImport(PHRASE)])
      await expect(facade.importMore({ from })).rejects.toMatchObject({ problem: { code: 'NOTHING_NEW' } })
    const { file } = await facade.makeBackup({ password: password() })
    const other = await testWallet()
    await other.wallet.facade.restoreBackup({ file, password: password() })
    expect(other.state.accounts.map(({ address }) => address)).toEqual([ADDRESS, OTHER_ADDRESS])
    expect(other.state).toMatchObject({ hasPhrase: true, backedUp: true })
    expect(other.state.drills.file).not.toBeNull()
    await facade.lock()
    const late = utf8('11'.repeat(32))
    await expect(facade.importMore({ from: { kind: 'private-key', key: late } })).rejects.toMatchObject({
      problem: { code: 'LOCKED' },
    })
    expect(late).toEqual(new Uint8Array(64))
  })

  test('that is none is refused without being repeated', async () => {
    const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'
    for (const bad of [
      '',
      '0x',
      '00'.repeat(32),
      order,
      `0x${order}`,
      KEY.slice(0, -1),
      `${KEY}0`,
      KEY.replace('a', 'g'),
    ]) {
      const problem = await refusal(keyImport(bad))
      expect(problem).toMatchObject({ code: 'INVALID_IMPORT' })
      if (bad.length > 8) expect(problem!.message).not.toContain(bad.slice(2, 8))
    }
  })

  describeVectors('of ethers', () => {
    test('has its address', () => {
      const cases = vectorJson<{ privateKey: string; address: string }[]>('wallet/ethers/accounts.json.gz')
      expect(cases.length).toBeGreaterThan(250)
      for (const { privateKey, address } of cases) {
        const key = readPrivateKey(utf8(privateKey), engines)
        expect(addressOf(engines.secp256k1.publicKey(key), engines.hashes.keccak256)).toBe(address.toLowerCase())
      }
    })
  })
})

describe('a vault of MetaMask', () => {
  test('old and new: phrases as text and as codes, several accounts, key pairs, and what cannot come along', async () => {
    const keyrings = (mnemonic: unknown) => [
      hd(mnemonic, 3),
      { type: 'Simple Key Pair', data: [OTHER_KEY, `0x${'22'.repeat(32)}`] },
      { type: 'Ledger Hardware', data: { hdPath: "m/44'/60'/0'" } },
      hd(codes('legal winner thank year wave sausage worth useful legal winner thank yellow'), 1, {
        hdPath: "m/44'/1'",
      }),
    ]
    for (const from of [metaMask(keyrings(PHRASE), null), metaMask(keyrings(codes(PHRASE)), 600_000)]) {
      const { result, state, wallet } = await imported(from)
      expect(result).toEqual({ accounts: 5, left: ['Ledger Hardware', 'HD Key Tree'] })
      expect(state.accounts.map(({ checksummed }) => checksummed).slice(0, 3)).toEqual(
        [0, 1, 2].map((addressIndex) => mnemonicToAccount(PHRASE, { addressIndex }).address),
      )
      expect(state.accounts[3]).toMatchObject({ address: OTHER_ADDRESS, id: 'eth-1-key', name: 'Account 4' })
      expect(await wallet.facade.revealPhrase({ password: password() })).toEqual({ phrase: utf8(PHRASE) })
    }
  })

  test('is found inside of what the browser stores', async () => {
    const from = metaMask([hd(PHRASE)], null)
    if (from.kind !== 'metamask') throw new Error('not MetaMask')
    const vault = new TextDecoder().decode(from.file)
    for (const around of [{ KeyringController: { vault } }, { data: { KeyringController: { vault } }, meta: {} }]) {
      const file = utf8(JSON.stringify(around))
      expect((await imported({ ...from, file, password: utf8('their password') })).state.accounts).toHaveLength(1)
    }
  })

  test('that is damaged, costly or empty is refused by name', async () => {
    expect(await refusal(metaMask([hd(PHRASE)], 10, 'another'))).toMatchObject({ code: 'WRONG_IMPORT_PASSWORD' })
    expect(await refusal({ ...metaMask([], 10), file: utf8(huge) } as ImportRequest)).toMatchObject({
      code: 'IMPORT_TOO_COSTLY',
    })
    for (const [keyrings, code] of [
      [{}, 'INVALID_IMPORT'],
      [[], 'INVALID_IMPORT'],
      [[{ type: 'Snap Keyring', data: {} }], 'INVALID_IMPORT'],
      [[hd(7)], 'INVALID_IMPORT'],
      [[hd(PHRASE, 101)], 'IMPORT_TOO_COSTLY'],
      [[hd(`${PHRASE} junk`)], 'INVALID_PHRASE'],
      [[{ type: 'Simple Key Pair', data: ['00'] }], 'INVALID_IMPORT'],
      [[hd(PHRASE, 100), { type: 'Simple Key Pair', data: [OTHER_KEY] }], 'TOO_MANY_ACCOUNTS'],
    ] as const)
      expect(await refusal(metaMask(keyrings, 10))).toMatchObject({ code })
  })

  test('any JSON at all gives a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        const from: ImportRequest = { kind: 'metamask', file: utf8(json), password: utf8('x') }
        expect(await refusal(from)).toMatchObject({ code: 'INVALID_IMPORT' })
      }),
      { numRuns: 30 },
    )
  })
})

describe('shares of SLIP-39', () => {
  const SECRET = Array.from({ length: 32 }, (_, i) => i * 7)
  const made = (): string[] =>
    slip39
      .fromArray(SECRET, { passphrase: 'pass', threshold: 1, groups: [[2, 3]], extendableBackupFlag: 1 })
      .fromPath('r/0').mnemonics
  const shares = (...lines: string[]): ImportRequest => ({
    kind: 'slip39',
    shares: readShares(lines.join('\n')),
    passphrase: utf8('pass'),
  })

  test('lead to the accounts of their master secret, also after locking, and are wiped', async () => {
    const [one, , three] = made() as [string, string, string]
    const from = shares(three, one)
    const t = await imported(from)
    expect('shares' in from && from.shares.flatMap((share) => [...share]).every((byte) => byte === 0)).toBe(true)
    expect(t.state).toMatchObject({ hasPhrase: false })
    await t.wallet.facade.lock()
    await t.wallet.facade.unlock({ password: password() })
    await t.wallet.facade.addAccount({ name: 'Second' })
    const seed = HDKey.fromMasterSeed(Uint8Array.from(SECRET))
    expect(t.wallet.facade.state.accounts.map(({ checksummed }) => checksummed)).toEqual(
      [0, 1].map((addressIndex) => hdKeyToAccount(seed, { addressIndex }).address),
    )
  })

  test('too few, mixed or none make no wallet', async () => {
    const [[one], [other]] = [made(), made()] as [[string], [string]]
    for (const lines of [[one], [one, other], []])
      expect(await refusal(shares(...lines))).toMatchObject({ code: 'INVALID_IMPORT' })
  })
})

const huge = JSON.stringify({
  data: 'AAAA',
  iv: 'AAAAAAAAAAAAAAAAAAAAAA==',
  salt: 'AAAA',
  keyMetadata: { algorithm: 'PBKDF2', params: { iterations: 1e12 } },
})

test('requests of no known kind, or without their bytes, are refused', async () => {
  for (const bad of [
    null,
    {},
    { kind: 'seed' },
    { kind: 'private-key' },
    { kind: 'phrase', phrase: utf8(PHRASE) },
    { kind: 'phrase', phrase: PHRASE, passphrase: new Uint8Array(0) },
    { kind: 'slip39', shares: ['words'] },
  ])
    expect(await refusal(bad as unknown as ImportRequest)).toMatchObject({ code: 'INVALID_IMPORT' })
})
