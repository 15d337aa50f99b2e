import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { expect, it } from 'vitest'
import { chooseOffer, enteredOnly, isChosen, offersFor } from './directory.ts'
import { checkSource } from './source-address.ts'

const offers = offersFor(1, [])

it('every address is one that could be entered, over TLS, and named once', () => {
  for (const { chainId } of Object.values(PROFILES)) {
    const listed = offersFor(chainId, [])
    for (const { kind, address } of listed) {
      expect(checkSource(kind, address, [])).toEqual({ ok: true, address })
      expect(address).toMatch(/^https:/)
    }
    expect(new Set(listed.map(({ kind, address }) => `${kind} ${address}`)).size).toBe(listed.length)
  }
})

it('mainnet and Sepolia have operators enough to agree with each other', () => {
  for (const chainId of [1, 11_155_111])
    expect(
      new Set(offersFor(chainId, []).flatMap(({ kind, operator }) => (kind === 'beacon' ? [operator] : []))).size,
    ).toBeGreaterThanOrEqual(2)
  expect(offersFor(1337, [])).toEqual([])
})

it('is chosen like an entered source and forgotten when it is not; others stay', () => {
  const own = { kind: 'beacon', address: 'https://own.example', chosen: true, bundled: false } as const
  const chosen = chooseOffer([own], offers[0]!, true)
  expect(isChosen(chosen, offers[0]!)).toBe(true)
  expect(chooseOffer(chosen, offers[0]!, true)).toHaveLength(2)
  expect(enteredOnly(chosen, offers)).toEqual([own])
  expect(chooseOffer(chosen, offers[0]!, false)).toEqual([own])
})

it('what came with the profile is not offered again', () => {
  const bundled = { kind: 'beacon', address: offers[0]!.address, chosen: false, bundled: true } as const
  expect(offersFor(1, [bundled])).toEqual(offers.slice(1))
})
