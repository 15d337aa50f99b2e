/** The light client as the resolver: everything that explaining asks is proven at one of its heads. @module */
import type { HeadChoice, Hex, LightClient } from '@glowworm/light-client'
import type { Engines } from '@glowworm/wasm-core'
import { problemOf } from '../errors.ts'
import type { Shown } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { shownProven } from '../facade/shown.ts'
import type { Simulator } from './simulation/simulate.ts'

const READING_GAS = 1_000_000n
/** The light client works on eight calls at once; others want some, too. */
const AT_ONCE = 4

export function chainResolvers(options: {
  readonly client: LightClient
  readonly handles: Handles
  readonly engines: Engines
  readonly chainId: number
  /** Which head everything is proven at. */
  readonly head: HeadChoice
  /** ms since the epoch */
  readonly now: number
  /** When it aborts, whatever is still asked is unproven for its reason. */
  readonly signal: AbortSignal
}): Simulator {
  const { client, handles, engines, signal } = options
  const asked = new Map<string, Promise<Shown<unknown>>>()
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  aborted.catch(() => undefined)
  const inTurn = createTurns(AT_ONCE)

  /** Asks once for the same thing; an error becomes what is shown in place of the value. */
  function ask<T>(key: string, work: () => Promise<Shown<T>>): Promise<Shown<T>> {
    const known = asked.get(key) as Promise<Shown<T>> | undefined
    if (known) return known
    const running = Promise.race([inTurn(work, signal), aborted]).catch(
      (error: unknown): Shown<T> => ({ kind: 'unproven', problem: problemOf(error) }),
    )
    asked.set(key, running)
    return running
  }
  const at = { at: options.head, signal }

  return {
    keccak256: engines.hashes.keccak256,
    now: BigInt(Math.floor(options.now / 1000)),
    chainId: options.chainId,
    call: (to, data) =>
      ask(`call ${to} ${data}`, async () =>
        shownProven(await client.call({ to, data, gas: READING_GAS }, at), handles, ({ status, returnData }) => ({
          status,
          returnData,
        })),
      ),
    storage: (address, slot) =>
      ask(`storage ${address} ${slot}`, async () =>
        shownProven(await client.storage(address, slot, options.head), handles, (value) => value),
      ),
    code: (address: Hex) =>
      ask(`code ${address}`, async () =>
        shownProven(await client.code(address, options.head), handles, (value) => value),
      ),
    simulate: (calls, blockOverrides) =>
      ask(`simulate ${asked.size}`, async () =>
        shownProven(await client.simulate([{ calls, blockOverrides }], at), handles, ({ blocks }) => blocks[0]!.calls),
      ),
  }
}

function createTurns(atOnce: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
