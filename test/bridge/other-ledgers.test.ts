/** Evidence of a second ledger, from a node through a bridge to a peer, and from that peer to the next. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type EvidenceSource, loadEngines, NotAvailable, type OtherLedgers, otherLedgers } from '@glowworm/light-client'
import { type Bridge, runBridge } from '@glowworm/light-client/application/bridge'
import type { Lie } from '@glowworm/light-client/application/lies'
import { servedTogether } from '@glowworm/light-client/application/other-ledgers'
import { fromHex } from '@glowworm/light-client/data/hex'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import type { FamilyType } from '@glowworm/light-client/ledgers/ledger-evidence'
import { createBridgeNode } from '@glowworm/light-client/network/libp2p/bridge-node'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import { memorySource } from '@glowworm/light-client/network/memory-source'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vectorBytes, vectorRoot } from '../vector-files.ts'
import { bitcoinHeaders, HEADER_BYTES, keyOfRun } from './bitcoin-headers.ts'

const engines = await loadEngines()
const BITCOIN = bitcoinHeaders(engines)
const FAMILY = BITCOIN.type
const signal = new AbortController().signal
const clock = platformClock
/** Bitcoin's first block. */
const GENESIS = fromHex(
  '0x0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c',
  'header',
)

/** Somebody's own node of that ledger. */
function ledgerNode(id: string, answer: (key: string) => Uint8Array, type: FamilyType = FAMILY) {
  const asked: string[] = []
  const description = { id, carrier: 'file', words: id } as const
  const source: EvidenceSource = {
    description,
    serves: (wanted) => wanted === type,
    async request(request) {
      if (!('key' in request)) throw new NotAvailable(id, request.type)
      asked.push(request.key)
      return { bytes: answer(request.key), from: description }
    },
    close: async () => {},
  }
  return { source, asked }
}

describe('who has a verifier', () => {
  const made = (...answers: ((key: string) => Uint8Array)[]) => {
    const lies: Lie[] = []
    const ledgers = otherLedgers({ verifiers: [BITCOIN], clock, onLie: (lie) => lies.push(lie) })
    const nodes = answers.map((answer, i) => ledgerNode(`node ${i}`, answer))
    for (const { source } of nodes) ledgers.addSource(source)
    return { ledgers, nodes, lies }
  }

  it('keeps what was verified by its key, and gives peers that and nothing else', async () => {
    const { ledgers, nodes } = made(() => GENESIS)
    const key = keyOfRun(GENESIS, engines)
    const request = { type: FAMILY, key: `0x${Buffer.from(key).toString('hex')}` } as const
    await expect(ledgers.held.request(request, signal)).rejects.toThrow(NotAvailable)
    expect(nodes[0]!.asked).toEqual([])
    const evidence = await ledgers.evidence(FAMILY, key, signal)
    expect(Buffer.compare(evidence, GENESIS)).toBe(0)
    evidence.fill(0)
    expect(Buffer.compare(await ledgers.evidence(FAMILY, key, signal), GENESIS)).toBe(0)
    expect(nodes[0]!.asked.length).toBe(1)
    expect(Buffer.compare((await ledgers.held.request(request, signal)).bytes, GENESIS)).toBe(0)
  })

  it('catches false evidence whatever byte of it was changed, asks on, and asks the liar no more', async () => {
    for (let at = 0; at < HEADER_BYTES; at += 7) {
      const changed = Uint8Array.from(GENESIS)
      changed[at]! ^= 1
      const { ledgers, nodes, lies } = made(
        () => changed,
        () => GENESIS,
      )
      const key = keyOfRun(GENESIS, engines)
      expect(Buffer.compare(await ledgers.evidence(FAMILY, key, signal), GENESIS)).toBe(0)
      expect(lies.map(({ source, error }) => [source.id, error.code])).toEqual([['node 0', 'FALSE_HEADERS']])
      const other = Uint8Array.from(key)
      other[0]! ^= 1
      await expect(ledgers.evidence(FAMILY, other, signal)).rejects.toMatchObject({ kind: 'lie' })
      expect(nodes[0]!.asked.length).toBe(1)
    }
  })

  it('is not stopped by a verifier that stumbles, and blames nobody for it', async () => {
    const lies: Lie[] = []
    const stumbling = {
      type: FAMILY,
      verify: (_key: Uint8Array, evidence: Uint8Array) => void evidence[0]!.toFixed(200),
    }
    const ledgers = otherLedgers({ verifiers: [stumbling], clock, onLie: (lie) => lies.push(lie) })
    ledgers.addSource(ledgerNode('node', () => GENESIS).source)
    await expect(ledgers.evidence(FAMILY, new Uint8Array(1), signal)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
    expect(lies).toEqual([])
  })

  it('asks once for what many want at the same time, and who withdraws keeps nobody from it', async () => {
    const { ledgers, nodes } = made(() => GENESIS)
    const key = keyOfRun(GENESIS, engines)
    const leaving = new AbortController()
    const left = ledgers.evidence(FAMILY, key, leaving.signal)
    const stay = Array.from({ length: 20 }, () => ledgers.evidence(FAMILY, key, signal))
    leaving.abort(new Error('no longer wanted'))
    await expect(left).rejects.toThrow('no longer wanted')
    const [first, second] = await Promise.all(stay)
    first!.fill(0)
    expect(Buffer.compare(second!, GENESIS)).toBe(0)
    expect(nodes[0]!.asked.length).toBe(1)
  })

  it('takes an error of a source that is none of ours for silence, and asks on', async () => {
    const { ledgers, lies } = made(
      () => {
        throw new TypeError('fetch failed')
      },
      () => GENESIS,
    )
    expect(Buffer.compare(await ledgers.evidence(FAMILY, keyOfRun(GENESIS, engines), signal), GENESIS)).toBe(0)
    const { ledgers: alone } = made(() => {
      throw new TypeError('fetch failed')
    })
    await expect(alone.evidence(FAMILY, keyOfRun(GENESIS, engines), signal)).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      kind: 'unreachable',
    })
    expect(lies).toEqual([])
  })

  it('refuses what has no verifier, names that are none, and keys that are too long', async () => {
    const { ledgers } = made(() => GENESIS)
    await expect(ledgers.evidence('family/litecoin', new Uint8Array(1), signal)).rejects.toThrow('no verifier for')
    await expect(ledgers.evidence(FAMILY, new Uint8Array(513), signal)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(ledgers.held.serves('family/litecoin')).toBe(false)
    expect(ledgers.held.serves('account')).toBe(false)
    for (const type of ['family/', 'family/Bitcoin', `family/${'a'.repeat(33)}`, 'family/a/b'] as FamilyType[])
      expect(() => otherLedgers({ verifiers: [{ ...BITCOIN, type }], clock })).toThrow('is not family/name')
    expect(() => otherLedgers({ verifiers: [BITCOIN, BITCOIN], clock })).toThrow('is there twice')
  })
})

describe('between peers', () => {
  let devnet: Devnet
  let node: ReturnType<typeof ledgerNode>
  let bridges: { close(): Promise<void> }[]
  let answer: Uint8Array

  beforeEach(async () => {
    devnet = await startDevnet({ mode: 'live' })
    node = ledgerNode('a node of Bitcoin', () => answer)
    answer = GENESIS
    bridges = []
  })
  afterEach(async () => {
    for (const each of bridges) await each.close()
    await devnet.close()
  })

  async function bridge(ledgers?: OtherLedgers, upstream: readonly EvidenceSource[] = []): Promise<Bridge> {
    const { profile, checkpoint } = devnet
    const running = await runBridge({
      profile,
      engines,
      trust: { checkpoint },
      upstream,
      listen: { host: '127.0.0.1', wsPort: 0 },
      ...(ledgers ? { otherLedgers: ledgers } : {}),
    })
    bridges.push(running)
    return running
  }
  async function dialled(to: { multiaddrs(): string[] }): Promise<EvidenceSource> {
    const peers = await dialledPeers(
      to.multiaddrs().filter((address) => address.includes('/ws/')),
      clock,
    )
    bridges.unshift(peers)
    return peers.sources[0]!
  }

  it('goes from a bridge to a peer and from there to another, each verifying for itself', async () => {
    const ofBridge = otherLedgers({ verifiers: [BITCOIN], clock })
    ofBridge.addSource(node.source)
    const first = otherLedgers({ verifiers: [BITCOIN], clock })
    first.addSource(await dialled(await bridge(ofBridge)))
    const key = keyOfRun(GENESIS, engines)
    expect(Buffer.compare(await first.evidence(FAMILY, key, signal), GENESIS)).toBe(0)

    const { profile } = devnet
    const ethereum = memorySource({ id: 'self', carrier: 'file', words: 'nothing' }, 1024)
    const peer = await createBridgeNode({
      network: profile,
      listen: { host: '127.0.0.1', wsPort: 0 },
      clock,
      source: servedTogether(ethereum, first),
      validate: async () => 'ignore',
    })
    bridges.unshift(peer)
    const second = otherLedgers({ verifiers: [BITCOIN], clock })
    second.addSource(await dialled(peer))
    expect(Buffer.compare(await second.evidence(FAMILY, key, signal), GENESIS)).toBe(0)
    expect(node.asked.length).toBe(1)
    expect(peer.served.ok).toBe(1)
    // what the first peer does not hold, it asks nobody for
    const unknown = Uint8Array.from(key).fill(1, 0, 8)
    await expect(second.evidence(FAMILY, unknown, signal)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
    expect(node.asked.length).toBe(1)
  })

  it('a bridge passes on nothing that it has not verified, whatever its nodes say, and is not taken for the liar', async () => {
    answer = Uint8Array.from(GENESIS).fill(0, 70)
    const ofBridge = otherLedgers({ verifiers: [BITCOIN], clock })
    ofBridge.addSource(node.source)
    const lies: Lie[] = []
    const asker = otherLedgers({ verifiers: [BITCOIN], clock, onLie: (lie) => lies.push(lie) })
    const running = await bridge(ofBridge, [node.source])
    asker.addSource(await dialled(running))
    await expect(asker.evidence(FAMILY, keyOfRun(GENESIS, engines), signal)).rejects.toMatchObject({
      kind: 'unreachable',
    })
    expect(lies).toEqual([])
    expect(node.asked.length).toBe(1)
    expect(running.node.served).toMatchObject({ ok: 0, upstreamFailure: 1 })
  })

  it('a bridge without a verifier refuses by code, although a node of its own would answer', async () => {
    const running = await bridge(undefined, [node.source])
    const source = await dialled(running)
    const request = { type: FAMILY, key: '0x00' } as const
    await expect(source.request(request, signal)).rejects.toThrow('it does not serve that')
    expect(source.serves(FAMILY)).toBe(false)
    expect(source.serves('family/other')).toBe(true)
    expect(running.node.served.notServed).toBe(1)
    expect(node.asked).toEqual([])
    for (const malformed of [{ key: '0x0' }, { key: `0x${'00'.repeat(513)}` }, {}, { key: '0x00', more: 1 }])
      await expect(source.request({ type: FAMILY, ...malformed } as typeof request, signal)).rejects.toThrow('invalid')
  })
})

describe.skipIf(!vectorRoot)('real headers', () => {
  it('proves a thousand consecutive headers of mainnet, and refuses them in another order', async () => {
    const all = vectorBytes('bitcoin/spv-mainnet/headers-822528-826560.bin')
    const run = all.slice(0, 1000 * HEADER_BYTES)
    await BITCOIN.verify(keyOfRun(run, engines), run)
    const swapped = run.slice()
    swapped.copyWithin(0, HEADER_BYTES, 2 * HEADER_BYTES)
    expect(() => BITCOIN.verify(keyOfRun(run, engines), swapped)).toThrow('not the headers asked for')
  })
})
