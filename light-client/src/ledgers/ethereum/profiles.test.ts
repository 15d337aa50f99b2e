import { nobleEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../data/hex.ts'
import { weakSubjectivityDays } from './consensus.ts'
import { compute_fork_digest, slotAt, slotsPerPeriod, timeOfSlot } from './forks.ts'
import { PROFILES } from './profiles.ts'

const { hashes } = nobleEngines()

describe('bundled networks', () => {
  it.each(Object.keys(PROFILES))('%s bears its own name and asks nobody by itself', (name) => {
    const profile = PROFILES[name]!
    expect(profile.name).toBe(name)
    expect(profile.sources).toEqual({ beacon: [], execution: [], peers: [] })
    expect(profile.checkpoint).toBeUndefined()
  })

  it('start their forks when the networks did', () => {
    const startOf = (name: string, fork: string) => {
      const profile = PROFILES[name]!
      const { epoch } = profile.forks.find((one) => one.name === fork)!
      return new Date(timeOfSlot(profile, epoch * profile.preset.SLOTS_PER_EPOCH)).toISOString()
    }
    expect(startOf('mainnet', 'fulu')).toBe('2025-12-03T21:49:11.000Z')
    expect(startOf('hoodi', 'fulu')).toBe('2025-10-28T18:53:12.000Z')
    expect(startOf('gnosis', 'electra')).toBe('2025-04-30T14:03:40.000Z')
    expect(startOf('gnosis', 'fulu')).toBe('2026-04-14T12:06:20.000Z')
  })

  it('change their digest with the blob schedule, except where there is none', () => {
    const digest = (name: string, epoch: number) => toHex(compute_fork_digest(PROFILES[name]!, epoch, hashes))
    expect(digest('mainnet', 419_072)).toBe('0x8c9f62fe')
    expect(digest('mainnet', 412_672)).toBe('0xcb0d1acc')
    expect(digest('hoodi', 50_688)).not.toBe(digest('hoodi', 52_480))
    expect(digest('gnosis', 1_714_688)).toBe(digest('gnosis', 2_000_000))
    expect(digest('gnosis', 1_714_687)).not.toBe(digest('gnosis', 1_714_688))
  })

  it('gnosis has its own preset and a short safe age, for its validators may leave within hours', () => {
    const profile = PROFILES.gnosis!
    expect(slotsPerPeriod(profile)).toBe(8192)
    expect(slotAt(profile, timeOfSlot(profile, 12_345))).toBe(12_345)
    expect(profile.maxCheckpointAgeDays).toBeLessThan(0.5)
    expect(weakSubjectivityDays(PROFILES.sepolia!, 353_024 * 32)).toBe(7)
  })
})
