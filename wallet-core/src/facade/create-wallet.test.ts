import { expect, test } from 'vitest'
import { ADDRESS, fundedWallet, PASSWORD, PHRASE, phraseImport, testWallet, until, utf8 } from '../../test/wallet.ts'

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const password = () => utf8(PASSWORD)

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('create, back up, lock, unlock', async () => {
  let forgotten = 0
  const t = await testWallet({
    async forgetEvidence() {
      forgotten++
    },
  })
  expect(t.state.phase).toBe('no-wallet')
  const typed = password()
  const { phrase } = await t.wallet.facade.create({ password: typed, words: 12 })
  expect(typed.every((byte) => byte === 0)).toBe(true)
  expect(t.state.phase).toBe('unlocked')
  expect(t.state.accounts[0]).toMatchObject({ path: "m/44'/60'/0'/0/0", name: 'Account 1' })
  const words = text(phrase).split(' ')
  expect(words).toHaveLength(12)
  expect(t.state.backedUp).toBe(false)
  const positions = [0, 5, 11]
  const drill = (...typed: (string | undefined)[]) => {
    const lent = typed.map((word) => utf8(word ?? ''))
    const answer = t.wallet.facade.confirmBackup({ positions, words: lent })
    return answer.finally(() => expect(lent.every((word) => word.every((byte) => byte === 0))).toBe(true))
  }
  for (const wrong of ['zebra!', '', `${words[11]} ${words[11]}`, `${words[11]}\0`, words[11]?.slice(0, -1)])
    expect(await drill(words[0], words[5], wrong)).toBe(words[11] === wrong)
  await expect(drill(words[0], words[5])).rejects.toMatchObject({ problem: { code: 'INVALID_DRILL' } })
  expect(t.state.backedUp).toBe(false)
  expect(await drill(words[0], ` ${words[5]}\n`, words[11]?.toUpperCase())).toBe(true)
  expect(t.state.backedUp).toBe(true)
  await t.wallet.facade.lock()
  expect(t.state).toMatchObject({ phase: 'locked', accounts: [], activity: [], sites: [], selected: null })
  await expect(t.wallet.facade.unlock({ password: utf8('wrong password') })).rejects.toMatchObject({
    problem: { code: 'WRONG_PASSWORD' },
  })
  await t.wallet.facade.unlock({ password: password() })
  expect(t.state.backedUp).toBe(true)
  await expect(t.wallet.facade.create({ password: password(), words: 12 })).rejects.toMatchObject({
    problem: { code: 'WALLET_EXISTS' },
  })
  expect(await t.wallet.facade.revealPhrase({ password: password() })).toEqual({ phrase })
  expect(forgotten).toBe(0)
  await t.wallet.facade.erase()
  // Whose accounts they were stands in what was kept of them.
  expect(forgotten).toBe(1)
  expect(t.state).toMatchObject({ phase: 'no-wallet', sourcesChosen: false })
})

test('a malformed phrase is refused and leaves nothing behind', async () => {
  const t = await testWallet()
  const phrase = PHRASE.replace('junk', 'test')
  await expect(
    t.wallet.facade.importWallet({ password: password(), from: phraseImport(phrase) }),
  ).rejects.toMatchObject({
    problem: { code: 'INVALID_PHRASE', message: expect.stringContaining('checksum') },
  })
  expect(t.state.phase).toBe('no-wallet')
  await expect(
    t.wallet.facade.importWallet({ password: utf8('short'), from: phraseImport(PHRASE) }),
  ).rejects.toMatchObject({
    problem: { code: 'WEAK_PASSWORD' },
  })
  expect(t.state.phase).toBe('no-wallet')
})

test('the password can be changed', async () => {
  const t = await fundedWallet()
  const { facade } = t.wallet
  await expect(
    facade.changePassword({ current: utf8('wrong password'), next: utf8('another one') }),
  ).rejects.toMatchObject({ problem: { code: 'WRONG_PASSWORD' } })
  await facade.changePassword({ current: password(), next: utf8('another one') })
  await facade.addAccount({ name: 'Second' })
  expect((await t.reborn()).facade.state.accounts).toHaveLength(2)
  await facade.lock()
  await expect(facade.unlock({ password: password() })).rejects.toMatchObject({ problem: { code: 'WRONG_PASSWORD' } })
  await facade.unlock({ password: utf8('another one') })
  expect(t.state.accounts.map(({ name }) => name)).toEqual(['Account 1', 'Second'])
  expect(await facade.revealPhrase({ password: utf8('another one') })).toEqual({ phrase: utf8(PHRASE) })
})

test('accounts are added, renamed and selected', async () => {
  const t = await fundedWallet()
  const { facade } = t.wallet
  await facade.addAccount({ name: ' Savings ' })
  const second = t.state.accounts[1]!
  expect(second).toMatchObject({ name: 'Savings', checksummed: TO, path: "m/44'/60'/0'/0/1" })
  await facade.select({ id: second.id })
  expect(t.state.selected).toBe(second.id)
  await facade.renameAccount({ id: second.id, name: 'Rainy days' })
  expect(t.state.accounts[1]!.name).toBe('Rainy days')
  await expect(facade.select({ id: 'eth-9' })).rejects.toMatchObject({ problem: { code: 'UNKNOWN_ACCOUNT' } })
  await expect(facade.addAccount({ name: '   ' })).rejects.toMatchObject({ problem: { code: 'INVALID_NAME' } })
})

test('tells the light client which addresses to keep apart, and how to ask', async () => {
  const t = await fundedWallet()
  const { facade } = t.wallet
  await facade.addAccount({ name: 'Second' })
  await until(() => t.chain.apart.length === 2, 'two to keep apart')
  expect(t.chain.apart).toEqual(t.state.accounts.map(({ address }) => address))
  expect([t.state.padding, t.chain.padding]).toEqual(['off', 'off'])
  await facade.setPadding({ on: true })
  expect([t.state.padding, t.chain.padding]).toEqual(['on', 'on'])
  t.chain.padding = 'off'
  // another client, the same wish
  const again = await t.reborn()
  await until(() => again.facade.state.padding === 'on', 'the wish')
  await facade.erase()
  expect(t.state.padding).toBe('off')
})

test('says in whose one hand all news was, and nothing when there were several', async () => {
  const t = await fundedWallet()
  expect(t.state.diversity).toEqual({ state: 'several' })
  const seen = (origin: string) => {
    t.chain.diversity = { state: 'single', origin }
    t.chain.advance(20n)
    return t.state.diversity
  }
  expect(seen('bridge:12D3KooWQYhT')).toEqual({ state: 'single', hand: 'bridge', name: '12D3…QYhT' })
  expect(seen('ip6:2001:db8:1::/48')).toEqual({ state: 'single', hand: 'network', name: '2001:db8:1::/48' })
  expect(seen('name:example.org')).toEqual({ state: 'single', hand: 'operator', name: 'example.org' })
  expect(seen('unknown')).toEqual({ state: 'single', hand: 'unplaced', name: '' })
})

test('locks by itself when nobody uses it, and not before', async () => {
  const t = await fundedWallet()
  await t.wallet.facade.setAutoLock({ minutes: 5 })
  await t.clock.pass(4 * 60_000)
  await t.wallet.facade.select({ id: 'eth-0' })
  await t.clock.pass(4 * 60_000)
  expect(t.state.phase).toBe('unlocked')
  await t.clock.pass(61_000)
  await until(() => t.state.phase === 'locked', 'the lock')
  await expect(t.wallet.facade.setAutoLock({ minutes: 0 })).rejects.toMatchObject({
    problem: { code: 'LOCKED' },
  })
})

test('survives the death of its worker, not the lock or the deadline', async () => {
  const t = await fundedWallet()
  const second = await t.reborn()
  expect(second.facade.state.phase).toBe('unlocked')
  expect(second.facade.state.accounts[0]!.address).toBe(ADDRESS)
  await second.facade.lock()
  expect((await t.reborn()).facade.state.phase).toBe('locked')
  const again = await t.reborn()
  await again.facade.unlock({ password: password() })
  await t.clock.pass(15 * 60_000)
  expect((await t.reborn()).facade.state.phase).toBe('locked')
})
