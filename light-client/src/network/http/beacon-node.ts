/** Headers, blocks and states from a beacon node (Beacon API). Decoded, never believed. @module */
import type { Engines } from '@glowworm/wasm-core'
import { toHex } from '../../data/hex.ts'
import type { Http, HttpAnswer } from '../../infrastructure/ports.ts'
import { BeaconBlockHeader, type LightClientHeader } from '../../ledgers/ethereum/data.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { forkAtSlot } from '../../ledgers/ethereum/forks.ts'
import { type BlockForm, headerOfBlock } from '../../ledgers/ethereum/historical/beacon-body.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { MalformedAnswer, NotAvailable } from '../evidence-source.ts'
import { below, exchange, originOf, parseJson } from './exchange.ts'

const SSZ = 'application/octet-stream'
/** Blocks are bounded by the gossip limit of 10 MiB; as JSON they take twice the bytes. */
const MAX_BLOCK_BYTES = 24 * 1024 * 1024
const MAX_HEADER_BYTES = 16 * 1024
const PATHS: Record<BlockForm, string> = {
  blinded: '/eth/v1/beacon/blinded_blocks/',
  whole: '/eth/v2/beacon/blocks/',
}

export interface BeaconNodeOptions {
  readonly url: string
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly http: Http
  /** A state that is larger is refused while it arrives; it is held in memory whole. */
  readonly maxStateBytes: number
  readonly timeoutMilliseconds: number
  readonly stateTimeoutMilliseconds: number
}

export interface BeaconNode {
  readonly id: string
  /** A canonical header; null where there is none. */
  header(id: Hex | number): Promise<BeaconBlockHeader | null>
  /** What light clients need of a block at a slot; null where there is none. */
  block(id: Hex | number, slot: number): Promise<LightClientHeader | null>
  /** Bytes of a state, by its root or, where the node does not find it that way, by its slot. @throws {NotAvailable} */
  state(root: Hex, slot: number): Promise<Uint8Array>
}

export function beaconNode(options: BeaconNodeOptions): BeaconNode {
  const { url, profile, engines, http, maxStateBytes, timeoutMilliseconds, stateTimeoutMilliseconds } = options
  const id = originOf(url)
  /** Not every node can leave the transactions out. */
  let forms: readonly BlockForm[] = ['blinded', 'whole']

  const get = (path: string, accept: string, maxBytes: number, milliseconds = timeoutMilliseconds) =>
    exchange(http, id, {
      url: below(url, path),
      method: 'GET',
      headers: { accept },
      maxBytes,
      signal: AbortSignal.timeout(milliseconds),
    })
  const decoding = <T>(decode: () => T): T => {
    try {
      return decode()
    } catch (cause) {
      if ((cause as { code?: string }).code === 'INVALID_SSZ')
        throw new MalformedAnswer(id, (cause as Error).message, { cause })
      throw cause
    }
  }

  function decodeBlock(answer: HttpAnswer, form: BlockForm, slot: number): LightClientHeader {
    const fork = forkAtSlot(profile, slot).name
    const isSsz = answer.header('content-type')?.startsWith(SSZ) ?? false
    const block = isSsz
      ? { ssz: answer.bytes }
      : { json: (parseJson(id, answer.bytes) as { data?: unknown } | null)?.data }
    return decoding(() => headerOfBlock(block, fork, form, profile, engines))
  }

  return {
    id,
    async header(block) {
      const answer = await get(`/eth/v1/beacon/headers/${block}`, 'application/json', MAX_HEADER_BYTES)
      if (answer.status === 404) return null
      if (answer.status !== 200) throw new NotAvailable(id, `headers (HTTP ${answer.status})`)
      const body = parseJson(id, answer.bytes) as { data?: { header?: { message?: unknown } } } | null
      return decoding(() => BeaconBlockHeader.fromJson(body?.data?.header?.message))
    },
    async block(block, slot) {
      for (const form of forms) {
        const answer = await get(`${PATHS[form]}${block}`, `${SSZ};q=1.0,application/json;q=0.9`, MAX_BLOCK_BYTES)
        if (answer.status !== 200) continue
        forms = [form]
        return decodeBlock(answer, form, slot)
      }
      return null
    },
    async state(root, slot) {
      for (const state of [root, slot]) {
        const answer = await get(`/eth/v2/debug/beacon/states/${state}`, SSZ, maxStateBytes, stateTimeoutMilliseconds)
        if (answer.status === 200 && answer.header('content-type')?.startsWith(SSZ)) return answer.bytes
      }
      throw new NotAvailable(id, `the state of slot ${slot} as SSZ`)
    },
  }
}

/** Root of a header, as the Beacon API names blocks. */
export function rootOf(header: BeaconBlockHeader, engines: Engines): Hex {
  return toHex(BeaconBlockHeader.hashTreeRoot(header, engines.merkle))
}
