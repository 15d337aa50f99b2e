import { describe, expect, it } from 'vitest'
import { bytesOf, type ForkSchedule, forkDigest, hexOf, parseForks, scheduleForks } from './forks.ts'

/** The mainnet schedule; digests computed independently and seen in real data. */
const MAINNET: ForkSchedule = {
  genesisValidatorsRoot: bytesOf('0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95'),
  forks: [
    { name: 'altair', epoch: 74240, version: '0x01000000' },
    { name: 'deneb', epoch: 269568, version: '0x04000000' },
    { name: 'electra', epoch: 364032, version: '0x05000000' },
    { name: 'fulu', epoch: 411392, version: '0x06000000' },
  ],
  blobSchedule: [
    { epoch: 412672, maxBlobs: 15 },
    { epoch: 419072, maxBlobs: 21 },
  ],
}

describe('fork digests', () => {
  it.each([
    [269568, '0x6a95a1a9'],
    [364032, '0xad532ceb'],
    [411392, '0xcc2c5cdb'],
    [412672, '0xcb0d1acc'],
    [419072, '0x8c9f62fe'],
  ])('at mainnet epoch %i is %s', (epoch, digest) => {
    expect(hexOf(forkDigest(MAINNET, epoch))).toBe(digest)
  })
})

describe('schedules', () => {
  it('activate forks that are not named together with the next named one', () => {
    const forks = scheduleForks({ capella: 0, electra: 4 })
    expect(forks.map(({ name, epoch }) => `${name}:${epoch}`).join()).toBe(
      'altair:0,bellatrix:0,capella:0,deneb:4,electra:4',
    )
    expect(forks.at(-1)?.version).toBe('0x05000001')
  })

  it('are read from text, and refused with a reason', () => {
    expect(parseForks('electra:0,fulu:30')).toEqual({ electra: 0, fulu: 30 })
    for (const wrong of ['electra:1', 'phase0:0', 'electra', 'deneb:0,capella:3', ''])
      expect(() => parseForks(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})
