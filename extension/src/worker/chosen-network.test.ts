import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { expect, test } from 'vitest'
import { chosenNetwork } from './chosen-network.ts'

function setUp(entries: Record<string, string> = {}) {
  const kept = new Map(Object.entries(entries))
  const network = chosenNetwork({
    get: async (key) => kept.get(key) ?? null,
    set: async (key, value) => void kept.set(key, value),
    remove: async (key) => void kept.delete(key),
  })
  return { network, kept }
}

test('nothing is chosen at first; what was chosen is read again', async () => {
  const { network } = setUp()
  expect(await network.read()).toBeNull()
  await network.choose(JSON.stringify(PROFILES.sepolia))
  expect(await network.read()).toEqual(PROFILES.sepolia)
})

test('what is no profile is refused and leaves the choice as it was', async () => {
  const { network, kept } = setUp()
  await network.choose(JSON.stringify(PROFILES.mainnet))
  await expect(network.choose('<html>')).rejects.toMatchObject({ code: 'UNREADABLE_PROFILE' })
  await expect(network.choose(`"${'a'.repeat(300_000)}"`)).rejects.toMatchObject({ code: 'UNREADABLE_PROFILE' })
  await expect(network.choose('{"name":"x","family":"other"}')).rejects.toMatchObject({ kind: 'usage' })
  expect(kept.size).toBe(1)
  expect((await network.read())?.name).toBe(PROFILES.mainnet?.name)
})

test('a damaged choice is no choice', async () => {
  expect(await setUp({ 'network-profile': '{"half' }).network.read()).toBeNull()
})
