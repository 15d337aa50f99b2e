import { DEV_PACK_SEED, type PackPayload, packKeyOf, signPack } from '@glowworm/devnet/packs/sign-pack'
import { loadBelongings } from '@glowworm/wallet-core/host/load-belongings'
import { webVerifyEd25519 } from '@glowworm/wallet-core/infrastructure/web-crypto'
import { listsHost, readPack } from '@glowworm/wallet-core/packs/pack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHOICES, fundedWallet, settle, testWallet } from '../../wallet-core/test/wallet.ts'

const NOW = 1_700_000_000_000
const DAY = 86_400_000
const KEY = packKeyOf(DEV_PACK_SEED)
const keyBytes = new Uint8Array(Buffer.from(KEY.slice(2), 'hex'))
const payload = (change: Partial<PackPayload> = {}): PackPayload => ({
  kind: 'phishing',
  version: 3,
  issuedAt: NOW - DAY,
  expiresAt: NOW + DAY,
  entries: ['evil.example', 'xn--80ak6aa92e.com'],
  ...change,
})
const network = {
  name: 'fake',
  chainId: 1337,
  identity: '1337-fake',
  symbol: 'ETH',
  checkpoint: null,
  choices: CHOICES,
}

describe('a pack', () => {
  it('is read when it is signed', async () => {
    expect(await readPack(signPack(payload()), keyBytes, webVerifyEd25519)).toEqual(payload())
  })

  it('with any byte changed is refused', async () => {
    const good = signPack(payload())
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bad = good.slice()
        bad[at]! ^= change
        await expect(readPack(bad, keyBytes, webVerifyEd25519)).rejects.toMatchObject({
          code: expect.stringMatching(/^(INVALID_PACK|PACK_NOT_SIGNED)$/),
        })
      }),
      { numRuns: 60 },
    )
    for (const length of [0, 7, 8, 72, good.length - 1])
      await expect(readPack(good.slice(0, length), keyBytes, webVerifyEd25519)).rejects.toThrow()
  })

  it('of another key is refused', async () => {
    const other = signPack(payload(), new Uint8Array(32).fill(7))
    await expect(readPack(other, keyBytes, webVerifyEd25519)).rejects.toMatchObject({ code: 'PACK_NOT_SIGNED' })
  })

  it.each([
    [{ kind: 'other' }],
    [{ version: 0 }],
    [{ version: 1.5 }],
    [{ expiresAt: NOW - 2 * DAY }],
    [{ entries: ['Evil.Example'] }],
    [{ entries: ['com'] }],
    [{ entries: [7] }],
    [{ kind: 'tokens', entries: [{ chainId: 1, address: `0x${'AB'.repeat(20)}`, symbol: 'A' }] }],
    [{ kind: 'tokens', entries: [{ chainId: 1, address: `0x${'ab'.repeat(20)}`, symbol: '\u202eA' }] }],
    [{ kind: 'descriptors', entries: [{ display: {} }] }],
    [{ kind: 'forks', entries: [{ chainId: 1, name: 'x y', at: 5 }] }],
    [{ entries: new Array(200_001).fill('a.example') }],
  ] as [Partial<PackPayload>][])('that says %j is refused although it is signed', async (change) => {
    await expect(readPack(signPack(payload(change)), keyBytes, webVerifyEd25519)).rejects.toMatchObject({
      kind: 'usage',
    })
  })

  it('names hosts and what is below them, and nothing else', () => {
    const list = new Set(['evil.example'])
    expect(listsHost(list, 'evil.example')).toBe(true)
    expect(listsHost(list, 'a.b.evil.example')).toBe(true)
    for (const host of ['evil.example.', 'a.evil.example.']) expect(listsHost(list, host)).toBe(true)
    for (const host of ['notevil.example', 'example', 'evil.example.org', 'evil.example..', '', '.'])
      expect(listsHost(list, host)).toBe(false)
  })
})

describe('a wallet', () => {
  const withPacks = () => fundedWallet({ loadBelongings, network: { ...network, packKey: KEY } })

  it('takes a pack, keeps it over a restart, and takes nothing older again', async () => {
    const t = await withPacks()
    const { facade } = t.wallet
    expect(await facade.installPack({ file: signPack(payload()) })).toEqual({ kind: 'phishing', version: 3 })
    expect(facade.state.belongings.lists.packs).toMatchObject([{ kind: 'phishing', version: 3, entries: 2 }])
    await expect(facade.installPack({ file: signPack(payload({ version: 2 })) })).rejects.toMatchObject({
      problem: { code: 'OLDER_PACK' },
    })
    await t.ports.store.remove('pack-phishing')
    const again = await t.reborn()
    await settle()
    await expect(again.facade.installPack({ file: signPack(payload({ version: 2 })) })).rejects.toMatchObject({
      problem: { code: 'OLDER_PACK' },
    })
    await again.facade.installPack({ file: signPack(payload({ version: 4 })) })
    const third = await t.reborn()
    await settle()
    await third.facade.refresh()
    await settle()
    expect(third.facade.state.belongings.lists.packs).toMatchObject([{ version: 4 }])
  })

  it('warns of a connected site on the list', async () => {
    const t = await withPacks()
    const { facade } = t.wallet
    await facade.installPack({ file: signPack(payload()) })
    void t.wallet.provider
      .handle({ origin: 'https://pay.evil.example', method: 'eth_requestAccounts', params: [] } as never)
      .catch(() => undefined)
    await settle()
    expect(facade.state.belongings.lists.warnedSites).toEqual(['https://pay.evil.example'])
  })

  it.each([
    ['expired', payload({ issuedAt: 5, expiresAt: 6 }), 'PACK_EXPIRED'],
    ['of nonsense', payload({ kind: 'nonsense' }), 'INVALID_PACK'],
  ] as const)('refuses one that is %s', async (_, content, code) => {
    const t = await withPacks()
    await expect(t.wallet.facade.installPack({ file: signPack(content) })).rejects.toMatchObject({ problem: { code } })
    expect(t.state.belongings.lists.packs).toEqual([])
  })

  it('without a key believes none', async () => {
    const t = await fundedWallet({ loadBelongings })
    await expect(t.wallet.facade.installPack({ file: signPack(payload()) })).rejects.toMatchObject({
      problem: { code: 'NO_PACK_KEY' },
    })
  })

  it('that cannot load what reads tokens says so', async () => {
    const t = await testWallet()
    await t.wallet.facade.create({ password: new TextEncoder().encode('correct horse battery'), words: 12 })
    await expect(t.wallet.facade.installPack({ file: signPack(payload()) })).rejects.toMatchObject({
      problem: { code: 'BELONGINGS_UNAVAILABLE' },
    })
  })
})
