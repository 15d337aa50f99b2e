/** Old blocks by way of a beacon node that nobody believes: from its REST interface to a proven block, and its lies. */
import { type EvidenceSource, type Hex, isVerified } from '@glowworm/light-client'
import { openHttpSources } from '@glowworm/light-client/application/cli/open-sources'
import { readChainOptions, readCommandLine } from '@glowworm/light-client/application/cli/options'
import { createEvidenceCache } from '@glowworm/light-client/application/evidence-cache'
import { proveClaim } from '@glowworm/light-client/application/prove-claim'
import { fromHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import type { PeerRequest } from '@glowworm/light-client/ledgers/ledger-evidence'
import { NotAvailable } from '@glowworm/light-client/network/evidence-source'
import { beaconHistory } from '@glowworm/light-client/network/http/beacon-history'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { loadEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { readerOver } from '../rpc/reader-over.ts'
import { type BeaconFixture, beaconFixture, beaconRootHex, LAST_OF } from './beacon-fixture.ts'

const engines = await loadEngines()
const fixture = beaconFixture()
const { profile, execution } = fixture
/** A Fulu block that is taken for final, some 640 slots after the first. */
const FINALIZED = LAST_OF.fulu
const finalizedBeacon = fixture.beacon(FINALIZED)
const headNumber = Math.max(...[...execution].filter(([, { slot }]) => slot <= FINALIZED).map(([number]) => number))
const head = execution.get(headNumber)!
const byHash = new Map([...execution.values()].map((block) => [block.hash, block]))
const NEVER = new AbortController().signal

type Change = Parameters<BeaconFixture['http']>[0]

function beacon(change?: Change, id = 'http://beacon.test') {
  const http = fixture.http(change)
  const options = { url: id, profile, engines, http, clock: platformClock }
  const history = beaconHistory(options)
  return { asked: http.asked, history, source: beaconRestSource({ ...options, hashes: engines.hashes, history }) }
}

/** An execution node that keeps no old states, and gives headers one at a time. */
function headersOnly(): EvidenceSource & { readonly asked: PeerRequest[] } {
  const description = { id: 'http://execution.test', carrier: 'execution-rpc', words: 'headers' } as const
  const asked: PeerRequest[] = []
  return {
    description,
    asked,
    serves: (type) => type.startsWith('execution_header') || type === 'account',
    async request(request) {
      asked.push(request)
      const block = request.type === 'execution_header' ? byHash.get(request.blockHash) : undefined
      if (!block) throw new NotAvailable('it', request.type)
      return { bytes: block.header, from: description }
    },
    close: async () => {},
  }
}
/** The same, on a chain before Prague: the state of the head is there, and is empty. */
function withoutContract(): EvidenceSource {
  const node = headersOnly()
  return {
    ...node,
    request: async (asked, signal) =>
      asked.type === 'account'
        ? { bytes: encode([[Uint8Array.of(0x80)], [[]]]), from: node.description }
        : node.request(asked, signal),
  }
}
const over = (...sources: EvidenceSource[]) =>
  readerOver(sources, { finalized: head.hash, optimistic: head.hash, finalizedBeacon }, profile, engines)
const request = (blockNumber: number, finalizedRoot: Hex = beaconRootHex(finalizedBeacon)) =>
  ({ type: 'historical_block', finalizedRoot, blockNumber }) as const

describe('a block hundreds of blocks back', () => {
  it('is proven by the beacon state in one request, when states of old blocks are gone', async () => {
    const node = beacon()
    const source = headersOnly()
    const { chain } = over(node.source, source)
    const id = (await chain.byNumber(30n))!
    expect(isVerified(id)).toBe(true)
    expect(id.value).toEqual({ hash: execution.get(30)!.hash, number: 30n })
    expect(id.method).toMatch(/^beacon block of slot \d+ in historical_summaries of the finalized state$/)
    expect(id.finality.level).toBe('final')
    // The head's header, and nothing on the way.
    expect(source.asked.filter(({ type }) => type === 'execution_header').length).toBeLessThanOrEqual(1)
    expect((await chain.header(id)).value.number).toBe(30n)
    expect(node.asked.filter((path) => path.includes('/states/'))).toHaveLength(1)
  })

  it('of the last slots is found in block_roots, without the headers of a whole period', async () => {
    const node = beacon()
    const number = headNumber - 50
    await node.source.request(request(number), NEVER)
    expect(node.asked.filter((path) => path.startsWith('/eth/v1/beacon/headers/'))).toHaveLength(1)
  })

  it('costs one state for each finalized block and the headers of a period once, whatever is asked', async () => {
    const node = beacon()
    await Promise.all([20, 21, 40, 41, 50, 20].map((number) => node.source.request(request(number), NEVER)))
    expect(node.asked.filter((path) => path.includes('/states/'))).toHaveLength(1)
    const headers = node.asked.filter((path) => path.startsWith('/eth/v1/beacon/headers/'))
    expect(headers.length).toBeLessThanOrEqual(1 + 64)
    expect(node.asked.filter((path) => path.includes('blinded_blocks')).length).toBeLessThan(60)
  })

  it('is walked to by its headers where no source offers that proof', async () => {
    const source = headersOnly()
    const { chain } = over(source)
    expect((await chain.byNumber(30n))?.method).toBe('chain of parent hashes')
    expect(source.asked.length).toBeGreaterThan(200)
  })

  it.each([
    ['nobody has the state that would tell', headersOnly()],
    ['the history contract is not there yet', withoutContract()],
  ])('proves a claim about it, too, where %s', async (_, executionNode) => {
    const { source } = beacon()
    const { pool } = over(source, executionNode)
    const store = {
      finalized_header: { beacon: finalizedBeacon, execution_block_hash: fromHex(head.hash, 'hash', 32) },
      optimistic_header: { beacon: finalizedBeacon, execution_block_hash: fromHex(head.hash, 'hash', 32) },
    }
    const anchor = { checkpoint: head.hash, store } as unknown as EthereumAnchor
    const family = createEthereumFamily(profile, engines, platformRandom.bytes)
    const cache = createEvidenceCache({ profile, engines, checkpoint: head.hash, maxBytes: 1e6 })
    const tools = { family, engines, pool, clock: platformClock, cache }
    const blockHash = execution.get(30)!.hash
    const { verified } = await proveClaim(tools, anchor, { type: 'header', blockHash }, NEVER)
    expect(verified.value).toMatchObject({ number: 30n })
    expect(verified.finality.level).toBe('final')
  })
})

it('sources of the command line prove old blocks when they are told to, and only then', () => {
  const addresses = { profile, beacon: ['http://127.0.0.1:1'], execution: [] }
  const serves = (more: object) =>
    openHttpSources({ ...addresses, ...more }, engines).some((source) => source.serves('historical_block'))
  expect(serves({ beaconStates: true })).toBe(true)
  expect(serves({ beaconStates: false })).toBe(false)
  expect(serves({})).toBe(false)
})

it('the command line names the choice', async () => {
  const args = ['sync', '--checkpoint', `0x${'11'.repeat(32)}`, '--beacon', 'http://127.0.0.1:1']
  const agree = () => Promise.reject(new Error('nobody is asked'))
  expect((await readChainOptions(readCommandLine(args), agree)).beaconStates).toBe(false)
  expect((await readChainOptions(readCommandLine([...args, '--beacon-states']), agree)).beaconStates).toBe(true)
})

describe('a beacon node that lies', () => {
  const at = (part: string, then: (answer: { status: number; body: Uint8Array }) => void): Change => {
    return (path, answer) => {
      if (path.includes(part)) then(answer)
    }
  }
  const flipAt = (position: number) => (answer: { body: Uint8Array }) => {
    answer.body = answer.body.slice()
    answer.body[answer.body.length - position]! ^= 1
  }

  it.each([
    ['another state', at('/states/', flipAt(400))],
    ['half a state', at('/states/', (answer) => Object.assign(answer, { body: answer.body.slice(0, 5000) }))],
    ['another block', at('/blinded_blocks/', flipAt(200))],
    ['blocks that are none', at('/blinded_blocks/', (answer) => Object.assign(answer, { body: new Uint8Array(10) }))],
    [
      'another header for the finalized root',
      at('/headers/0x', (answer) => {
        const text = new TextDecoder().decode(answer.body).replace(`"slot":"${FINALIZED}"`, `"slot":"${FINALIZED - 1}"`)
        answer.body = new TextEncoder().encode(text)
      }),
    ],
  ])('%s: it is named, and nothing is passed on', async (_, change) => {
    const { source } = beacon(change)
    await expect(source.request(request(headNumber - 40), NEVER)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER' })
  })

  it.each([
    ['the state is not served', at('/states/', (answer) => Object.assign(answer, { status: 404 }))],
    ['blocks are not served', at('/blocks/', (answer) => Object.assign(answer, { status: 500 }))],
    ['a header of the period is withheld', at('/headers/20', (answer) => Object.assign(answer, { status: 404 }))],
  ])('%s: it is not available', async (_, change) => {
    const withheld: Change = (path, answer) => {
      change?.(path, answer)
      if (path.includes('_blocks/') && _ === 'blocks are not served') answer.status = 404
    }
    const { source } = beacon(withheld)
    await expect(source.request(request(15), NEVER)).rejects.toMatchObject({ kind: 'unprovable' })
  })

  it('a state beyond the limit is refused while it arrives', async () => {
    const http = fixture.http()
    const limits: number[] = []
    const history = beaconHistory({
      url: 'http://beacon.test',
      profile,
      engines,
      clock: platformClock,
      maxStateBytes: 1000,
      http: (asking) => {
        if (asking.url.includes('/states/')) limits.push(asking.maxBytes)
        return http(asking)
      },
    })
    await expect(history.answer(request(20), NEVER)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    expect(limits).toEqual([1000])
  })

  it('states of a fork whose layout is not known are refused by name', async () => {
    const { source } = beacon()
    const gloas = beaconRootHex(fixture.beacon(LAST_OF.gloas))
    await expect(source.request(request(20, gloas), NEVER)).rejects.toMatchObject({ code: 'UNSUPPORTED_STATE' })
  })

  it('false evidence of a source shuts it out, and an honest one suffices', async () => {
    const honest = beacon(undefined, 'http://honest.test')
    const liar: EvidenceSource = {
      ...honest.source,
      description: { ...honest.source.description, id: 'http://liar.test' },
      async request(asked, signal) {
        const answer = await honest.source.request(
          asked.type === 'historical_block' ? { ...asked, blockNumber: asked.blockNumber - 1 } : asked,
          signal,
        )
        return answer
      },
    }
    const { chain, pool } = over(liar, honest.source, headersOnly())
    expect((await chain.byNumber(30n))?.value.hash).toBe(execution.get(30)!.hash)
    const caught = pool.records.find(({ source }) => source.description.id === 'http://liar.test')?.lie
    expect(caught?.error.code).toBe('INVALID_HISTORICAL_BLOCK')
  })

  it('who asks may give up; the state goes on being prepared for who asks next', async () => {
    const { source, asked } = beacon()
    const impatient = AbortSignal.abort(new Error('too long'))
    await expect(source.request(request(20), impatient)).rejects.toThrow('too long')
    await source.request(request(20), NEVER)
    expect(asked.filter((path) => path.includes('/states/'))).toHaveLength(1)
  })
})
