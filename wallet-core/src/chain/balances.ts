/** Proven balances of the wallet's accounts. A value once proven stays, with its age, until a newer proof replaces it. */
import type { HeadChoice, Hex, LightClient } from '@glowworm/light-client'
import { problemOf } from '../errors.ts'
import type { Pulse, Shown } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { awaited, shownProven } from '../facade/shown.ts'

export interface Balances {
  of(address: Hex, at: HeadChoice, pulse: Pulse): Shown<bigint>
  /** The nonce that was proven together with the newest balance; null before. */
  nonceOf(address: Hex): bigint | null
  /** Shows what an earlier run proved, proven again now, where nothing newer is proven yet. Never rejects. */
  showKept(client: LightClient, addresses: readonly Hex[]): Promise<void>
  /** Proves both balances of every address against the heads of this moment. Never rejects. */
  refresh(client: LightClient, addresses: readonly Hex[]): Promise<void>
  /** Forgets all proofs. A round under way has no effect any more, and nobody waits for it. */
  clear(): void
}

export function createBalances(handles: Handles, changed: () => void): Balances {
  let shown = new Map<string, Shown<bigint>>()
  const nonces = new Map<Hex, bigint>()
  let running: Promise<void> | null = null
  let again: (() => Promise<void>) | null = null

  async function prove(client: LightClient, addresses: readonly Hex[]): Promise<void> {
    const mine = shown
    const jobs = addresses.flatMap((address) => (['optimistic', 'finalized'] as const).map((at) => ({ address, at })))
    await Promise.all(
      jobs.map(async ({ address, at }) => {
        const key = `${address} ${at}`
        try {
          const answer = await client.account(address, at)
          if (mine !== shown) return
          if (at === 'optimistic') nonces.set(address, answer.verified.value.nonce)
          mine.set(
            key,
            shownProven(answer, handles, (account) => account.balance),
          )
        } catch (error) {
          if (mine.get(key)?.kind !== 'proven') mine.set(key, { kind: 'unproven', problem: problemOf(error) })
        }
        if (mine === shown) changed()
      }),
    )
  }

  return {
    nonceOf: (address) => nonces.get(address) ?? null,
    async showKept(client, addresses) {
      const mine = shown
      const one = async (address: Hex) => {
        const answer = await client.keptAccount(address)
        if (!answer || mine !== shown) return
        const kept = { ...shownProven(answer, handles, (account) => account.balance), kept: true } as Shown<bigint>
        for (const at of ['optimistic', 'finalized']) {
          const key = `${address} ${at}`
          if (mine.get(key)?.kind !== 'proven') mine.set(key, kept)
        }
        changed()
      }
      await Promise.allSettled(addresses.map(one))
    },
    of: (address, at, pulse) => shown.get(`${address} ${at}`) ?? awaited(pulse),
    async refresh(client, addresses) {
      // One round at a time; what comes meanwhile is one more round, for the newest wish.
      const work = () => prove(client, addresses)
      if (running) {
        again = work
        return running
      }
      const mine = shown
      running = work()
      try {
        await running
        while (again && mine === shown) {
          const next: () => Promise<void> = again
          again = null
          running = next()
          await running
        }
      } finally {
        if (mine === shown) running = null
      }
    },
    clear() {
      shown = new Map()
      nonces.clear()
      again = null
      running = null
    },
  }
}
