/** A committee that signs two chains is noticed, the evidence is kept, and nobody honest is accused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { createLightClient, type LightClient } from '@glowworm/light-client'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import {
  readContradiction,
  verifyStatements,
  writeContradiction,
} from '@glowworm/light-client/ledgers/ethereum/contradiction'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { loadEngines } from '@glowworm/wasm-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../run-cli.ts'

const engines = await loadEngines()

describe('two chains over one history', () => {
  let ours: Devnet
  let theirs: Devnet
  beforeAll(async () => {
    const genesisTime = Math.floor(Date.now() / 1000) - 230 * 2
    ours = await startDevnet({ mode: 'manual', genesisTime })
    theirs = await startDevnet({ mode: 'manual', genesisTime })
  })
  afterAll(async () => {
    await ours?.close()
    await theirs?.close()
  })

  const clock = {
    now: () => Math.max(ours.time(), theirs.time()) * 1000,
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, 20)
        signal?.addEventListener('abort', () => {
          clearTimeout(timer)
          reject(signal.reason)
        })
      }),
  }
  const source = ({ beaconUrl, profile }: Devnet) =>
    beaconRestSource({ url: beaconUrl, profile, hashes: engines.hashes, http: platformHttp })
  const follow = (store = memoryStore()): LightClient =>
    createLightClient({
      profile: ours.profile,
      engines,
      trust: { checkpoint: ours.checkpoint },
      clock,
      store,
      sources: [source(ours), source(theirs), executionRpcSource({ url: ours.executionUrl, http: platformHttp })],
    })
  const until = async (what: () => boolean) => {
    for (let i = 0; i < 200 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 25))
    expect(what()).toBe(true)
  }

  it('accuses nobody while the other is late, or signed by few', async () => {
    const client = follow()
    try {
      await client.ready()
      await ours.advance(8) // theirs is an epoch late
      await until(() => client.status.state === 'following' && client.status.head.optimistic.slot > 230)
      theirs.conditions.participation = (slot) => (slot > 226 ? 0.5 : 1)
      await theirs.advance(8)
      await ours.advance(4)
      await until(() => client.status.state === 'following' && client.status.head.optimistic.slot >= 237)
      expect(client.contradiction).toBeNull()
      expect(client.sources.map(({ lie }) => lie)).toEqual([null, null, null])
    } finally {
      await client.close()
    }
  })

  it('stops when two thirds signed another block of the same slot, keeps the evidence, and stays stopped', async () => {
    const store = memoryStore()
    const client = follow(store)
    try {
      await client.ready()
      theirs.conditions.participation = () => 0.9
      await theirs.advance(17)
      await ours.advance(13) // both stay within one committee period
      expect(theirs.chain.head().slot).toBe(ours.chain.head().slot)
      expect(theirs.chain.head().root).not.toBe(ours.chain.head().root)
      await until(() => client.contradiction !== null)
      const contradiction = client.contradiction!
      expect(contradiction.first.root).not.toBe(contradiction.second.root)
      expect(client.status).toMatchObject({ state: 'stalled', cause: { code: 'COMMITTEE_CONTRADICTION' } })
      await expect(client.account(ours.accounts[0]!.address as `0x${string}`)).rejects.toMatchObject({
        code: 'COMMITTEE_CONTRADICTION',
      })
      // Neither source made it up: both stay in good standing.
      expect(client.sources.map(({ lie }) => lie)).toEqual([null, null, null])

      // What is exported convinces somebody else who has the committee.
      const read = readContradiction(writeContradiction(contradiction, ours.profile))
      const family = createEthereumFamily(ours.profile, engines, platformRandom.bytes)
      const root = ours.chain.checkpoints().at(-1)!.root
      const { bytes } = await source(ours).request({ type: 'bootstrap', root }, new AbortController().signal)
      const anchor = family.bootstrap({ checkpoint: root }, bytes, clock.now())
      for (const { evidence } of [read.first, read.second])
        expect(verifyStatements(anchor, evidence, ours.profile, engines)).toBe(true)
    } finally {
      await client.close()
    }
    const again = follow(store)
    try {
      await expect(again.ready()).rejects.toMatchObject({ code: 'COMMITTEE_CONTRADICTION' })
      expect(again.contradiction).not.toBeNull()
    } finally {
      await again.close()
    }
  })

  it('ends the command with the evidence on its output', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'glowworm-contradiction-'))
    try {
      writeFileSync(join(folder, 'profile.json'), JSON.stringify(ours.profile))
      const { code, stdout } = await runCli([
        ...['sync', '--network', join(folder, 'profile.json'), '--as-of', String(clock.now() / 1000), '--json'],
        ...['--beacon', ours.beaconUrl, '--beacon', theirs.beaconUrl, '--execution', ours.executionUrl],
      ])
      const lines = stdout.trim().split('\n')
      expect(code).toBe(3)
      expect(JSON.parse(lines.at(-1)!)).toMatchObject({ error: { code: 'COMMITTEE_CONTRADICTION' } })
      const evidence = lines.find((line) => line.includes('"what":"contradiction"'))
      expect(readContradiction(evidence!).first.root).not.toBe(readContradiction(evidence!).second.root)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
