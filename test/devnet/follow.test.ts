/** The light client against a live devnet: follows, proves, sends, and proves the receipt; then every lie. */

import {
  type Devnet,
  FIXTURE_CODE,
  FIXTURE_CONTRACT,
  FIXTURE_STORAGE,
  LIAR_MODES,
  type Liar,
  startDevnet,
  startLiar,
} from '@glowworm/devnet'
import type { EvidenceSource, Hex } from '@glowworm/light-client'
import { createLightClient, GlowwormError, isVerified, type LightClient } from '@glowworm/light-client'
import { forgetAccounts } from '@glowworm/light-client/application/kept-accounts'
import { fromHex } from '@glowworm/light-client/data/hex'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { loadEngines } from '@glowworm/wasm-core'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const engines = await loadEngines()
const SENDER = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const RECIPIENT: Hex = '0x00000000000000000000000000000000000c0ffe'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
})
afterAll(() => devnet?.close())

/** A clock that shows the devnet's time; sleeping is short, so that a manual chain is followed at once. */
const clock = () => ({
  now: () => devnet.time() * 1000,
  sleep: (_milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, 20)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
})

function follow(
  urls: { beacon: string[]; execution: string[] },
  more: Partial<Parameters<typeof createLightClient>[0]> = {},
): LightClient {
  const { profile } = devnet
  return createLightClient({
    profile,
    engines,
    trust: { checkpoint: devnet.checkpoint },
    clock: clock(),
    sources: [
      ...urls.beacon.map((url) =>
        beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp, timeoutMilliseconds: 700 }),
      ),
      ...urls.execution.map((url) => executionRpcSource({ url, http: platformHttp, timeoutMilliseconds: 700 })),
    ],
    ...more,
  })
}
const honest = () => ({ beacon: [devnet.beaconUrl], execution: [devnet.executionUrl] })

async function until<T>(what: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const found = await what()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it did not happen')
}

describe('following an honest devnet', () => {
  it('proves accounts, absence, storage, code and the next base fee', async () => {
    const client = follow(honest())
    try {
      const head = await client.ready()
      expect(head.finalized.slot).toBeGreaterThan(190)
      const funded = await client.account(SENDER.address.toLowerCase() as Hex)
      expect(isVerified(funded.verified)).toBe(true)
      expect(isVerified({ ...funded.verified })).toBe(false)
      expect(funded.verified.value).toMatchObject({ exists: true })
      expect(funded.verified.value.balance).toBeGreaterThan(10n ** 18n)
      expect(funded.verified.finality.level).toBe('final')
      expect(funded.trail.map(({ stage }) => stage)).toEqual(['checkpoint', 'committee', 'header', 'account', 'value'])
      const absent = await client.account('0x1234567890123456789012345678901234567890')
      expect(absent.verified.value).toMatchObject({ exists: false, balance: 0n })
      expect((await client.code(FIXTURE_CONTRACT)).verified.value).toBe(FIXTURE_CODE)
      for (const [slot, value] of Object.entries(FIXTURE_STORAGE))
        expect(
          BigInt(
            (await client.storage(FIXTURE_CONTRACT, `0x${BigInt(slot).toString(16).padStart(64, '0')}`)).verified.value,
          ),
        ).toBe(BigInt(value))
      const fee = await client.baseFee()
      const next = await devnet.execution<{ baseFeePerGas: Hex }>('eth_getBlockByNumber', 'pending', false)
      expect(fee.verified.value).toBe(BigInt(next.baseFeePerGas))
    } finally {
      await client.close()
    }
  })

  it('sends a transaction, proves its receipt, and later its finality; across committee periods', async () => {
    const client = follow(honest())
    try {
      const { finalized } = await client.ready()
      const nonce = await client.pendingNonce(SENDER.address.toLowerCase() as Hex)
      const tip = await client.tipHint()
      const gas = await client.gasHint({
        from: SENDER.address.toLowerCase() as Hex,
        to: RECIPIENT,
        value: 5n,
        data: '0x',
      })
      expect(gas.value).toBe(21_000n)
      const raw = await SENDER.signTransaction({
        chainId: devnet.profile.chainId,
        type: 'eip1559',
        nonce: Number(nonce.value),
        to: RECIPIENT,
        value: 5n,
        gas: gas.value,
        maxFeePerGas: 10n ** 11n,
        maxPriorityFeePerGas: tip.value,
      })
      const { value: hash } = await client.sendTransaction(raw)
      expect(await client.receipt(hash)).toBeNull()
      await devnet.advance(2)
      const included = await until(() => client.receipt(hash))
      expect(included.verified.value).toMatchObject({ success: true, gasUsed: 21_000n, transactionHash: hash })
      expect(included.verified.finality.level).toBe('proven')
      const sent = await client.transaction(hash)
      expect(sent?.verified.value.raw).toBe(raw)
      const balance = await client.account(RECIPIENT, 'optimistic')
      expect(balance.verified.value.balance).toBe(5n)
      await devnet.advance(130) // two more committee periods
      await until(
        async () => client.status.state === 'following' && client.status.head.finalized.slot > finalized.slot + 64,
      )
      const final = await until(async () => {
        const answer = await client.receipt(hash)
        return answer?.verified.finality.level === 'final' ? answer : null
      })
      expect(final.verified.value).toEqual(included.verified.value)
    } finally {
      await client.close()
    }
  })

  it('gives the newest head there is to whoever waits for the first one', async () => {
    const client = follow(honest())
    const { finalized, optimistic, participation } = await client.ready()
    await client.close()
    // The signatures counted are those under that very header, not the most that were ever seen.
    const answer = await fetch(`${devnet.beaconUrl}/eth/v1/beacon/light_client/optimistic_update`)
    const { data } = (await answer.json()) as {
      data: { attested_header: { beacon: { slot: string } }; sync_aggregate: { sync_committee_bits: Hex } }
    }
    expect(optimistic.slot).toBe(Number(data.attested_header.beacon.slot))
    const bits = BigInt(data.sync_aggregate.sync_committee_bits).toString(2)
    expect(participation).toBe([...bits].filter((bit) => bit === '1').length)
    expect(optimistic.slot).toBeGreaterThanOrEqual(devnet.chain.head().slot - 2)
    expect(finalized.slot).toBeGreaterThan(devnet.chain.head().slot - 40)
  })

  it('proves a receipt hundreds of blocks back by the history contract, in a handful of requests', async () => {
    const nonce = Number(await devnet.execution<Hex>('eth_getTransactionCount', SENDER.address, 'latest'))
    const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n }
    const raw = await SENDER.signTransaction({
      chainId: devnet.profile.chainId,
      type: 'eip1559',
      nonce,
      to: RECIPIENT,
      value: 1n,
      gas: 21_000n,
      ...fees,
    })
    const hash = await devnet.execution<Hex>('eth_sendRawTransaction', raw)
    await devnet.advance(600)
    const { profile } = devnet
    let requests = 0
    const execution = executionRpcSource({
      url: devnet.executionUrl,
      http: (request) => {
        requests++
        return platformHttp(request)
      },
    })
    const client = follow(
      { beacon: [], execution: [] },
      {
        sources: [
          beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp }),
          execution,
        ],
      },
    )
    const answer = await client.receipt(hash)
    expect(answer?.verified.value.success).toBe(true)
    expect(answer?.verified.finality.level).toBe('final')
    expect(requests).toBeLessThan(12)
    await client.close()
  })

  it('follows from a peer alone: there by hops, on with the keys of the newest committees', async () => {
    const bridge = follow(honest(), { way: 'updates' })
    const kept = memoryStore()
    try {
      await bridge.ready()
      const asked: string[] = []
      const peer: EvidenceSource = {
        ...bridge.served,
        request: (request, signal) => {
          asked.push(request.type)
          return bridge.served.request(request, signal)
        },
      }
      const alone = () => follow({ beacon: [], execution: [] }, { sources: [peer], store: kept })
      const client = alone()
      const head = await client.ready()
      expect(head.finalized).toEqual((await bridge.ready()).finalized)
      expect(client.effort.hops).toBe(client.effort.periods)
      expect(client.effort.hops).toBeGreaterThan(3)
      // Across two more periods: each committee is first known by its root, and its keys are loaded when it signs.
      for (let i = 0; i < 10; i++) {
        await devnet.advance(13)
        const { slot } = devnet.chain.head()
        await until(async () => client.status.state === 'following' && client.status.head.optimistic.slot >= slot - 1)
      }
      expect(client.status).toMatchObject({ state: 'following' })
      expect(asked).toContain('compact_finality_update')
      expect(asked.filter((type) => type === 'committee').length).toBeGreaterThanOrEqual(3)
      await client.close()
      // What was kept are hops; they are proven again, and a beacon node can take over from there.
      const again = follow({ beacon: [devnet.beaconUrl], execution: [] }, { store: kept })
      const { finalized } = await again.ready()
      expect(finalized.slot).toBeGreaterThan(head.finalized.slot + 64)
      expect(again.effort.hops).toBeGreaterThan(4)
      await again.close()
    } finally {
      await bridge.close()
    }
  })

  it('does not move its head for a handful of signatures, even right after a bootstrap', async () => {
    const { participation } = devnet.conditions
    devnet.conditions.participation = () => 3 / 32
    try {
      await devnet.advance(3)
      const client = follow(honest())
      const { optimistic } = await client.ready()
      await client.close()
      expect(optimistic.slot).toBeLessThan(devnet.chain.head().slot - 2)
    } finally {
      devnet.conditions.participation = participation
      await devnet.advance(2)
    }
  })

  it('starts again from kept evidence, without asking for it', async () => {
    const store = memoryStore()
    const first = follow(honest(), { store })
    const { finalized } = await first.ready()
    await first.close()
    const asked: string[] = []
    const { profile } = devnet
    const source = beaconRestSource({
      url: devnet.beaconUrl,
      profile,
      hashes: engines.hashes,
      http: (request) => {
        asked.push(request.url)
        return platformHttp(request)
      },
    })
    const second = follow({ beacon: [], execution: [] }, { store, sources: [source] })
    await until(async () => second.status.state === 'following' && second.status.head.finalized.slot >= finalized.slot)
    await second.close()
    expect(asked.some((url) => url.includes('bootstrap'))).toBe(false)
  })

  it('waits for its first source after a start from kept evidence, instead of asking nobody', async () => {
    const store = memoryStore()
    const first = follow(honest(), { store })
    const { finalized } = await first.ready()
    await first.close()
    const { profile, beaconUrl, executionUrl } = devnet
    const second = follow({ beacon: [], execution: [] }, { store })
    const asked = second.account(devnet.accounts[3]!.address)
    asked.catch(() => {})
    await until(async () => second.status.state === 'starting' && second.status.kept)
    // as long as the evidence is proven again, and beyond
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(second.status).toMatchObject({ state: 'starting', kept: { finalized } })
    second.addSource(executionRpcSource({ url: executionUrl, http: platformHttp }))
    second.addSource(beaconRestSource({ url: beaconUrl, profile, hashes: engines.hashes, http: platformHttp }))
    expect((await asked).verified.value.balance).toBe(10_000n * 10n ** 18n)
    await second.close()
  })

  describe('what an account was proven with', () => {
    const address = () => devnet.accounts[4]!.address
    const nobody = { beacon: [], execution: [] }

    it('is kept if so wished, and proven again before anybody is asked', async () => {
      const store = memoryStore()
      const first = follow(honest(), { store, keepAccounts: true })
      const { finalized } = await first.ready()
      expect(await first.keptAccount(address())).toBeNull()
      const { verified } = await first.account(address())
      await first.account(address(), 'optimistic')
      await first.close()
      const second = follow(nobody, { store, keepAccounts: true })
      const kept = await second.keptAccount(address().toUpperCase().replace('0X', '0x') as Hex)
      expect(isVerified(kept!.verified)).toBe(true)
      expect(kept!.verified).toEqual({ ...verified, checkedAt: expect.any(Number) })
      expect(kept!.verified.anchor).toMatchObject({ hash: finalized.blockHash, time: finalized.time })
      expect(kept!.trail.map(({ stage }) => stage)).toEqual(['checkpoint', 'committee', 'header', 'account', 'value'])
      const suppliers = kept!.trail.slice(0, 4).map(({ suppliedBy }) => suppliedBy?.words)
      expect(new Set(suppliers)).toEqual(new Set(['evidence kept on this device']))
      expect(await second.keptAccount(devnet.accounts[5]!.address)).toBeNull()
      expect(second.status.state).toBe('starting')
      await second.close()
      await forgetAccounts(store, devnet.profile)
      const third = follow(nobody, { store, keepAccounts: true })
      expect(await third.keptAccount(address())).toBeNull()
      await third.close()
    })

    it('is not kept unless so wished', async () => {
      const inner = memoryStore()
      const written: string[] = []
      const store = {
        ...inner,
        write: (key: string, value: Uint8Array) => {
          written.push(new TextDecoder().decode(value))
          return inner.write(key, value)
        },
      }
      const first = follow(honest(), { store })
      await first.account(address())
      await first.close()
      expect(written.length).toBeGreaterThan(0)
      expect(written.join()).not.toContain(address().toLowerCase())
      const second = follow(nobody, { store, keepAccounts: true })
      expect(await second.keptAccount(address())).toBeNull()
      await second.close()
    })

    it('shows nothing when it was tampered with, cannot be read, or belongs to another head', async () => {
      const store = memoryStore()
      const first = follow(honest(), { store, keepAccounts: true })
      await first.account(address())
      const key = `ethereum/${devnet.profile.chainId}-${devnet.profile.genesis.validatorsRoot.slice(2, 10)}/accounts`
      await until(async () => (await store.read(key)) !== null)
      const whole = new TextDecoder().decode((await store.read(key))!)
      const kept = async () => {
        const client = follow(nobody, { store, keepAccounts: true })
        try {
          return await client.keptAccount(address())
        } finally {
          await client.close()
        }
      }
      expect(await kept()).not.toBeNull()
      const from = whole.indexOf('"0x', whole.indexOf('\\"account\\"')) + 3
      for (let i = 0; i < 8; i++) {
        const at = from + Math.floor(((whole.length - from - 8) * i) / 8)
        const digit = whole[at] === '0' ? '1' : '0'
        if (!/[0-9a-f]/.test(whole[at]!)) continue
        await store.write(key, new TextEncoder().encode(whole.slice(0, at) + digit + whole.slice(at + 1)))
        expect(await kept()).toBeNull()
      }
      await store.write(key, new TextEncoder().encode('{"version":1,"accounts":7}'))
      expect(await kept()).toBeNull()
      await store.write(key, new TextEncoder().encode(whole))
      expect(await kept()).not.toBeNull()
      // the chain goes on, and this account is not asked about again
      const { finalized } = await first.ready()
      await devnet.advance(devnet.profile.preset.SLOTS_PER_EPOCH)
      const moved = () => first.status.state === 'following' && first.status.head.finalized.slot > finalized.slot
      await until(async () => moved())
      await first.close()
      expect(await kept()).toBeNull()
    })

    it('fails as the start does, with null', async () => {
      const client = follow(nobody, { store: memoryStore(), keepAccounts: true })
      expect(await client.keptAccount(address())).toBeNull()
      await client.close()
      expect(await client.keptAccount(address())).toBeNull()
    })
  })

  it('refuses a checkpoint beyond the weak-subjectivity period, and says what to do', async () => {
    const old = { ...clock(), now: () => (devnet.time() + 16 * 86_400) * 1000 }
    const client = follow(honest(), { clock: old })
    await expect(client.ready()).rejects.toMatchObject({ code: 'STALE_CHECKPOINT', kind: 'stale' })
    await client.close()
  })
})

describe('forks', () => {
  it('follows across Fulu with blob parameters and into Gloas, and proves under a block it had to ask for', async () => {
    const forked = await startDevnet({
      mode: 'manual',
      forks: { capella: 0, deneb: 4, electra: 8, fulu: 12, gloas: 26 },
      blobSchedule: [{ epoch: 14, maxBlobs: 12 }],
    })
    try {
      const { profile, checkpoint } = forked
      const client = createLightClient({
        profile,
        engines,
        trust: { checkpoint },
        clock: { ...clock(), now: () => forked.time() * 1000 },
        sources: [
          beaconRestSource({ url: forked.beaconUrl, profile, hashes: engines.hashes, http: platformHttp }),
          executionRpcSource({ url: forked.executionUrl, http: platformHttp }),
        ],
      })
      const before = await client.ready()
      await forked.advance(64)
      await until(
        async () =>
          client.status.state === 'following' &&
          client.status.head.finalized.slot > Math.max(before.finalized.slot + 32, 26 * 8),
      )
      const { verified } = await client.account(SENDER.address.toLowerCase() as Hex)
      expect(verified.value.balance).toBeGreaterThan(0n)
      expect((await client.code(FIXTURE_CONTRACT)).verified.value).toBe(FIXTURE_CODE)
      const fee = await client.baseFee()
      expect(fee.verified.value).toBeGreaterThan(0n)
      await client.close()
    } finally {
      await forked.close()
    }
  })
})

describe('a liar', () => {
  let liar: Liar
  beforeAll(async () => {
    liar = await startLiar({ beaconUrl: devnet.beaconUrl, executionUrl: devnet.executionUrl })
  })
  afterAll(() => liar?.close())
  const lies = LIAR_MODES.filter((mode) => mode !== 'honest')

  it.each(lies)('alone, %s: nothing false is ever proven', async (mode) => {
    liar.mode = mode
    const client = follow({ beacon: [liar.beaconUrl], execution: [liar.executionUrl] })
    try {
      await devnet.advance(1)
      const truth = await devnet.execution<Hex>('eth_getBalance', SENDER.address, 'latest')
      const outcome = await attempt(client)
      if (outcome instanceof GlowwormError) expect(outcome.message).not.toBe('')
      else {
        // Some lies leave an account proof alone; what is proven then is the truth.
        expect(outcome.balance).toBeGreaterThan(0n)
        expect(outcome.balance - BigInt(truth)).toBeLessThan(10n ** 18n)
        expect(BigInt(truth) - outcome.balance).toBeLessThan(10n ** 18n)
        expect(outcome.code).toBe(FIXTURE_CODE)
        for (const [slot, value] of Object.entries(outcome.slots))
          expect(BigInt(value)).toBe(BigInt(FIXTURE_STORAGE[slot as Hex] ?? 0n))
      }
    } finally {
      await client.close()
    }
  })

  it.each(lies)('beside one honest source, %s: the client goes on', async (mode) => {
    liar.mode = mode
    const client = follow({
      beacon: [liar.beaconUrl, devnet.beaconUrl],
      execution: [liar.executionUrl, devnet.executionUrl],
    })
    try {
      await until(async () => client.status.state === 'following')
      const { verified } = await client.account(SENDER.address.toLowerCase() as Hex)
      expect(verified.value.balance).toBeGreaterThan(0n)
      const { verified: code } = await client.code(FIXTURE_CONTRACT)
      expect(code.value).toBe(FIXTURE_CODE)
    } finally {
      await client.close()
    }
  })

  it('who names a false block, or a false place in it, can neither hide a receipt nor get an honest source banned', async () => {
    const block = await recentBlockWithTransaction()
    const hash = block.transactions[0]!
    const liesAboutPlaces = (id: string, place: Uint8Array): EvidenceSource => {
      const description = { id, carrier: 'webrtc', words: id } as const
      return {
        description,
        serves: (type) => type === 'transaction_location',
        request: async () => ({ bytes: place, from: description }),
        close: async () => {},
      }
    }
    const place = (blockHash: Hex, index: number) =>
      Uint8Array.from([...fromHex(blockHash, 'hash', 32), 0, 0, 0, index])
    const { hash: other } = await devnet.execution<{ hash: Hex }>('eth_getBlockByNumber', '0x5', false)
    const client = follow(honest())
    client.addSource(liesAboutPlaces('invented block', place(`0x${'ab'.repeat(32)}`, 0)))
    client.addSource(liesAboutPlaces('other block', place(other, 0)))
    client.addSource(liesAboutPlaces('wrong index', place(block.hash, 7)))
    const answer = await client.receipt(hash)
    expect(answer?.verified.value).toMatchObject({ transactionHash: hash, transactionIndex: 0 })
    expect(client.sources.filter(({ lie }) => lie !== null)).toEqual([])
    await client.close()
  })

  async function recentBlockWithTransaction() {
    const head = Number(await devnet.execution<Hex>('eth_blockNumber'))
    for (let number = head - 30; number > head - 100; number--) {
      const tag = `0x${number.toString(16)}`
      const block = await devnet.execution<{ hash: Hex; transactions: Hex[] }>('eth_getBlockByNumber', tag, false)
      if (block.transactions.length > 0) return block
    }
    throw new Error('the devnet pokes its contract once an epoch, yet there is no transaction')
  }

  /** Everything a wallet would ask, or the first typed error. */
  async function attempt(client: LightClient) {
    try {
      await client.ready(AbortSignal.timeout(8000))
      const account = await client.account(SENDER.address.toLowerCase() as Hex, 'finalized')
      const code = await client.code(FIXTURE_CONTRACT)
      const slots: Record<string, Hex> = {}
      for (const slot of Object.keys(FIXTURE_STORAGE))
        slots[slot] = (
          await client.storage(FIXTURE_CONTRACT, `0x${BigInt(slot).toString(16).padStart(64, '0')}`)
        ).verified.value
      return { balance: account.verified.value.balance, code: code.verified.value, slots }
    } catch (error) {
      if (error instanceof GlowwormError) return error
      throw error
    }
  }
})
