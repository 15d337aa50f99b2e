/** Forced updates: never by themselves, only under the specification's condition, and labelled ever after. */
import {
  createLightClient,
  type EvidenceSource,
  FORCE_UPDATE_WORDS,
  type LightClient,
  NotAvailable,
} from '@glowworm/light-client'
import { finalityOf } from '@glowworm/light-client/ledgers/ethereum/block-history'
import { timeOfSlot } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { LightClientStore } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/store'
import { joinUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { loadEngines } from '@glowworm/wasm-core'
import { afterEach, describe, expect, it } from 'vitest'
import { runCli } from '../run-cli.ts'
import { type SignedChain, signedChain } from './signed-chain.ts'

const engines = await loadEngines()
const seats = (count: number) => Array.from({ length: count }, (_, seat) => seat)
/** Period 0 has an update that too few signed; period 1 is in order again. */
const chainWith = (absent: number, name = 'one') =>
  signedChain({
    preset: PRESETS.minimal,
    forks: [{ name: 'deneb', epoch: 0 }],
    periods: [
      { finalized: 8, attested: 40, signature: 41, absent: seats(absent) },
      { finalized: 8, attested: 40, signature: 41, absent: [] },
    ],
    name,
  })

function sourceOf(chain: SignedChain, updates = chain.updates, id = 'a source'): EvidenceSource {
  const description = { id, carrier: 'beacon-rest', words: id } as const
  return {
    description,
    serves: (type) => type === 'bootstrap' || type === 'updates',
    async request(request) {
      if (request.type === 'bootstrap') return { bytes: chain.bootstrap, from: description }
      if (request.type !== 'updates') throw new NotAvailable(id, request.type)
      const wanted = updates.slice(request.startPeriod, request.startPeriod + request.count)
      if (wanted.length === 0) throw new NotAvailable(id, 'updates')
      return { bytes: joinUpdates(wanted), from: description }
    },
    close: async () => {},
  }
}

let client: LightClient | null = null
afterEach(async () => {
  await client?.close()
  client = null
})
async function follow(chain: SignedChain, slot: number, sources = [sourceOf(chain)]): Promise<LightClient> {
  const opened = createLightClient({
    profile: chain.profile,
    engines,
    trust: { checkpoint: chain.checkpoint },
    sources,
    clock: {
      now: () => timeOfSlot(chain.profile, slot),
      sleep: (_, signal) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, 20)
          signal?.addEventListener('abort', () => {
            clearTimeout(timer)
            reject(signal.reason)
          })
        }),
    },
  })
  client = opened
  // A liar among the sources delays the first head by a round.
  for (let i = 0; i < 200 && finalizedSlot(opened) === undefined; i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  return opened
}
const finalizedSlot = ({ status }: LightClient) => ('head' in status ? status.head?.finalized.slot : undefined)
/** UPDATE_TIMEOUT of the minimal preset is 64 slots; the bootstrap is of slot 1. */
const DUE = 66

describe.each([12, 20, 31])('with %i of 32 seats absent', (absent) => {
  const chain = chainWith(absent)
  const signed = 32 - absent

  it('nothing moves by itself, however long it lasts', async () => {
    const following = await follow(chain, 300)
    await new Promise((resolve) => setTimeout(resolve, 200)) // several rounds of looking for news
    expect(following.status).toMatchObject({ head: { finalized: { slot: 1 } } })
    expect(following.forced).toBeNull()
    expect((await following.baseFee()).verified.finality.words).toBe('proven · may still change')
  })

  it('is refused before the time, and without the words', async () => {
    const now = [sourceOf(chain, chain.updates.slice(0, 1))]
    const following = await follow(chain, DUE - 1, now)
    await expect(following.forceUpdate(FORCE_UPDATE_WORDS)).rejects.toMatchObject({ code: 'FORCE_UPDATE_REFUSED' })
    await following.close()
    const later = await follow(chain, DUE, now)
    for (const words of ['', 'yes', FORCE_UPDATE_WORDS.toUpperCase()])
      await expect(later.forceUpdate(words)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        next: expect.stringContaining('false balances'),
      })
    expect(later.forced).toBeNull()
  })

  it('is taken when it is due and said, and everything afterwards says so', async () => {
    const following = await follow(chain, DUE, [sourceOf(chain, chain.updates.slice(0, 1))])
    const forced = { slot: 8, participants: signed, committee: 32 }
    expect(await following.forceUpdate(FORCE_UPDATE_WORDS)).toEqual(forced)
    expect(following.forced).toEqual(forced)
    expect(finalizedSlot(following)).toBe(8)
    const { finality } = (await following.baseFee()).verified
    expect(finality).toEqual({ level: 'proven', words: 'accepted by force · not finalized by two thirds' })
    const anchor = { checkpoint: chain.checkpoint, store: {} as LightClientStore }
    expect(finalityOf(anchor, 'finalized').level).toBe('final')
    expect(finalityOf({ ...anchor, forced }, 'finalized')).toEqual(finality)
  })
})

it('leads on to what is in order, which stays labelled', async () => {
  const chain = chainWith(20)
  const following = await follow(chain, 64 + 50)
  await following.forceUpdate(FORCE_UPDATE_WORDS)
  for (let i = 0; i < 200 && finalizedSlot(following) !== 72; i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect(finalizedSlot(following)).toBe(72)
  expect((await following.baseFee()).verified.finality.words).toContain('accepted by force')
})

it('an update of another chain, or a false one, is not taken by force either', async () => {
  const chain = chainWith(20)
  const broken = chain.updates.map((update) => {
    const bytes = update.slice()
    bytes[bytes.length - 20]! ^= 1 // in the signature
    return bytes
  })
  for (const updates of [chainWith(20, 'another').updates.slice(0, 1), broken.slice(0, 1), []]) {
    const sources = [sourceOf(chain, [], 'honest'), sourceOf(chain, updates, 'liar')]
    const following = await follow(chain, DUE, sources)
    await expect(following.forceUpdate(FORCE_UPDATE_WORDS)).rejects.toMatchObject({ code: 'FORCE_UPDATE_REFUSED' })
    expect(following.forced).toBeNull()
    await following.close()
  }
})

it('the best of several sources is taken', async () => {
  const few = chainWith(31)
  const more = chainWith(14)
  expect(few.checkpoint).toBe(more.checkpoint)
  for (const order of [
    [few, more],
    [more, few],
  ]) {
    const sources = order.map((one, i) => sourceOf(one, one.updates.slice(0, 1), `source ${i}`))
    const following = await follow(few, DUE, sources)
    expect(await following.forceUpdate(FORCE_UPDATE_WORDS)).toMatchObject({ participants: 18 })
    await following.close()
  }
})

it('where finality goes on, nothing can be forced', async () => {
  const chain = chainWith(0)
  const following = await follow(chain, 64 + 50)
  await expect(following.forceUpdate(FORCE_UPDATE_WORDS)).rejects.toMatchObject({ code: 'FORCE_UPDATE_REFUSED' })
})

it('the command wants the very words, and says what they risk', async () => {
  const chain = ['--checkpoint', `0x${'11'.repeat(32)}`, '--beacon', 'http://127.0.0.1:9']
  const { code, stderr } = await runCli(['sync', '--once', ...chain, '--force-update', 'yes'])
  expect(code).toBe(2)
  expect(stderr).toContain('false balances')
  expect(stderr).toContain(`--force-update "${FORCE_UPDATE_WORDS}"`)
  const elsewhere = await runCli([
    'get',
    'balance',
    `0x${'11'.repeat(20)}`,
    ...chain,
    '--force-update',
    FORCE_UPDATE_WORDS,
  ])
  expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringContaining('sync only') })
})
