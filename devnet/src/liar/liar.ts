/** A proxy before an honest devnet that answers as its mode says. @module */
import { request } from 'node:http'
import { codecOf, frameUpdate, type LightClientResource, unframeUpdates } from '../beacon/encoding.ts'
import { InvalidOption } from '../errors.ts'
import { bytesOf, hexOf, isDevnetFork } from '../forks.ts'
import { LIGHT_CLIENT_PATH, prefersSsz } from '../server/beacon-rest.ts'
import { type Answer, json, type LoopbackServer, type Question, serveLoopback } from '../server/http.ts'
import type { BeaconAsk, BeaconItem, Memory, RpcAsk } from './answers.ts'
import { deliver } from './delivery.ts'
import { isLiarMode, LIAR_MODES, LIES, type LiarMode, type Lie } from './lies.ts'

export interface LiarOptions {
  readonly beaconUrl: string
  readonly executionUrl: string
  readonly mode?: LiarMode
  /** Between two bytes in mode `slow`, 250 ms by default. */
  readonly slowMilliseconds?: number
}

export interface Liar {
  readonly beaconUrl: string
  readonly executionUrl: string
  /** Set it at any time. From outside: POST /liar {"mode"} to either URL. */
  mode: LiarMode
  close(): Promise<void>
}

/** Starts a liar before a devnet. @throws {InvalidOption} for an unknown mode */
export async function startLiar(options: LiarOptions): Promise<Liar> {
  let mode = checkedMode(options.mode ?? 'honest')
  const memory = await remember(options)
  const lie = (): Lie => LIES[mode]
  const respond = (response: Parameters<typeof deliver>[0], answer: Answer, question: Question) => {
    const delivery = isControl(question) ? undefined : lie().delivery
    deliver(response, answer, delivery, options.slowMilliseconds ?? 250)
  }
  const serve = (what: string, answer: (question: Question) => Promise<Answer>): Promise<LoopbackServer> =>
    serveLoopback({
      port: 0,
      what,
      respond,
      answer: (question) => (isControl(question) ? control(question) : answer(question)),
    })
  function control({ method, body }: Question): Answer {
    if (method === 'GET') return json(200, { mode, modes: LIAR_MODES })
    const asked = parse(body)
    const wanted = typeof asked === 'object' && asked !== null && 'mode' in asked ? asked.mode : undefined
    if (!isLiarMode(wanted))
      return json(400, { code: 400, message: `Expected {"mode": one of ${LIAR_MODES.join(', ')}}` })
    mode = wanted
    return json(200, { mode })
  }
  const beacon = await serve('the liar', (question) => answerBeacon(options.beaconUrl, lie(), memory, question))
  const execution = await serve('the liar', (question) => answerRpc(options.executionUrl, lie(), memory, question))
  return {
    beaconUrl: beacon.url,
    executionUrl: execution.url,
    get mode() {
      return mode
    },
    set mode(wanted) {
      mode = checkedMode(wanted)
    },
    async close() {
      await Promise.all([beacon.close(), execution.close()])
    },
  }
}

async function answerBeacon(upstream: string, lie: Lie, memory: Memory, question: Question): Promise<Answer> {
  const { url } = question
  const asked = beaconAskOf(url)
  const path = url.pathname + url.search
  if (!asked) return honest(await ask(upstream + path))
  const asking = lie.beaconAsk?.(asked) ?? asked
  const search = new URLSearchParams(url.search)
  if (asking.resource === 'updates') search.set('start_period', String(asking.startPeriod))
  const target = search.size > 0 ? `${url.pathname}?${search}` : url.pathname
  const found = await askItems(upstream, target, asking.resource)
  if (!Array.isArray(found)) return honest(found)
  const items = lie.beaconAnswer?.(found, asked, memory) ?? found
  return encodeItems(items, asked.resource, prefersSsz(question.accept))
}

/** Asks for JSON; the digests of updates are only in the SSZ answer, so that is asked for too. */
async function askItems(upstream: string, target: string, resource: LightClientResource) {
  const answer = await ask(upstream + target)
  if (answer.status !== 200) return answer
  const decoded = JSON.parse(Buffer.from(answer.body).toString()) as BeaconItem | BeaconItem[]
  if (!Array.isArray(decoded)) return [{ ...decoded, digest: '0x00000000' }]
  const ssz = resource === 'updates' ? await ask(upstream + target, { accept: 'application/octet-stream' }) : undefined
  const frames = ssz ? unframeUpdates(ssz.body) : []
  return decoded.map((item, i) => ({ ...item, digest: hexOf(frames[i]?.digest ?? new Uint8Array(4)) }))
}

function encodeItems(items: readonly BeaconItem[], resource: LightClientResource, asSsz: boolean): Answer {
  const serialize = ({ version, data }: BeaconItem) => {
    if (!isDevnetFork(version)) throw new InvalidOption('version', `no SSZ types for ${version}`)
    const codec = codecOf(resource, version)
    return codec.serialize(codec.fromJson(data))
  }
  const [first] = items
  if (resource === 'updates') {
    if (!asSsz)
      return json(
        200,
        items.map(({ version, data }) => ({ version, data })),
      )
    const frames = items.map((item) => frameUpdate(bytesOf(item.digest), serialize(item)))
    return { status: 200, type: 'application/octet-stream', body: Buffer.concat(frames) }
  }
  if (!first) return json(404, { code: 404, message: 'Nothing' })
  const headers = { 'Eth-Consensus-Version': first.version }
  if (asSsz) return { status: 200, type: 'application/octet-stream', headers, body: serialize(first) }
  return json(200, { version: first.version, data: first.data }, headers)
}

async function answerRpc(upstream: string, lie: Lie, memory: Memory, question: Question): Promise<Answer> {
  const asked = parse(question.body)
  const requests = (Array.isArray(asked) ? asked : [asked]) as (RpcAsk & { id: unknown })[]
  const asking = requests.map((request) => ({ ...request, ...lie.rpcAsk?.(rpcAskOf(request), memory) }))
  const answer = await ask(upstream, { body: JSON.stringify(Array.isArray(asked) ? asking : asking[0]) })
  const decoded = parse(Buffer.from(answer.body).toString())
  const answers = (Array.isArray(decoded) ? decoded : [decoded]) as { id: unknown; result?: unknown }[]
  const changed = answers.map((one) => {
    const request = requests.find(({ id }) => id === one.id)
    if (!request || !('result' in one) || !lie.rpcAnswer) return one
    return { ...one, result: lie.rpcAnswer(one.result, rpcAskOf(request), memory) }
  })
  return json(answer.status, Array.isArray(decoded) ? changed : changed[0])
}

/** What the liar knows to be true now and will repeat later. */
async function remember({ beaconUrl, executionUrl }: LiarOptions): Promise<Memory> {
  const items: Memory['items'] = {}
  for (const resource of ['finality_update', 'optimistic_update'] as const) {
    const found = await askItems(beaconUrl, LIGHT_CLIENT_PATH + resource, resource)
    if (Array.isArray(found)) items[resource] = found
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] })
  const answer = parse(Buffer.from((await ask(executionUrl, { body })).body).toString()) as { result: string }
  return { items, oldBlock: `0x${Math.max(1, Number(answer.result) - 8).toString(16)}` }
}

function beaconAskOf(url: URL): BeaconAsk | undefined {
  if (!url.pathname.startsWith(LIGHT_CLIENT_PATH)) return undefined
  const [name = ''] = url.pathname.slice(LIGHT_CLIENT_PATH.length).split('/')
  const resource = (['bootstrap', 'updates', 'finality_update', 'optimistic_update'] as const).find((r) => r === name)
  return resource && { resource, startPeriod: Number(url.searchParams.get('start_period') ?? 0) }
}

const rpcAskOf = ({ method, params }: RpcAsk): RpcAsk => ({ method, params: Array.isArray(params) ? params : [] })
const isControl = ({ url }: Question) => url.pathname === '/liar'

interface Upstream {
  readonly status: number
  readonly type: string
  readonly body: Buffer
}

function ask(url: string, options: { accept?: string; body?: string } = {}): Promise<Upstream> {
  return new Promise((resolve, reject) => {
    const headers = { accept: options.accept ?? 'application/json', 'content-type': 'application/json' }
    const asking = request(url, { method: options.body === undefined ? 'GET' : 'POST', headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 502,
          type: answer.headers['content-type'] ?? '',
          body: Buffer.concat(chunks),
        }),
      )
    })
    asking.on('error', reject)
    asking.end(options.body)
  })
}

function honest({ status, body }: Upstream): Answer {
  return { status, type: 'application/json', body }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

function checkedMode(mode: string): LiarMode {
  if (!isLiarMode(mode)) throw new InvalidOption('mode', `expected one of ${LIAR_MODES.join(', ')}, got "${mode}"`)
  return mode
}
