/** Signed updates for every slot of one committee period, false ones beside them, and the real verdict on each. */

import { verdictOn } from '@glowworm/light-client/application/update-verdict'
import { toHex } from '@glowworm/light-client/data/hex'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { rulesAtSlot, withDigest } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { UpdateKind } from '@glowworm/light-client/network/libp2p/gossip'
import { encodeUpdate } from '@glowworm/light-client/network/libp2p/gossip'
import type { Engines } from '@glowworm/wasm-core'
import { signedChain } from '../../ethereum/signed-chain.ts'

export interface Message {
  /** As it goes over the wire, with its type byte. */
  readonly data: Uint8Array
  /** What gossip knows it by. */
  readonly id: string
  readonly kind: UpdateKind
  /** Of the block it is about. */
  readonly slot: number
  readonly honest: boolean
}

export interface Judgement {
  readonly verdict: 'accept' | 'ignore' | 'reject'
  /** The anchor afterwards: another one when it was accepted. */
  readonly anchor: EthereumAnchor
}

export interface SimulatedChain {
  readonly secondsPerSlot: number
  /** Virtual milliseconds of the run are counted from this moment. */
  readonly start: number
  readonly firstSlot: number
  readonly anchor: EthereumAnchor
  /** What honest nodes publish when the block of this slot has been signed; it comes with the next slot. */
  newsOf(slot: number): readonly Message[]
  /** Forgeries of that: signatures that do not fit. The liars of a slot share them. */
  forgeriesOf(slot: number): readonly Message[]
  /** Runs the real verification once for each anchor, message and slot; who asks again gets the same verdict. */
  judge(anchor: EthereumAnchor, kind: UpdateKind, bytes: Uint8Array, now: number): Judgement
  headSlot(anchor: EthereumAnchor): number
  /** How often verification really ran. */
  verifications(): number
}

const FORGERIES = 12
const SYNC_AGGREGATE = PRESETS.minimal.SYNC_COMMITTEE_SIZE / 8 + 96
const FIRST_SLOT = 9

export function simulatedChain(engines: Engines): SimulatedChain {
  const chain = signedChain({
    preset: PRESETS.minimal,
    forks: [{ name: 'electra', epoch: 0 }],
    periods: [{ finalized: 2, attested: 8, signature: 9, absent: [] }],
  })
  const { profile } = chain
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  const anchor = family.bootstrap({ checkpoint: chain.checkpoint }, chain.bootstrap, chain.now)
  const news = new Map<number, readonly Message[]>()
  const forgeries = new Map<number, readonly Message[]>()

  const message = (kind: UpdateKind, slot: number, bytes: Uint8Array, honest: boolean): Message => ({
    data: encodeUpdate(kind, bytes),
    id: toHex(engines.hashes.sha256(bytes)).slice(2, 18),
    kind,
    slot,
    honest,
  })
  const makeNews = (slot: number): readonly Message[] => {
    const epoch = PRESETS.minimal.SLOTS_PER_EPOCH
    const update = chain.updateOf(0, {
      finalized: Math.max(2, Math.floor(slot / epoch - 2) * epoch),
      attested: slot,
      signature: slot + 1,
      absent: [],
    })
    const types = lightClientTypes(profile.preset, rulesAtSlot(profile, slot).format)
    const encode = (ssz: Uint8Array) => withDigest(profile, slot, ssz, engines.hashes)
    const optimistic = message(
      'optimistic_update',
      slot,
      encode(types.LightClientOptimisticUpdate.serialize(update)),
      true,
    )
    if (slot % epoch !== 0) return [optimistic]
    return [
      optimistic,
      message('finality_update', slot, encode(types.LightClientFinalityUpdate.serialize(update)), true),
    ]
  }
  const newsOf = (slot: number) => {
    const made = news.get(slot) ?? makeNews(slot)
    news.set(slot, made)
    return made
  }
  const makeForgeries = (slot: number): readonly Message[] => {
    const [{ data, kind }] = newsOf(slot) as [Message]
    return Array.from({ length: FORGERIES }, (_, i) => {
      const bytes = data.slice(1)
      // Within the state root of the header that was signed: the signature no longer fits, everything else still does.
      // In front of it stand digest, offset of the header, aggregate, signature slot; then slot, proposer and parent.
      const at = 4 + 4 + SYNC_AGGREGATE + 8 + 8 + 8 + 32 + i
      bytes[at] = bytes[at]! ^ 0x55
      return message(kind, slot, bytes, false)
    })
  }

  const verdicts = new WeakMap<EthereumAnchor, Map<string, Judgement>>()
  let verifications = 0
  const start = (profile.genesis.time + FIRST_SLOT * profile.secondsPerSlot) * 1000
  const slotAt = (now: number) => Math.floor((now / 1000 - profile.genesis.time) / profile.secondsPerSlot)

  return {
    secondsPerSlot: profile.secondsPerSlot,
    start,
    firstSlot: FIRST_SLOT,
    anchor,
    newsOf,
    forgeriesOf(slot) {
      const made = forgeries.get(slot) ?? makeForgeries(slot)
      forgeries.set(slot, made)
      return made
    },
    judge(at, kind, bytes, now) {
      const known = verdicts.get(at) ?? new Map<string, Judgement>()
      verdicts.set(at, known)
      const key = `${slotAt(now)} ${kind} ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`
      let judgement = known.get(key)
      if (!judgement) {
        verifications++
        judgement = verify(at, kind, bytes, now)
        known.set(key, judgement)
      }
      return judgement
    },
    headSlot: ({ store }) => store.optimistic_header.beacon.slot,
    verifications: () => verifications,
  }

  function verify(at: EthereumAnchor, kind: UpdateKind, bytes: Uint8Array, now: number): Judgement {
    try {
      const next = family.advance(at, { kind, bytes }, now)
      const moved =
        next.store.optimistic_header !== at.store.optimistic_header ||
        next.store.finalized_header !== at.store.finalized_header
      return moved ? { verdict: 'accept', anchor: next } : { verdict: 'ignore', anchor: at }
    } catch (cause) {
      return { verdict: verdictOn(cause), anchor: at }
    }
  }
}
