/** The store is emptied under the wallet: by a person, a browser that needs room, another program. */
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { expect, test } from 'vitest'
import { CHOICES, fundedWallet, PASSWORD, PHRASE, phraseImport, settle, testWallet, utf8 } from '../../test/wallet.ts'
import type { ByteStore } from '../ports.ts'

const password = () => utf8(PASSWORD)
const GONE = { problem: { code: 'VAULT_GONE', kind: 'storage' } }

/** A store that somebody can empty. */
function clearedAtWill() {
  let inner = memoryStore()
  let full = false
  const store: ByteStore = {
    read: (key) => inner.read(key),
    write: (key, value) => (full ? Promise.reject(new Error('no room')) : inner.write(key, value)),
    remove: (key) => inner.remove(key),
  }
  return {
    store,
    clear() {
      inner = memoryStore()
    },
    fill(now: boolean) {
      full = now
    },
  }
}

test('nothing is done that would be lost, and the wallet is stored again as it was, with its sources', async () => {
  const { store, clear, fill } = clearedAtWill()
  const t = await fundedWallet({ store })
  const { facade } = t.wallet
  await facade.addAccount({ name: 'Second' })
  await settle()
  const namesNow = () => t.wallet.facade.state.accounts.map(({ name, balance }) => [name, balance.kind])
  const before = namesNow()
  clear()
  await expect(facade.addAccount({ name: 'Third' })).rejects.toMatchObject(GONE)
  expect(t.state).toMatchObject({ phase: 'unlocked', vaultGone: true })
  expect(namesNow()).toEqual(before)
  await expect(facade.revealPhrase({ password: password() })).rejects.toMatchObject(GONE)
  await expect(facade.changePassword({ current: password(), next: utf8('another one') })).rejects.toMatchObject(GONE)
  // Nor does another wallet take its place.
  await expect(facade.create({ password: password(), words: 12 })).rejects.toMatchObject({
    problem: { code: 'WALLET_EXISTS' },
  })
  fill(true)
  await expect(facade.putVaultBack()).rejects.toMatchObject({ problem: { code: 'VAULT_NOT_WRITTEN' } })
  expect(t.state.vaultGone).toBe(true)
  fill(false)
  await facade.putVaultBack()
  expect(t.state.vaultGone).toBe(false)
  await facade.addAccount({ name: 'Third' })
  await facade.lock()
  const again = await t.reborn()
  expect(again.facade.state).toMatchObject({ phase: 'locked', sourcesChosen: true, choices: CHOICES, vaultGone: false })
  await again.facade.unlock({ password: password() })
  expect(again.facade.state.accounts.map(({ name }) => name)).toEqual(['Account 1', 'Second', 'Third'])
  expect(await again.facade.revealPhrase({ password: password() })).toEqual({ phrase: utf8(PHRASE) })
})

test('a backup file is made of what is in memory, and brings it back elsewhere', async () => {
  const { store, clear } = clearedAtWill()
  const t = await fundedWallet({ store })
  clear()
  await expect(t.wallet.facade.makeBackup({ password: utf8('not this one') })).rejects.toMatchObject({
    problem: { code: 'WRONG_PASSWORD' },
  })
  const { file } = await t.wallet.facade.makeBackup({ password: password() })
  expect(t.state.vaultGone).toBe(true)
  const other = await testWallet()
  await other.wallet.facade.restoreBackup({ file, password: password() })
  expect(await other.wallet.facade.revealPhrase({ password: password() })).toEqual({ phrase: utf8(PHRASE) })
})

test('it is seen with the next head, without anybody doing something', async () => {
  const { store, clear } = clearedAtWill()
  const t = await fundedWallet({ store })
  clear()
  expect(t.state.vaultGone).toBe(false)
  await t.wallet.facade.refresh()
  await settle()
  expect(t.state.vaultGone).toBe(true)
})

test('a locked wallet says so when it shall be unlocked, and opens once it is stored again', async () => {
  const { store, clear } = clearedAtWill()
  const t = await testWallet({ store })
  await t.wallet.facade.importWallet({ password: password(), from: phraseImport(PHRASE) })
  await t.wallet.facade.lock()
  clear()
  await expect(t.wallet.facade.unlock({ password: password() })).rejects.toMatchObject(GONE)
  expect(t.state).toMatchObject({ phase: 'locked', vaultGone: true })
  await t.wallet.facade.putVaultBack()
  await t.wallet.facade.unlock({ password: password() })
  expect(t.state).toMatchObject({ phase: 'unlocked', vaultGone: false })
})

test('erasing it is no loss, and is never undone', async () => {
  const { store, clear } = clearedAtWill()
  const t = await fundedWallet({ store })
  clear()
  await t.wallet.facade.refresh()
  await t.wallet.facade.erase()
  expect(t.state).toMatchObject({ phase: 'no-wallet', vaultGone: false })
  await t.wallet.facade.putVaultBack()
  expect(await store.read('vault')).toBeNull()
})
