/** Random programs, executed here on proven state and by an unmodified anvil: results, gas and access lists agree. */
import { FIXTURE_CONTRACT } from '@glowworm/devnet'
import type { CallRequest, Hex } from '@glowworm/light-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askNode, type Following, followDevnet } from './devnet-client.ts'
import { randomFrom, randomProgram } from './random-code.ts'

const FROM: Hex = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const SUBJECT: Hex = '0x00000000000000000000000000000000000c0de1'
const OTHER: Hex = '0x00000000000000000000000000000000000c0de2'
const ADDRESSES = [SUBJECT, OTHER, FROM, FIXTURE_CONTRACT, '0x000000000000000000000000000000000000dead']
const GAS = 2_000_000n
/** A price is offered: without one geth, whom we follow, shows calls a base fee of zero, and anvil the block's. */
const PRICE = 2_000_000_000n

describe.each([
  ['capella', 30],
  ['deneb', 30],
  ['electra', 120],
  ['fulu', 120],
] as const)('on blocks of %s', (fork, programs) => {
  let following: Following
  beforeAll(async () => {
    following = await followDevnet({ forks: { [fork]: 0 }, pastPeriods: 1 })
    await following.client.ready()
  })
  afterAll(() => following?.close())

  it(`${programs} programs do the same, for the same gas`, async () => {
    const { devnet, client } = following
    const { optimistic } = await client.ready()
    const random = randomFrom(fork.charCodeAt(0) * 7919)
    const block = `0x${optimistic.blockNumber.toString(16)}`
    for (let i = 0; i < programs; i++) {
      const options = { fork, addresses: ADDRESSES, steps: 4 + random.number(24), blockNumber: optimistic.blockNumber }
      const code = randomProgram(random, options)
      const other = randomProgram(random, { ...options, steps: 6 })
      const overrides = {
        [SUBJECT]: { code, balance: 10n ** 18n, stateDiff: { [word(1)]: word(7), [word(2)]: word(1n << 200n) } },
        [OTHER]: { code: other, balance: 5n },
      }
      const data = `0x${'c0ffee'.repeat(random.number(30))}` as Hex
      const call: CallRequest = {
        from: FROM,
        to: SUBJECT,
        gas: GAS,
        gasPrice: PRICE,
        data,
        value: BigInt(random.number(2)),
      }
      const json = { from: FROM, to: SUBJECT, gas: hex(GAS), gasPrice: hex(PRICE), data, value: hex(call.value!) }
      const theirs = await askNode(devnet, 'eth_call', [json, block, toJson(overrides)])
      const { verified } = await client.call(call, { at: 'optimistic', stateOverrides: overrides })
      const ours = verified.value
      const context = `program ${i}: ${code} with ${other} data ${data}`
      if (ours.status === 'success') expect(theirs.result, context).toBe(ours.returnData)
      else {
        expect(theirs.error, context).toBeDefined()
        if (ours.status === 'revert') expect(theirs.error?.data ?? '0x', context).toBe(ours.returnData)
      }
    }
  }, 120_000)

  // As creation code a program needs no overrides, which anvil does not take for access lists.
  it(`${programs / 2} programs cost the same, and touch the same`, async () => {
    const { devnet, client } = following
    const { optimistic } = await client.ready()
    const random = randomFrom(fork.charCodeAt(0) * 104_729)
    const block = `0x${optimistic.blockNumber.toString(16)}`
    for (let i = 0; i < programs / 2; i++) {
      const options = { fork, addresses: ADDRESSES, steps: 2 + random.number(12), blockNumber: optimistic.blockNumber }
      const data = randomProgram(random, options)
      const call: CallRequest = { from: FROM, to: null, gas: GAS, gasPrice: PRICE, data }
      const json = { from: FROM, gas: hex(GAS), gasPrice: hex(PRICE), data }
      const ours = (await client.createAccessList(call, { at: 'optimistic' })).verified.value
      const context = `program ${i}: ${data}`
      const theirs = await askNode(devnet, 'eth_createAccessList', [json, block])
      expect(theirs.error === undefined, context).toBe(ours.error === null)
      if (theirs.error) continue
      expect(ours, context).toMatchObject(withoutCoinbase(theirs.result as AccessListJson))

      const { gas } = (await client.estimateGas(call, { at: 'optimistic' })).verified.value
      const least = BigInt((await askNode(devnet, 'eth_estimateGas', [json, block])).result as Hex)
      const { gasUsed } = (await client.call(call, { at: 'optimistic' })).verified.value
      const again = await askNode(devnet, 'eth_call', [{ ...json, gas: hex(gas!) }, block])
      expect(again.error, context).toBeUndefined()
      expect(gas, context).toBeGreaterThanOrEqual(least)
      // anvil searches to the last unit; geth's rules stop at 1.5 %. Programs that look at their gas have several answers.
      if (least >= gasUsed) expect(gas, context).toBeLessThanOrEqual((least * 1016n) / 1000n)
    }
  }, 120_000)
})

const word = (value: number | bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`
const hex = (value: bigint): Hex => `0x${value.toString(16)}`
const toJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? hex(field) : field)))

interface AccessListJson {
  readonly accessList: readonly { readonly address: Hex; readonly storageKeys: readonly Hex[] }[]
  readonly gasUsed: Hex
}

/** anvil names the block's fee recipient (here: zero) though it is warm anyway, which costs 2,400 more. */
function withoutCoinbase({ accessList, gasUsed }: AccessListJson) {
  const kept = accessList.filter(({ address }) => BigInt(address) !== 0n)
  return {
    accessList: kept
      .map(({ address, storageKeys }) => ({ address, storageKeys: [...storageKeys].sort() }))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
    gasUsed: BigInt(gasUsed) - 2400n * BigInt(accessList.length - kept.length),
  }
}
