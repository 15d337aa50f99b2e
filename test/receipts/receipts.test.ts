/** Proof receipts: made against a devnet, checked from the file alone, and every way to falsify one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, FIXTURE_CONTRACT, startDevnet } from '@glowworm/devnet'
import type { Hex } from '@glowworm/light-client'
import { compactEvidence, isCompact } from '@glowworm/light-client/application/compact-evidence'
import { decodeReceipt, encodeReceipt, type Receipt } from '@glowworm/light-client/application/receipt/format'
import { makeReceipt, type Question } from '@glowworm/light-client/application/receipt/make-receipt'
import { receiptSource } from '@glowworm/light-client/application/receipt/receipt-source'
import { relinkReceipt } from '@glowworm/light-client/application/receipt/relink-receipt'
import { verifyReceipt } from '@glowworm/light-client/application/receipt/verify-receipt'
import { createSourcePool } from '@glowworm/light-client/application/source-pool'
import { GlowwormError } from '@glowworm/light-client/errors'
import { clockAt, platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { EvidenceRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { NotAvailable } from '@glowworm/light-client/network/evidence-source'
import { beaconHistory } from '@glowworm/light-client/network/http/beacon-history'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { loadEngines, nobleEngines } from '@glowworm/wasm-core'
import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../run-cli.ts'

const engines = await loadEngines()
const SENDER = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const STRANGER: Hex = '0x1234567890123456789012345678901234567890'

let devnet: Devnet
let folder: string
let sent: Hex
let questions: Question[]
let file: Uint8Array
let receipt: Receipt

const clock = () => clockAt(devnet.time() * 1000)
const make = (asked: readonly Question[]) => makeReceipt(asked, standing(devnet.checkpoint, null))
const relink = (old: Receipt, checkpoint: Hex) => relinkReceipt(old, standing(checkpoint, old))
function standing(checkpoint: Hex, before: Receipt | null) {
  const { profile } = devnet
  const pool = createSourcePool(clock())
  if (before) pool.add(receiptSource(before))
  pool.add(beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp }))
  pool.add(executionRpcSource({ url: devnet.executionUrl, http: platformHttp }))
  const signal = new AbortController().signal
  return { profile, engines, trust: { checkpoint }, pool, clock: clock(), signal }
}
const check = (bytes: Uint8Array, trust: Hex | null = devnet.checkpoint, more = {}) =>
  verifyReceipt(bytes, trust, { profile: devnet.profile, engines, clock: clock(), ...more })

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
  folder = mkdtempSync(join(tmpdir(), 'glowworm-receipt-'))
  writeFileSync(join(folder, 'profile.json'), JSON.stringify(devnet.profile))
  const raw = await SENDER.signTransaction({
    type: 'eip1559',
    chainId: devnet.profile.chainId,
    nonce: 0,
    to: STRANGER,
    value: 1n,
    gas: 21_000n,
    maxFeePerGas: 10n ** 11n,
    maxPriorityFeePerGas: 1n,
  })
  sent = await devnet.execution<Hex>('eth_sendRawTransaction', raw)
  await devnet.advance(30)
  questions = [
    { method: 'eth_getBalance', params: [SENDER.address, 'finalized'] },
    { method: 'eth_getStorageAt', params: [FIXTURE_CONTRACT, '0x1', 'finalized'] },
    { method: 'eth_getTransactionReceipt', params: [sent] },
    { method: 'eth_getBalance', params: [STRANGER] },
    // The fixture contract gives back the slot that it is asked for.
    { method: 'eth_call', params: [{ to: FIXTURE_CONTRACT, data: `0x${'1'.padStart(64, '0')}` }, 'finalized'] },
  ]
  ;({ file, receipt } = await make(questions))
})
afterAll(async () => {
  await devnet?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('an honest receipt', () => {
  it('proves an old block by the finalized beacon state, where that was the way to it', async () => {
    const { profile } = devnet
    const http = platformHttp
    const pool = createSourcePool(clock())
    const history = beaconHistory({ url: devnet.beaconUrl, profile, engines, http, clock: platformClock })
    pool.add(beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http, history }))
    const node = executionRpcSource({ url: devnet.executionUrl, http })
    // It has no old states and sends no rows of headers.
    pool.add({ ...node, serves: (type) => node.serves(type) && type !== 'account' && type !== 'execution_headers' })
    const signal = new AbortController().signal
    const options = { profile, engines, trust: { checkpoint: devnet.checkpoint }, pool, clock: clock(), signal }
    const asked = [{ method: 'eth_getBlockByNumber', params: ['0x5', false] }]
    const made = await makeReceipt(asked, options)
    expect(made.receipt.evidence.map(({ request }) => request.type)).toContain('historical_block')
    const checked = await check(made.file)
    expect(checked.claims[0]?.result).toMatchObject({ number: '0x5' })
    const { evidence } = made.receipt
    const lie = evidence.map(({ request, bytes }) =>
      request.type === 'historical_block' ? { request, bytes: bytes.with(300, bytes[300]! ^ 1) } : { request, bytes },
    )
    await expect(check(encodeReceipt({ ...made.receipt, evidence: lie }))).rejects.toBeInstanceOf(GlowwormError)
  })

  it('is proven again from the file alone, by both engines, with blocks that no longer move', async () => {
    for (const engine of [engines, nobleEngines()]) {
      const checked = await check(file, devnet.checkpoint, { engines: engine })
      expect(checked.trusted).toBe(true)
      expect(checked.claims.map(({ result }) => result)).toEqual(receipt.claims.map(({ result }) => result))
      expect(checked.claims.map(({ provenance }) => provenance.standing)).toEqual(Array(5).fill('verified'))
      expect(checked.claims[0]!.provenance.block?.finality).toBe('final')
      expect(BigInt(checked.claims[4]!.result as string)).toBe(0x2an)
      expect(checked.claims[2]!.result).toMatchObject({ transactionHash: sent, status: '0x1' })
    }
    for (const { params } of receipt.claims) expect(JSON.stringify(params)).not.toMatch(/latest|finalized/)
  })

  it('is deterministic, and what reading and writing gives back', () => {
    expect(encodeReceipt(decodeReceipt(file))).toEqual(file)
  })

  it('shares evidence among its claims', async () => {
    const balance = questions[0]!
    const single = (await make([balance])).file.length
    const twice = (await make([balance, { ...balance, method: 'eth_getTransactionCount' }])).file.length
    expect(twice - single).toBeLessThan(300)
  })

  it('says so when nobody trusts its root, and refuses another root', async () => {
    expect((await check(file, null)).trusted).toBe(false)
    await expect(check(file, `0x${'11'.repeat(32)}`)).rejects.toMatchObject({ code: 'OTHER_CHECKPOINT' })
  })

  it('ages: a root of which the keys may have been sold since proves nothing, unless the verifier says otherwise', async () => {
    const late = { clock: clockAt((devnet.time() + 3 * 86_400) * 1000) }
    await expect(check(file, devnet.checkpoint, late)).rejects.toMatchObject({ code: 'STALE_CHECKPOINT' })
    expect((await check(file, devnet.checkpoint, { ...late, maxAgeDays: 30 })).trusted).toBe(true)
  })

  it('carries hops instead of committees where a source offers them, and needs no other clock', async () => {
    const { profile, checkpoint } = devnet
    const beacon = beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp })
    const plain = async (request: EvidenceRequest, signal: AbortSignal) => (await beacon.request(request, signal)).bytes
    const compact = compactEvidence({ profile, engines, plain, checkpoints: [checkpoint] })
    const description = { id: 'bridge', carrier: 'file', words: 'a bridge' } as const
    const pool = createSourcePool(clock())
    pool.add({
      description,
      serves: (type) => ['compact_bootstrap', 'hops', 'compact_finality_update'].includes(type),
      request: async (request, signal) => {
        if (!isCompact(request)) throw new NotAvailable('a bridge', request.type)
        return { bytes: await compact.answer(request, signal), from: description }
      },
      close: async () => {},
    })
    pool.add(executionRpcSource({ url: devnet.executionUrl, http: platformHttp }))
    const { signal } = new AbortController()
    const made = await makeReceipt(questions, { profile, engines, trust: { checkpoint }, pool, clock: clock(), signal })
    const types = made.receipt.evidence.map(({ request }) => request.type)
    expect(types.slice(0, 3)).toEqual(['compact_bootstrap', 'hops', 'compact_finality_update'])
    expect(types).not.toContain('updates')
    expect(made.file.length).toBeLessThan(file.length - 8_000)
    const late = { clock: clockAt((devnet.time() + 365 * 86_400) * 1000), maxAgeDays: 400 }
    const checked = await check(made.file, checkpoint, late)
    expect(checked.claims.map(({ result }) => result)).toEqual(receipt.claims.map(({ result }) => result))
  })

  it('is linked to a newer root, with the state taken from the file', async () => {
    const newer = devnet.chain.checkpoints().at(-2)!.root
    const { file: linked } = await relink(receipt, newer)
    const checked = await check(linked, newer)
    expect(checked.claims.map(({ result }) => result)).toEqual(receipt.claims.map(({ result }) => result))
  })

  it('names its blocks where the question left them out', async () => {
    const call = { to: FIXTURE_CONTRACT, data: `0x${'1'.padStart(64, '0')}` }
    const made = await make([
      { method: 'eth_getLogs', params: [{ fromBlock: '0x1' }] },
      { method: 'eth_getLogs', params: [{}] },
      {
        method: 'eth_getLogs',
        params: [{ blockHash: (await devnet.execution<{ hash: Hex }>('eth_getBlockByNumber', '0x1', false)).hash }],
      },
      { method: 'eth_simulateV1', params: [{ blockStateCalls: [{ calls: [call] }] }] },
      { method: 'eth_getStorageValues', params: [{ [FIXTURE_CONTRACT]: ['0x1'] }] },
    ])
    const [since, newest, one, simulated, slots] = made.receipt.claims.map(({ params }) => params)
    const number = expect.stringMatching(/^0x[1-9a-f]/)
    expect(since).toEqual([{ fromBlock: '0x1', toBlock: number }])
    expect(newest).toEqual([{ fromBlock: number, toBlock: number }])
    expect(one).toEqual([{ blockHash: expect.any(String) }])
    expect([simulated?.[1], slots?.[1]]).toEqual([number, number])
    expect((await check(made.file)).claims).toHaveLength(5)
  })

  it('is not linked where the answer is another one, or on another network', async () => {
    const newer = devnet.chain.checkpoints().at(-2)!.root
    const claims = [{ ...receipt.claims[0]!, result: '0x1' }]
    await expect(relink({ ...receipt, claims }, newer)).rejects.toMatchObject({ code: 'OTHER_ANSWER' })
    const { receipt: ofItsDay } = await make([{ method: 'eth_blockNumber', params: [] }])
    await devnet.advance(1)
    await expect(relink(ofItsDay, newer)).rejects.toMatchObject({ code: 'OTHER_ANSWER' })
    const network = { ...receipt.network, chainId: 1 }
    await expect(relink({ ...receipt, network }, newer)).rejects.toMatchObject({ code: 'OTHER_NETWORK' })
  })
})

describe('a false receipt', () => {
  const altered = (change: (receipt: Receipt) => Receipt) => check(encodeReceipt(change(decodeReceipt(file))))
  it('with another result is caught by what its evidence proves', async () => {
    const claims = receipt.claims.map((claim, i) => (i === 0 ? { ...claim, result: '0x1' } : claim))
    await expect(altered((one) => ({ ...one, claims }))).rejects.toMatchObject({ code: 'FALSE_RECEIPT', kind: 'lie' })
  })
  it('with another question lacks the evidence for it', async () => {
    const claims = receipt.claims.map((claim, i) =>
      i === 0 ? { ...claim, params: [STRANGER, claim.params[1]] } : claim,
    )
    await expect(altered((one) => ({ ...one, claims }))).rejects.toBeInstanceOf(Error)
  })
  it('with less or more evidence than is needed is refused', async () => {
    for (let i = 0; i < receipt.evidence.length; i++) {
      const less = receipt.evidence.filter((_, other) => other !== i)
      // Without the hint where a transaction lies nobody is deceived, but nothing is found either.
      await expect(altered((one) => ({ ...one, evidence: less }))).rejects.toBeInstanceOf(Error)
    }
    const more = {
      request: { type: 'execution_header', blockHash: `0x${'22'.repeat(32)}` } as const,
      bytes: new Uint8Array(9),
    }
    await expect(altered((one) => ({ ...one, evidence: [...one.evidence, more] }))).rejects.toMatchObject({
      code: 'SURPLUS_EVIDENCE',
    })
    // A second answer to the same question, before the one that is used: nobody needs it either.
    const [first] = receipt.evidence
    const twice = [{ ...first!, bytes: new Uint8Array(9) }, ...receipt.evidence]
    await expect(altered((one) => ({ ...one, evidence: twice }))).rejects.toMatchObject({ code: 'SURPLUS_EVIDENCE' })
  })
  it('with parts that no receipt has is refused', () => {
    const map = decodeCbor(encodeReceipt(receipt)) as Record<string, unknown>
    const network = { ...(map.network as object), note: 'believe me' }
    for (const changed of [
      { ...map, extra: 1 },
      { ...map, network },
    ])
      expect(() => decodeReceipt(encodeCbor(changed))).toThrow(/no receipt has/)
  })
  it('of another network, or for methods that cannot be proven, is refused', async () => {
    const network = { ...receipt.network, chainId: 1 }
    await expect(altered((one) => ({ ...one, network }))).rejects.toMatchObject({ code: 'OTHER_NETWORK' })
    const claims = [{ method: 'eth_sendRawTransaction', params: ['0x00'], result: null }]
    await expect(altered((one) => ({ ...one, claims }))).rejects.toMatchObject({ code: 'MALFORMED_RECEIPT' })
  })
  it('with a changed byte throws a typed error, or says the very same', { timeout: 120_000 }, async () => {
    const { file: small } = await make([questions[0]!])
    const said = async (bytes: Uint8Array) =>
      JSON.stringify(
        (await check(bytes)).claims.map(({ method, params, result }) => [method, params, result]),
      ).toLowerCase()
    const truth = await said(small)
    const refusals = new Map<string, number>()
    // Each byte of the frame and a sample of the evidence, which suites of its own change byte by byte.
    const step = Math.max(1, Math.floor(small.length / 400))
    for (let at = 0; at < small.length; at += at < 700 ? 1 : step) {
      const changed = small.slice()
      changed[at]! ^= 1 << (at % 8)
      try {
        expect(await said(changed)).toBe(truth)
        refusals.set('same', (refusals.get('same') ?? 0) + 1)
      } catch (cause) {
        if (!(cause instanceof GlowwormError)) throw cause
      }
    }
    // What may change: the name that the file gives its network, and the unsigned slot of a signature (see the compliance suite).
    expect(refusals.get('same') ?? 0).toBeLessThan(40)
  })
  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('{"kind":"proof receipt"}')],
    ['a truncated file', null],
    ['an endless nesting', new Uint8Array(100_000).fill(0x81)],
  ])('that is %s is malformed', async (_, bytes) => {
    await expect(check(bytes ?? file.slice(0, -7))).rejects.toMatchObject({ code: 'MALFORMED_RECEIPT' })
  })
  it('cannot be made of hearsay or of what is unknown', async () => {
    const hearsay = await make([{ method: 'eth_chainId', params: [] }]).catch((cause) => cause)
    expect(hearsay).toMatchObject({ code: 'INVALID_INPUT' })
    await expect(
      make([{ method: 'eth_getTransactionReceipt', params: [`0x${'ab'.repeat(32)}`] }]),
    ).rejects.toMatchObject({ code: 'NO_HEARSAY' })
    await expect(make([])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('the command', () => {
  const network = () => ['--network', join(folder, 'profile.json'), '--json']
  const asOf = () => ['--as-of', String(devnet.time())]
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli(args)
    return { code, value: JSON.parse(stdout || 'null'), stderr }
  }
  it('proves into a file, verifies it without any source, and shows it', async () => {
    const out = join(folder, 'balance.receipt')
    const params = JSON.stringify([SENDER.address, 'finalized'])
    const made = await run('prove', 'eth_getBalance', params, '--out', out, ...network(), ...asOf())
    expect(made.code).toBe(0)
    expect(made.value.claims[0].provenance.standing).toBe('verified')
    const trusted = await run('verify', out, '--trust', devnet.checkpoint, ...network(), ...asOf())
    expect(trusted).toMatchObject({ code: 0, value: { trusted: true } })
    expect(trusted.value.claims[0].result).toBe(made.value.claims[0].result)
    expect(trusted.value.asOf).toBe(new Date(devnet.time() * 1000).toISOString())
    expect(trusted.stderr).not.toContain('false history')
    const old = ['--as-of', String(devnet.time() + 300 * 86_400), '--max-checkpoint-age', '400']
    const believed = await run('verify', out, '--trust', devnet.checkpoint, ...network(), ...old)
    expect(believed).toMatchObject({ code: 0, stderr: expect.stringContaining('can sign a false history') })
    const assumed = await run('verify', out, ...network(), ...asOf())
    expect(assumed).toMatchObject({ code: 6, value: { trusted: false } })
    const shown = await run('show', out, '--json')
    expect(shown.value).toMatchObject({ kind: 'proof receipt', version: 1, checkpoint: devnet.checkpoint })
    const broken = readFileSync(out)
    broken[broken.length - 1]! ^= 1
    writeFileSync(out, broken)
    expect((await run('verify', out, '--trust', devnet.checkpoint, ...network(), ...asOf())).code).toBeGreaterThan(2)
  })
  it('answers wrong use with exit code 2', async () => {
    expect((await run('prove', 'eth_getBalance', '[]', ...network(), ...asOf())).code).toBe(2)
    expect((await run('prove', 'eth_getBalance', '--out', 'x', ...network())).code).toBe(2)
    expect((await run('verify', join(folder, 'absent'), ...network())).code).toBe(2)
    expect((await run('verify', ...network())).code).toBe(2)
  })
})
