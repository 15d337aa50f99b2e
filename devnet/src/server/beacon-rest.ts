/** The part of the Beacon API that light clients use. @module */

import { type BlockRecord, blindedBlock, stateSsz } from '../beacon/block.ts'
import type { BeaconChain } from '../beacon/chain.ts'
import { codecOf, frameUpdate, type LightClientResource } from '../beacon/encoding.ts'
import type { Versioned } from '../beacon/light-client-data.ts'
import { epochOf, forkDigest, hexOf } from '../forks.ts'
import { type Answer, json, type Question } from './http.ts'
import { forkScheduleJson, specJson } from './spec.ts'

export const LIGHT_CLIENT_PATH = '/eth/v1/beacon/light_client/'
const STATES_PATH = '/eth/v2/debug/beacon/states/'
const BLINDED_PATH = '/eth/v1/beacon/blinded_blocks/'
/** MAX_REQUEST_LIGHT_CLIENT_UPDATES */
const MAX_UPDATES = 128
const SSZ = 'application/octet-stream'

interface Served {
  readonly chain: BeaconChain
  readonly chainId: number
  readonly secondsPerSlot: number
}

/** Answers one request to the beacon REST interface. */
export function answerBeacon(served: Served, { method, url, accept }: Question): Answer {
  if (method !== 'GET') return failure(405, 'This interface is read with GET')
  const path = url.pathname
  const { chain } = served
  if (path === '/eth/v1/beacon/genesis')
    return json(200, {
      data: {
        genesis_time: String(chain.genesisTime),
        genesis_validators_root: hexOf(chain.schedule.genesisValidatorsRoot),
        genesis_fork_version: chain.schedule.forks[0]!.version,
      },
    })
  if (path === '/eth/v1/config/spec') return json(200, { data: specJson(served) })
  if (path === '/eth/v1/config/fork_schedule') return json(200, { data: forkScheduleJson(chain.schedule.forks) })
  if (path === '/eth/v1/node/version') return json(200, { data: { version: 'glowworm-devnet' } })
  if (path.startsWith('/eth/v1/beacon/headers/')) return header(chain, path.slice('/eth/v1/beacon/headers/'.length))
  if (path.startsWith(STATES_PATH)) return stateOf(chain, path.slice(STATES_PATH.length), accept)
  if (path.startsWith(BLINDED_PATH)) return blinded(chain, path.slice(BLINDED_PATH.length), prefersSsz(accept))
  if (path.startsWith(LIGHT_CLIENT_PATH)) return lightClient(chain, path.slice(LIGHT_CLIENT_PATH.length), url, accept)
  return failure(404, `Nothing is served at ${path}`)
}

function lightClient(chain: BeaconChain, rest: string, url: URL, accept: string): Answer {
  const asSsz = prefersSsz(accept)
  if (rest === 'updates') return updates(chain, url, asSsz)
  if (rest === 'finality_update') return single(rest, chain.finalityUpdate(), 'No finality update yet', asSsz)
  if (rest === 'optimistic_update') return single(rest, chain.optimisticUpdate(), 'No optimistic update yet', asSsz)
  const root = /^bootstrap\/(.*)$/.exec(rest)?.[1]
  if (root === undefined) return failure(404, `Nothing is served at ${url.pathname}`)
  if (!/^0x[0-9a-fA-F]{64}$/.test(root)) return failure(400, 'Expected a block root: 0x and 64 hex digits')
  const bootstrap = chain.bootstrap(root.toLowerCase())
  return single('bootstrap', bootstrap, `No finalized checkpoint block has the root ${root}`, asSsz)
}

function single(
  resource: LightClientResource,
  found: Versioned<unknown> | undefined,
  absence: string,
  asSsz: boolean,
): Answer {
  if (!found) return failure(404, absence)
  const codec = codecOf(resource, found.fork)
  const headers = { 'Eth-Consensus-Version': found.fork }
  if (asSsz) return { status: 200, type: SSZ, headers, body: codec.serialize(found.value) }
  return json(200, { version: found.fork, data: codec.toJson(found.value) }, headers)
}

/** The best updates of consecutive periods, fewer than asked for where the chain ends; none is an empty list. */
function updates(chain: BeaconChain, url: URL, asSsz: boolean): Answer {
  const start = wholeNumber(url.searchParams.get('start_period'))
  const count = wholeNumber(url.searchParams.get('count'))
  if (start === undefined || count === undefined || count === 0)
    return failure(400, 'Expected start_period ≥ 0 and count ≥ 1')
  const found: NonNullable<ReturnType<BeaconChain['bestUpdate']>>[] = []
  for (let period = start; period < start + Math.min(count, MAX_UPDATES); period++) {
    const update = chain.bestUpdate(period)
    if (!update) break
    found.push(update)
  }
  if (!asSsz)
    return json(
      200,
      found.map(({ fork, value }) => ({ version: fork, data: codecOf('updates', fork).toJson(value) })),
    )
  const frames = found.map(({ fork, value }) => {
    const digest = forkDigest(chain.schedule, epochOf(value.attestedHeader.beacon.slot))
    return frameUpdate(digest, codecOf('updates', fork).serialize(value))
  })
  return { status: 200, type: SSZ, body: Buffer.concat(frames) }
}

function blockOf(chain: BeaconChain, id: string): BlockRecord | undefined {
  if (id === 'head') return chain.head()
  if (id === 'finalized') return chain.finalized()
  return /^\d+$/.test(id) ? chain.blockAtSlot(Number(id)) : chain.block(id.toLowerCase())
}

/** The state after a block, named by the block's slot or by its own root. */
function stateOf(chain: BeaconChain, id: string, accept: string): Answer {
  if (!prefersSsz(accept)) return failure(406, 'States are served as SSZ only')
  const block = id.startsWith('0x') ? chain.blockWithState(id.toLowerCase()) : blockOf(chain, id)
  if (!block) return failure(404, `No state ${id}`)
  return { status: 200, type: SSZ, headers: { 'Eth-Consensus-Version': block.fork }, body: stateSsz(block) }
}

function blinded(chain: BeaconChain, id: string, asSsz: boolean): Answer {
  const record = blockOf(chain, id)
  const block = record && blindedBlock(record)
  if (!record || !block) return failure(404, `No block ${id}`)
  const headers = { 'Eth-Consensus-Version': record.fork }
  if (asSsz) return { status: 200, type: SSZ, headers, body: block.ssz() }
  return json(200, { version: record.fork, execution_optimistic: false, data: block.json() }, headers)
}

function header(chain: BeaconChain, id: string): Answer {
  const block = blockOf(chain, id)
  if (!block) return failure(404, `No block ${id}`)
  const { beacon } = block
  const finalizedSlot = chain.finalized()?.slot ?? -1
  return json(200, {
    execution_optimistic: false,
    finalized: block.slot <= finalizedSlot,
    data: {
      root: block.root,
      canonical: true,
      header: {
        message: {
          slot: String(beacon.slot),
          proposer_index: String(beacon.proposerIndex),
          parent_root: hexOf(beacon.parentRoot),
          state_root: hexOf(beacon.stateRoot),
          body_root: hexOf(beacon.bodyRoot),
        },
        // Proposals are not signed on this chain; light clients do not look at this.
        signature: `0x${'00'.repeat(96)}`,
      },
    },
  })
}

/** Whether an Accept header ranks SSZ above JSON. */
export function prefersSsz(accept: string): boolean {
  const weightOf = (wanted: string) => {
    for (const part of accept.split(',')) {
      const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim())
      if (type !== wanted) continue
      const q = parameters.find((parameter) => parameter.startsWith('q='))
      return q ? Number(q.slice(2)) : 1
    }
    return 0
  }
  const ssz = weightOf(SSZ)
  return ssz > 0 && ssz >= weightOf('application/json')
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function failure(status: number, message: string): Answer {
  return json(status, { code: status, message })
}
