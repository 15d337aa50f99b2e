import type { Hex } from '@glowworm/light-client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ADDRESS, engines, fundedWallet, PASSWORD, utf8 } from '../../test/wallet.ts'
import { tokenMoveIn, transferCall } from '../assets/transfer-call.ts'
import { looksLike } from './look-alike.ts'

const FRIEND = '0x52908400098527886E0F7030069857D2E4169EE7'
const LIKE_FRIEND = `0x5290${'0'.repeat(32)}9ee7`
const { keccak256 } = engines.hashes
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)

describe('the address book', () => {
  it('adds, renames and removes', async () => {
    const { wallet } = await fundedWallet()
    const { facade } = wallet
    await facade.addContact({ name: ' Friend ', address: FRIEND, despite: false })
    expect(facade.state.contacts).toMatchObject([
      { name: 'Friend', address: FRIEND.toLowerCase(), checksummed: FRIEND },
    ])
    const { id } = facade.state.contacts[0]!
    await facade.renameContact({ id, name: 'Old friend' })
    expect(facade.state.contacts[0]!.name).toBe('Old friend')
    await facade.removeContact({ id })
    expect(facade.state.contacts).toEqual([])
    await expect(facade.removeContact({ id })).rejects.toMatchObject({ problem: { code: 'UNKNOWN_CONTACT' } })
  })

  it.each([
    ['a name without letters', ' ', FRIEND, 'INVALID_NAME'],
    ['a wrong checksum', 'B', FRIEND.replace('E', 'e'), 'INVALID_ADDRESS'],
    ['the same address', 'B', FRIEND, 'CONTACT_EXISTS'],
    ['a name that looks the same', 'ＦRIEND', `0x${'12'.repeat(20)}`, 'CONTACT_EXISTS'],
    ['an address that looks like it', 'B', LIKE_FRIEND, 'LOOKS_LIKE_KNOWN'],
    [
      'an address that looks like an own one',
      'B',
      `${ADDRESS.slice(0, 6)}${'0'.repeat(32)}${ADDRESS.slice(-4)}`,
      'LOOKS_LIKE_KNOWN',
    ],
  ])('refuses %s', async (_, name, to, code) => {
    const { wallet } = await fundedWallet()
    await wallet.facade.addContact({ name: 'Friend', address: FRIEND, despite: false })
    await expect(wallet.facade.addContact({ name, address: to, despite: false })).rejects.toMatchObject({
      problem: { code },
    })
    expect(wallet.facade.state.contacts).toHaveLength(1)
  })

  it('takes one that looks like another when it is told to, and warns when it is sent to', async () => {
    const { wallet } = await fundedWallet()
    await wallet.facade.addContact({ name: 'Friend', address: FRIEND, despite: false })
    await wallet.facade.addContact({ name: 'Twin', address: LIKE_FRIEND, despite: true })
    expect(await wallet.facade.lookAtRecipient({ address: LIKE_FRIEND })).toMatchObject({
      known: 'contact',
      name: 'Twin',
      warnings: [{ code: 'looks-like', about: FRIEND.toLowerCase(), name: 'Friend' }],
    })
  })
})

it('addresses look alike when both ends fit, in either order, and never like themselves', () => {
  fc.assert(
    fc.property(address, address, (a, b) => {
      expect(looksLike(a, a)).toBe(false)
      expect(looksLike(a, b)).toBe(looksLike(b, a))
      const twin: Hex = `0x${a.slice(2, 6)}${b.slice(6, 38)}${a.slice(-4)}`
      expect(looksLike(a, twin)).toBe(a !== twin)
    }),
  )
})

it('a transfer is read as it was written', () => {
  const standard = fc.constantFrom('erc20' as const, 'erc721' as const, 'erc1155' as const)
  const number = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
  fc.assert(
    fc.property(standard, address, address, address, number, number, (kind, contract, from, to, item, many) => {
      const id = kind === 'erc20' ? null : item
      const amount = kind === 'erc721' ? 1n : many
      const data = transferCall({ standard: kind, id }, { from, to, amount }, keccak256)
      expect(tokenMoveIn(contract, data)).toEqual({ contract, recipient: to, id, amount })
      expect(tokenMoveIn(contract, data.slice(0, 60) as Hex)).toBeNull()
    }),
  )
})

describe('spending limits', () => {
  const limit = (most: bigint, per: 'transaction' | number) => ({ asset: 'native' as const, most, per })

  it('refuse what is above, for the owner too, and take the password to change', async () => {
    const { wallet } = await fundedWallet()
    const { facade } = wallet
    const set = (most: bigint) => facade.setSpendingLimits({ limits: [limit(most, 86_400)], password: utf8(PASSWORD) })
    await expect(facade.setSpendingLimits({ limits: [], password: utf8('not that one') })).rejects.toMatchObject({
      problem: { code: 'WRONG_PASSWORD' },
    })
    await set(10n ** 18n)
    const send = (value: bigint) => facade.prepareSend({ accountId: 'eth-0', to: FRIEND, value })
    await expect(send(2n * 10n ** 18n)).rejects.toMatchObject({ problem: { code: 'ABOVE_OWN_LIMIT' } })
    expect(facade.state.approvals).toEqual([])
    const { approvalId: id } = await send(6n * 10n ** 17n)
    await facade.approve({ id, revision: facade.state.approvals[0]!.revision })
    await expect(send(6n * 10n ** 17n)).rejects.toMatchObject({ problem: { code: 'ABOVE_OWN_LIMIT' } })
    await set(3n * 10n ** 18n)
    await send(6n * 10n ** 17n)
    // What waits is judged anew when the limit comes down.
    await set(10n ** 17n)
    expect(facade.state.approvals).toEqual([])
  })

  it('that are no limits are refused by their field', async () => {
    const { wallet } = await fundedWallet()
    const bad = wallet.facade.setSpendingLimits({ limits: [limit(1n, -5)], password: utf8(PASSWORD) })
    await expect(bad).rejects.toMatchObject({ problem: { code: 'INVALID_POLICY' } })
  })
})
