/**
 * Gathers state for calls until they can be executed. Prefers few round trips: what a call will read is guessed from
 * earlier calls and asked for together with a node's own list; execution asks for whatever is then still missing.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import type { Work } from '../contract/work.ts'
import { toHex, toQuantity } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import { platformClock } from '../infrastructure/clock.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { createWorkplace } from '../infrastructure/work.ts'
import { MissingEvidence } from '../ledgers/ethereum/block-history.ts'
import type { CallClaim, CallRequest, CallValues } from '../ledgers/ethereum/call-claims.ts'
import { type EthereumAnchor, executionOf } from '../ledgers/ethereum/consensus.ts'
import { type EvidenceRequest, type Hex, keyOf } from '../ledgers/ethereum/evidence.ts'
import type { EthereumFamily } from '../ledgers/ethereum/family.ts'
import { codesIn } from '../ledgers/ethereum/state-evidence.ts'
import type { Verified } from '../ledgers/verified.ts'
import type { SourceDescription } from '../network/evidence-source.ts'
import { type CallPlace, createCallGate } from './call-gate.ts'
import { createCallMemory } from './call-memory.ts'
import { addTo, type StateList, stateRequests, without } from './call-state.ts'
import type { EvidenceCache } from './evidence-cache.ts'
import { readHint } from './hearsay.ts'
import type { ProofResult } from './prove-claim.ts'
import type { SourcePool } from './source-pool.ts'
import { createStateCache } from './state-cache.ts'

export interface CallLimits {
  /** Milliseconds that one call may compute, without the waiting for evidence. */
  readonly milliseconds: number
  /** Calls begun at once; one that computes for long lets another begin. */
  readonly atOnce: number
  /** Calls that may be under way besides; one asker's may be three quarters of all. */
  readonly waiting: number
}

export const CALL_LIMITS: CallLimits = { milliseconds: 10_000, atOnce: 8, waiting: 64 }

export interface CallProver {
  /** @throws {GlowwormError} among them `CallReadsTooMuch`, `CallTookTooLong`, `TooManyCalls` */
  prove<C extends CallClaim>(
    anchor: EthereumAnchor,
    claim: C,
    signal: AbortSignal,
    asker?: string,
  ): Promise<ProofResult<CallValues[C['type']]>>
}

/** Rounds of "what else is needed". Honest calls need a handful, or one for each step of a chain of pointers. */
const MAX_ROUNDS = 256
/** Accounts and slots that one call may read. */
const MAX_ITEMS = 4096
/** Milliseconds a node's list is waited for once everything else is there. */
const HINT_PATIENCE = 1500
/** Milliseconds after which a call that is being executed lets another begin. */
const SHORT = 200
/** Calls of a simulation that nodes are asked about. */
const MAX_HINTS = 4
const ZERO_ADDRESS: Hex = `0x${'0'.repeat(40)}`

export function createCallProver(parts: {
  readonly family: EthereumFamily
  readonly engines: Engines
  readonly pool: SourcePool
  readonly clock: Clock
  readonly cache: EvidenceCache
  /** Asks only for what execution misses, one step at a time: slower, but the same calls always ask for the same. */
  readonly frugal?: boolean
  readonly limits?: CallLimits
}): CallProver {
  const { family, engines, pool, clock, cache, frugal = false, limits = CALL_LIMITS } = parts
  const gate = createCallGate(limits.atOnce, limits.waiting)
  const memory = createCallMemory(engines.hashes)
  const states = createStateCache()
  const workplace = createWorkplace()

  async function prove<C extends CallClaim>(anchor: EthereumAnchor, claim: C, signal: AbortSignal, asker = '') {
    const place = await gate.enter(asker, signal)
    try {
      const work = workplace.start(limits.milliseconds, signal, { asker })
      return await proveInside(anchor, claim, work, place)
    } finally {
      place.leave()
    }
  }

  async function proveInside<C extends CallClaim>(
    anchor: EthereumAnchor,
    claim: C,
    work: Work,
    { stepAside }: CallPlace,
  ) {
    const { signal } = work
    const blockHash = blockOf(anchor, claim)
    const start = clock.now()
    const calls = callsOf(claim)
    const held = states.at(blockHash)
    const evidence = new Map(held.evidence)
    let bytes = 0
    let suppliedBy: SourceDescription | null = null
    let outcome: Outcome<CallValues[C['type']]> | null = null

    const attempt = async () => {
      const executed = new AbortController()
      platformClock.sleep(SHORT, executed.signal).then(stepAside, () => {})
      try {
        outcome = {
          value: (await family.prove(anchor, claim, evidence, clock.now(), work)) as Verified<CallValues[C['type']]>,
        }
      } catch (cause) {
        if (!(cause instanceof GlowwormError) || cause.kind === 'lie') throw cause
        outcome = cause instanceof MissingEvidence ? { missing: cause.requests } : { refused: cause }
      } finally {
        executed.abort()
      }
      return outcome
    }
    /** Answers arrive together and are checked one by one, so that a lie is blamed on whoever sent it. */
    let checking: Promise<unknown> = Promise.resolve()
    const check = (request: EvidenceRequest, candidate: Uint8Array) => {
      const checked = checking.then(async () => {
        const key = keyOf(request)
        evidence.set(key, candidate)
        try {
          const { missing } = await attempt()
          if (missing?.some((one) => keyOf(one) === key)) throw new MissingEvidence([request])
        } catch (cause) {
          evidence.delete(key)
          throw cause
        }
      })
      checking = checked.catch(() => {})
      return checked
    }
    const obtain = async (request: EvidenceRequest) => {
      const kept = request.type === 'state' ? undefined : cache.get(request)
      if (kept) return check(request, kept)
      const answer = await pool.ask(request, (candidate) => check(request, candidate), signal)
      bytes += answer.bytes.length
      suppliedBy = answer.from
      cache.put(request, answer.bytes)
      if (request.type !== 'state') return
      const withCode = request.accounts.filter(({ code }) => code)
      codesIn(answer.bytes).forEach((code, i) => {
        states.putCode(withCode[i]!.address, toHex(engines.hashes.keccak256(code)), code)
      })
      held.put(request, answer.bytes)
    }
    const obtainState = (wanted: StateList) => {
      for (const address of wanted.keys()) states.seedCode(address, blockHash, evidence)
      const requests = stateRequests(blockHash, wanted, (address) => !held.has(address) && !states.knowsCode(address))
      return Promise.all(requests.map(obtain))
    }

    const guessed: StateList = new Map()
    if (!frugal)
      for (const call of calls) for (const [address, slots] of memory.guess(call)) addTo(guessed, address, slots)
    for (const address of held.list.keys()) states.seedCode(address, blockHash, evidence)
    const first = without(guessed, held.list)
    let hint: Promise<StateList> | null = null
    if (first.size > 0) {
      const strange = calls.filter((call) => !memory.knows(call)).slice(0, MAX_HINTS)
      hint = strange.length > 0 ? hintsFor(strange, blockHash, signal) : null
      await obtainState(first)
    }
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const result: Outcome<CallValues[C['type']]> = outcome ?? (await attempt())
      outcome = null
      if (result.value) {
        for (const call of calls.length === 1 ? calls : []) memory.learn(call, result.value.value.reads)
        return { verified: result.value, milliseconds: clock.now() - start, bytes, suppliedBy }
      }
      if (result.refused) throw result.refused
      const wanted: StateList = new Map()
      const others: EvidenceRequest[] = []
      for (const request of result.missing ?? [])
        if (request.type === 'state') for (const { address, slots } of request.accounts) addTo(wanted, address, slots)
        else others.push(request)
      if (hint) for (const [address, slots] of without(await hint, held.list)) addTo(wanted, address, slots)
      hint = null
      if (held.size + wanted.size > MAX_ITEMS) throw new CallReadsTooMuch()
      await Promise.all([...others.map(obtain), obtainState(wanted)])
    }
    throw new CallReadsTooMuch()
  }

  /** What a node believes the calls will read. Late, absent or senseless answers are no answer. */
  async function hintsFor(calls: readonly CallRequest[], blockHash: Hex, signal: AbortSignal): Promise<StateList> {
    const list: StateList = new Map()
    const asked = calls.map(async ({ from = ZERO_ADDRESS, to = null, value = 0n, data = '0x' }) => {
      const request = { type: 'access_list_hint', blockHash, from, to, value: toQuantity(value), data } as const
      const { result } = await pool.ask(request, readHint, signal)
      for (const { address, storageKeys } of result) addTo(list, address, storageKeys)
    })
    const all = Promise.allSettled(asked)
    await Promise.race([all, clock.sleep(HINT_PATIENCE, signal).catch(() => {})])
    return list
  }

  return { prove }
}

interface Outcome<T> {
  readonly value?: Verified<T>
  readonly missing?: readonly EvidenceRequest[]
  readonly refused?: GlowwormError
}

function callsOf(claim: CallClaim): readonly CallRequest[] {
  return claim.type === 'simulation' ? claim.blocks.flatMap(({ calls }) => calls) : [claim.call]
}

function blockOf({ store }: EthereumAnchor, { at }: CallClaim): Hex {
  if (typeof at === 'object') return at.blockHash
  const execution = executionOf(at === 'finalized' ? store.finalized_header : store.optimistic_header)
  // Without execution data there is nothing to execute on; proving says so.
  return execution?.blockHash ?? `0x${'0'.repeat(64)}`
}

/** The call reads more state, or in more steps, than is worth asking for. */
export class CallReadsTooMuch extends GlowwormError {
  constructor() {
    super(
      { name: 'Application.CallReadsTooMuch', code: 'CALL_READS_TOO_MUCH', kind: 'unprovable' },
      `the call reads more than ${MAX_ITEMS} accounts and slots, or in more than ${MAX_ROUNDS} steps`,
      { next: 'Give the call less gas, or split it.' },
    )
  }
}
