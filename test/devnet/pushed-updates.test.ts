/** Updates that strangers push: replayed, early, malformed, of other forks and networks. None moves the head; honest ones still do. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { createLightClient, type EvidenceSource, type LightClient } from '@glowworm/light-client'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import type { UpdateKind } from '@glowworm/light-client/network/libp2p/gossip'
import { loadEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const engines = await loadEngines()
const signal = new AbortController().signal
const KINDS: readonly UpdateKind[] = ['finality_update', 'optimistic_update']

let devnet: Devnet
let beacon: EvidenceSource
let client: LightClient
/** How far the client's clock is behind the network's, in ms. */
let behind = 0

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
  const { profile } = devnet
  beacon = beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp })
  // It can catch up by itself; after that it hears only what is pushed.
  let heard = 0
  const once: EvidenceSource = {
    ...beacon,
    serves: (type) => beacon.serves(type) && (!KINDS.includes(type as UpdateKind) || heard++ < 8),
  }
  client = createLightClient({
    profile,
    engines,
    trust: { checkpoint: devnet.checkpoint },
    sources: [once],
    clock: {
      now: () => devnet.time() * 1000 - behind,
      sleep: (_milliseconds, given) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, 20)
          given?.addEventListener('abort', () => {
            clearTimeout(timer)
            reject(given.reason)
          })
        }),
    },
  })
  await client.ready()
  while (client.sources[0]!.answers > 0 && beacon.serves('finality_update') && heard < 8)
    await new Promise((resolve) => setTimeout(resolve, 20))
})
afterAll(async () => {
  await client?.close()
  await devnet?.close()
})

const newest = async (kind: UpdateKind) => (await beacon.request({ type: kind }, signal)).bytes
const head = () => {
  const { status } = client
  if (status.state === 'following') return status.head.optimistic.slot
  return status.state === 'stalled' ? status.head?.optimistic.slot : undefined
}

describe('updates that are pushed', () => {
  it('move the head once; the same again, and older ones, are ignored', async () => {
    const old = await newest('optimistic_update')
    await devnet.advance(2)
    const fresh = await newest('optimistic_update')
    const before = head()!
    expect(await client.offer('optimistic_update', fresh)).toBe('accept')
    expect(head()).toBe(before + 2)
    expect(await client.offer('optimistic_update', fresh)).toBe('ignore')
    expect(await client.offer('optimistic_update', old)).toBe('ignore')
    expect(head()).toBe(before + 2)
  })

  it('from the future are ignored until their time has come', async () => {
    const before = head()!
    await devnet.advance(3)
    const early = await newest('optimistic_update')
    behind = 3 * devnet.profile.secondsPerSlot * 1000
    try {
      expect(await client.offer('optimistic_update', early)).toBe('ignore')
      expect(head()).toBe(before)
    } finally {
      behind = 0
    }
    expect(await client.offer('optimistic_update', early)).toBe('accept')
    expect(head()).toBe(before + 3)
  })

  it('with another fork’s digest, of another kind, or of another network are not accepted', async () => {
    await devnet.advance(1)
    const before = head()
    const fresh = await newest('optimistic_update')
    const otherDigest = fresh.slice()
    otherDigest.set([0xde, 0xad, 0xbe, 0xef])
    // it may be a fork this version does not know: no reason to blame anybody, none to pass it on
    expect(await client.offer('optimistic_update', otherDigest)).toBe('ignore')
    expect(await client.offer('finality_update', fresh)).not.toBe('accept')
    const elsewhere = await startDevnet({ mode: 'manual', validators: 96 })
    try {
      const { beaconUrl: url, profile } = elsewhere
      expect(profile.genesis.validatorsRoot).not.toBe(devnet.profile.genesis.validatorsRoot)
      const theirs = beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp })
      const { bytes } = await theirs.request({ type: 'optimistic_update' }, signal)
      expect(await client.offer('optimistic_update', bytes)).not.toBe('accept')
    } finally {
      await elsewhere.close()
    }
    expect(head()).toBe(before)
  })

  it('of any form at all neither move the head nor break anything', async () => {
    await devnet.advance(1)
    const before = head()
    for (const kind of KINDS) {
      const fresh = await newest(kind)
      const cut = fc.nat(fresh.length - 1).map((length) => fresh.slice(0, length))
      const longer = fc
        .uint8Array({ minLength: 1, maxLength: 2000 })
        .map((more) => Uint8Array.from([...fresh, ...more]))
      const changed = fc.tuple(fc.nat(fresh.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
        const bytes = fresh.slice()
        bytes[at] = bytes[at]! ^ mask
        return bytes
      })
      const anything = fc.uint8Array({ maxLength: 3000 })
      await fc.assert(
        fc.asyncProperty(fc.oneof(cut, longer, changed, anything), async (bytes) => {
          expect(await client.offer(kind, bytes)).not.toBe('accept')
        }),
        { numRuns: 60 },
      )
    }
    expect(head()).toBe(before)
    // after all of it the honest update does what it should
    expect(await client.offer('optimistic_update', await newest('optimistic_update'))).toBe('accept')
    expect(head()).toBe(before! + 2)
    expect(client.contradiction).toBeNull()
  })
})
