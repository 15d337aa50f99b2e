/** The committee chain on disk: evidence, not conclusions. It is proven again each time it is loaded. @module */
import type { ByteStore } from '../infrastructure/ports.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'

/** One update, or a run of hops as it was answered. */
export interface StoredStep {
  readonly kind: 'update' | 'hops'
  readonly bytes: Uint8Array
}

export interface StoredBootstrap {
  readonly kind: 'bootstrap' | 'compact_bootstrap'
  readonly bytes: Uint8Array
}

/** An update of finality; of either kind, as whoever followed had it. */
export interface StoredHead {
  readonly kind: 'finality_update' | 'compact_finality_update'
  readonly bytes: Uint8Array
}

export interface StoredChain {
  readonly bootstrap: StoredBootstrap
  /** From committee to committee, in order of their periods. */
  readonly steps: readonly StoredStep[]
  /** The newest finality that was proven from there on; null: none. */
  readonly head: StoredHead | null
}

export interface EvidenceStore {
  /** Begins to read, so that the next `load` has less to wait for. */
  ahead(): void
  load(): Promise<StoredChain | null>
  /** For a bootstrap whose age was judged: it is not judged again, only that of the newest step. */
  start(bootstrap: StoredBootstrap): Promise<void>
  append(step: StoredStep): Promise<void>
  keepHead(head: StoredHead): Promise<void>
  /** The contradiction that ended trust in this checkpoint, as `writeContradiction` gives it. */
  contradiction(): Promise<string | null>
  keepContradiction(text: string): Promise<void>
}

interface State {
  readonly version: number
  readonly bootstrap: StoredBootstrap['kind']
  readonly steps: StoredStep['kind'][]
}

const VERSION = 2
/** By the first byte of what is kept. */
const HEAD_KINDS = ['finality_update', 'compact_finality_update'] as const

function readState(written: Uint8Array): State | null {
  try {
    const state = JSON.parse(new TextDecoder().decode(written)) as State | null
    return state?.version === VERSION && Array.isArray(state.steps) ? state : null
  } catch {
    return null
  }
}

/** Keeps networks apart by what they are, not by what they are called. */
export const networkKey = (profile: NetworkProfile): string =>
  `${profile.chainId}-${profile.genesis.validatorsRoot.slice(2, 10)}`

/** One chain of evidence per network and checkpoint, so that networks never mix. */
export function createEvidenceStore(store: ByteStore, profile: NetworkProfile, checkpoint: Hex): EvidenceStore {
  const key = (part: string) => `ethereum/${networkKey(profile)}/${checkpoint}/${part}`
  let bootstrapKind: StoredBootstrap['kind'] = 'bootstrap'
  let kinds: StoredStep['kind'][] = []
  const writeState = () => {
    const state: State = { version: VERSION, bootstrap: bootstrapKind, steps: kinds }
    return store.write(key('state'), new TextEncoder().encode(JSON.stringify(state)))
  }
  /** All of it, as it lies there. */
  async function read() {
    const [written, bootstrap, head] = await Promise.all(
      ['state', 'bootstrap', 'head'].map((part) => store.read(key(part))),
    )
    if (!written || !bootstrap) return null
    const state = readState(written)
    if (!state) return null // written by another version, or damaged: start again from the checkpoint
    const steps = await Promise.all(state.steps.map((_, i) => store.read(key(`step-${i}`))))
    return { state, bootstrap, head, steps }
  }
  let early: ReturnType<typeof read> | null = null

  return {
    ahead() {
      early = read()
      early.catch(() => {}) // said to whoever loads
    },
    async load() {
      const reading = early ?? read()
      early = null
      const found = await reading
      if (!found) return null
      const { state, bootstrap, head } = found
      const steps: StoredStep[] = []
      for (const [i, kind] of state.steps.entries()) {
        const step = found.steps[i]
        if (!step) break // a hole: what comes before it still holds
        steps.push({ kind, bytes: step })
      }
      bootstrapKind = state.bootstrap
      kinds = steps.map(({ kind }) => kind)
      const kind = HEAD_KINDS[head?.[0] ?? HEAD_KINDS.length]
      return {
        bootstrap: { kind: bootstrapKind, bytes: bootstrap },
        steps,
        head: head && kind ? { kind, bytes: head.slice(1) } : null,
      }
    },
    async start(bootstrap) {
      bootstrapKind = bootstrap.kind
      kinds = []
      await store.write(key('bootstrap'), bootstrap.bytes)
      await writeState()
    },
    async append({ kind, bytes }) {
      await store.write(key(`step-${kinds.length}`), bytes)
      kinds = [...kinds, kind]
      await writeState()
    },
    keepHead: ({ kind, bytes }) => store.write(key('head'), Uint8Array.of(HEAD_KINDS.indexOf(kind), ...bytes)),
    async contradiction() {
      const bytes = await store.read(key('contradiction'))
      return bytes && new TextDecoder().decode(bytes)
    },
    keepContradiction: (text) => store.write(key('contradiction'), new TextEncoder().encode(text)),
  }
}
