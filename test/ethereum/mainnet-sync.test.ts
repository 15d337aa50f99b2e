/** Real mainnet data, served over loopback HTTP to `glowworm sync`. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadLodestarTypes } from '../lodestar-types.ts'
import { DENEB_BOOTSTRAP, DENEB_UPDATES, updateRange } from '../recorded-mainnet.ts'
import { replayBeacon } from '../replay-beacon.ts'
import { runCli } from '../run-cli.ts'
import { describeVectors, vectorBytes, vectorJson, vectorText } from '../vectors.ts'

interface Bootstrap {
  data: { header: { beacon: { slot: string } } }
}
type Server = Awaited<ReturnType<typeof replayBeacon>>

/** `glowworm sync --once --json`, its ages judged by the time of a slot. */
const syncAsOf = (slot: number, server: Server, checkpoint: string) =>
  runCli(['sync', '--once', '--json', '--checkpoint', checkpoint, '--beacon', server.url, '--as-of', slotTime(slot)])

const slotTime = (slot: number) => new Date((1606824023 + slot * 12) * 1000).toISOString()

describeVectors('glowworm sync on mainnet data', () => {
  const servers: Server[] = []
  afterAll(() => Promise.all(servers.map((server) => server.close())))
  const serve = async (recorded: Parameters<typeof replayBeacon>[0]) => {
    const server = await replayBeacon(recorded)
    servers.push(server)
    return server
  }

  it('proves the six Capella periods 862 to 867 (JSON)', async () => {
    const folder = 'eth-lightclient/mainnet-capella-json'
    const server = await serve(jsonSet(folder, 'bootstrap', 'updates', 'finality', 'optimistic'))
    const checkpoint = rootOf(folder, 'bootstrap')
    const { code, stdout, stderr } = await syncAsOf(7109440, server, checkpoint)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      network: 'mainnet',
      checkpoint,
      finalized: { slot: 7109344, blockNumber: 17923026 },
    })
    expect(report.periods).toBe(6)
    expect(report.signatures).toBe(report.periods + 1)
  })

  it('proves the Fulu set of period 1711 (JSON)', async () => {
    const folder = 'eth-lightclient/mainnet-fulu-json'
    const server = await serve(jsonSet(folder, 'lc_bootstrap', 'lc_updates', 'lc_finality', 'lc_optimistic'))
    const checkpoint = rootOf(folder, 'lc_bootstrap')
    const { code, stdout, stderr } = await syncAsOf(14018030, server, checkpoint)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const block = vectorJson<{ hash?: string; stateRoot?: string; result?: { hash: string; stateRoot: string } }>(
      `${folder}/block_0x17a2d23.json`,
    )
    const { hash, stateRoot } = block.result ?? block
    expect(JSON.parse(stdout).finalized).toEqual({ slot: 14017952, blockNumber: 24784163, blockHash: hash, stateRoot })
  })

  let denebRoot = ''
  let denebServer: Server
  beforeAll(async () => {
    denebRoot = await rootOfSsz(DENEB_BOOTSTRAP)
    denebServer = await serve({
      answer(path, query) {
        if (path === `bootstrap/${denebRoot}`) return { body: vectorBytes(DENEB_BOOTSTRAP), version: 'deneb' }
        if (path === 'updates') return { body: updateRange(vectorBytes(DENEB_UPDATES), 1347, query) }
        return null
      },
    })
  })

  it('proves the 46 Deneb periods 1347 to 1392 (SSZ) and ends there when the node has no finality update', async () => {
    const args = [
      'sync',
      '--once',
      '--json',
      '--checkpoint',
      denebRoot,
      '--beacon',
      denebServer.url,
      '--as-of',
      slotTime(1393 * 8192),
    ]
    const { code, stdout, stderr } = await runCli([...args, '--max-checkpoint-age', '60'])
    expect(stderr).toContain('can sign a false history') // a month and more is no safe age, and is said to be none
    expect(code).toBe(0)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ periods: 46, signatures: 46, network: 'mainnet' })
    expect(Math.floor(report.finalized.slot / 8192)).toBe(1392)
    expect(report.finalized.stateRoot).toMatch(/^0x[0-9a-f]{64}$/)
    // The same checkpoint is refused where nobody has raised the limit.
    const stale = await runCli(args)
    expect(stale.code).toBe(5)
    expect(JSON.parse(stale.stdout).error.code).toBe('STALE_CHECKPOINT')
  })

  it('exits with 4 and names the lie when a signature belongs to another update', async () => {
    const server = await serve({
      answer(path, query) {
        if (path.startsWith('bootstrap')) return { body: vectorBytes(DENEB_BOOTSTRAP), version: 'deneb' }
        if (path !== 'updates') return null
        const bytes = updateRange(vectorBytes(DENEB_UPDATES), 1347, query)
        const size = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))
        // The signature lies right before the 8-byte signature slot that ends the fixed part; swap two of them.
        const offset = signatureOffset(bytes.subarray(12, size))
        const first = bytes.slice(12 + offset, 12 + offset + 96)
        const second = bytes.slice(size + 12 + offset, size + 12 + offset + 96)
        bytes.set(second, 12 + offset)
        bytes.set(first, size + 12 + offset)
        return { body: bytes }
      },
    })
    const args = [
      'sync',
      '--once',
      '--json',
      '--checkpoint',
      denebRoot,
      '--beacon',
      server.url,
      '--as-of',
      slotTime(1393 * 8192),
    ]
    const { code, stdout } = await runCli([...args, '--max-checkpoint-age', '60'])
    expect(code).toBe(4)
    expect(JSON.parse(stdout).error.code).toBe('INVALID_SYNC_COMMITTEE_SIGNATURE')
  })

  it('exits with 3 where a JSON error body stands for SSZ, and with 2 for a malformed checkpoint', async () => {
    const recorded =
      'eth-lightclient/colibri-mainnet/eth_getBalance_electra/eth_v1_beacon_light_client_bootstrap_0xd9717ecc253684291f828688f311ba74d05af74c31654f6e14077669fca62.ssz'
    const server = await serve({ answer: () => ({ body: vectorBytes(recorded), version: 'electra' }) })
    const args = ['sync', '--once', '--json', '--beacon', server.url]
    const refused = await runCli([...args, '--checkpoint', denebRoot])
    expect(refused.code).toBe(4)
    expect(JSON.parse(refused.stdout).error.code).toBe('MALFORMED_ANSWER')
    const usage = await runCli([...args, '--checkpoint', '0x12'])
    expect(usage.code).toBe(2)
    const unreachable = await runCli([
      'sync',
      '--once',
      '--json',
      '--checkpoint',
      denebRoot,
      '--beacon',
      'http://127.0.0.1:9',
    ])
    expect(unreachable.code).toBe(3)
    expect(JSON.parse(unreachable.stdout).error.code).toBe('SOURCE_UNREACHABLE')
  })
})

function jsonSet(folder: string, bootstrap: string, updates: string, finality: string, optimistic: string) {
  const files: Record<string, string> = { updates, finality_update: finality, optimistic_update: optimistic }
  return {
    answer(path: string, query: URLSearchParams) {
      const file = path.startsWith('bootstrap/') ? bootstrap : files[path]
      if (!file) return null
      if (path !== 'updates') return { body: vectorText(`${folder}/${file}.json`) }
      const all = vectorJson<{ data: { attested_header: { beacon: { slot: string } } } }[]>(`${folder}/${file}.json`)
      const start = Number(query.get('start_period'))
      const chosen = all.filter(({ data }) => {
        const period = Math.floor(Number(data.attested_header.beacon.slot) / 8192)
        return period >= start && period < start + Number(query.get('count'))
      })
      return { body: JSON.stringify(chosen) }
    },
  }
}

/** Block root of a JSON bootstrap, computed by an independent SSZ library. */
function rootOf(folder: string, file: string): string {
  const { data } = vectorJson<Bootstrap>(`${folder}/${file}.json`)
  return beaconHeaderRoot(data.header.beacon)
}

const { ssz } = await loadLodestarTypes('mainnet')

function beaconHeaderRoot(beacon: unknown): string {
  return hex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(ssz.phase0.BeaconBlockHeader.fromJson(beacon)))
}

async function rootOfSsz(file: string): Promise<string> {
  return hex(
    ssz.phase0.BeaconBlockHeader.hashTreeRoot(
      ssz.deneb.LightClientBootstrap.deserialize(vectorBytes(file)).header.beacon,
    ),
  )
}

function signatureOffset(update: Uint8Array): number {
  return fixedPartLength(update) - 8 - 96
}

/** Where the first variable part begins is where the fixed part of an update ends. */
function fixedPartLength(update: Uint8Array): number {
  return new DataView(update.buffer, update.byteOffset).getUint32(0, true)
}

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`
