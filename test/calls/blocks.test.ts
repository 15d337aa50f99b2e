/** Which blocks calls can be made on, with which rules, and what is said about the others. */
import { FIXTURE_CONTRACT } from '@glowworm/devnet'
import { type Hex, isVerified } from '@glowworm/light-client'
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askNode, type Following, followDevnet } from './devnet-client.ts'

const POKES: Hex = `0x${'0'.padStart(64, '0')}`
const FROM: Hex = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

describe('on a chain that passes from Electra to Fulu', () => {
  let following: Following
  beforeAll(async () => {
    following = await followDevnet({ forks: { electra: 0, fulu: 9 }, pastPeriods: 1 })
    await following.client.ready()
  })
  afterAll(() => following?.close())

  it('a call is proven at the head, at the finalized head and far before it', async () => {
    const { devnet, client } = following
    const { optimistic, finalized } = await client.ready()
    const numbers = [optimistic.blockNumber, finalized.blockNumber, finalized.blockNumber - 4n, 12n]
    const rpc = createRpc(client)
    const seen = new Set<unknown>()
    for (const number of numbers) {
      const params = [{ to: FIXTURE_CONTRACT, data: POKES }, `0x${number.toString(16)}`]
      const { result, provenance } = await rpc.answer({ method: 'eth_call', params })
      expect(result).toBe((await askNode(devnet, 'eth_call', params)).result)
      expect(provenance).toMatchObject({ standing: 'verified', block: { number } })
      seen.add(result)
    }
    expect(seen.size).toBeGreaterThan(2)
  })

  it('the rules are those of the block: CLZ is an instruction from Osaka on', async () => {
    const { client } = following
    const { optimistic, finalized } = await client.ready()
    const target: Hex = '0x00000000000000000000000000000000000c0de1'
    const stateOverrides = { [target]: { code: '0x60011e5f5260205ff3' as Hex } }
    const at = async (number: bigint) => {
      const id = await client.chain.byNumber(number)
      const { verified } = await client.call({ to: target }, { at: { blockHash: id!.value.hash }, stateOverrides })
      expect(isVerified(verified)).toBe(true)
      return verified.value
    }
    const lastOfPrague = finalized.blockNumber < 70n ? finalized.blockNumber : 70n
    expect(await at(lastOfPrague)).toMatchObject({ status: 'halt', halt: 'invalid opcode' })
    const { verified } = await client.call({ to: target }, { at: 'optimistic', stateOverrides })
    expect(optimistic.blockNumber).toBeGreaterThan(73n)
    expect(verified.value).toMatchObject({ status: 'success', returnData: `0x${(255).toString(16).padStart(64, '0')}` })
  })

  it('an account lends itself the code of a contract, as anvil has it', async () => {
    const { devnet, client } = following
    const { optimistic } = await client.ready()
    const authority = privateKeyToAccount(`0x${'42'.repeat(32)}`)
    const signed = await authority.signAuthorization({
      contractAddress: FIXTURE_CONTRACT,
      chainId: devnet.profile.chainId,
      nonce: 0,
    })
    const to = authority.address.toLowerCase() as Hex
    const hex = (value: number | bigint) => `0x${value.toString(16)}`
    const authorization = {
      chainId: BigInt(signed.chainId),
      address: FIXTURE_CONTRACT as Hex,
      nonce: 0n,
      yParity: signed.yParity!,
      r: BigInt(signed.r),
      s: BigInt(signed.s),
    }
    const json = {
      ...authorization,
      chainId: hex(signed.chainId),
      nonce: '0x0',
      yParity: hex(signed.yParity!),
      r: signed.r,
      s: signed.s,
    }
    const call = { from: FROM, to, gas: 500_000n, authorizationList: [authorization] }
    const block = hex(optimistic.blockNumber)
    const { value } = (await client.call(call, { at: 'optimistic' })).verified
    expect(value.status).toBe('success')
    expect(value.logs.map(({ address }) => address)).toEqual([to])
    const asked = { from: FROM, to, gas: hex(500_000), authorizationList: [json] }
    const least = await askNode(devnet, 'eth_estimateGas', [asked, block])
    expect(BigInt(least.result as Hex)).toBe(value.gasUsed)
    const { gas } = (await client.estimateGas(call, { at: 'optimistic' })).verified.value
    expect(Number(gas)).toBeGreaterThanOrEqual(Number(least.result))
    expect(Number(gas)).toBeLessThan(Number(least.result) * 1.016)
  })

  it('errors are those of nodes: reverts with their data, refusals in words, nonsense by name', async () => {
    const rpc = createRpc(following.client)
    const target: Hex = '0x00000000000000000000000000000000000c0de1'
    // Error("no"), which is 0x08c379a0, 32, 2, "no"
    const code: Hex = `0x7f08c379a0${'00'.repeat(28)}5f52602060045260026024527f6e6f${'00'.repeat(30)}60445260645ffd`
    const call = (fields: object, overrides: object = {}) =>
      rpc.request({ method: 'eth_call', params: [{ to: target, ...fields }, 'latest', overrides] })
    await expect(call({}, { [target]: { code } })).rejects.toMatchObject({
      code: 3,
      message: 'execution reverted: no',
      data: expect.stringMatching(/^0x08c379a0/),
    })
    await expect(call({}, { [target]: { code: '0xfe' } })).rejects.toMatchObject({
      code: -32000,
      message: 'invalid opcode',
    })
    await expect(call({ from: target, value: '0x1' })).rejects.toMatchObject({
      code: -32000,
      message: expect.stringContaining('insufficient funds'),
    })
    await expect(call({ gas: '0x1' })).rejects.toMatchObject({
      code: -32000,
      message: expect.stringContaining('intrinsic gas'),
    })
    await expect(call({ value: 'much' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('value'),
    })
    await expect(call({ data: '0x01', input: '0x02' })).rejects.toMatchObject({ code: -32602 })
    await expect(call({}, { [target]: { movePrecompileToAddress: target } })).rejects.toMatchObject({ code: -32602 })
  })
})

describe('on blocks of Gloas', () => {
  it('calls are refused, because the rules are not final', async () => {
    const following = await followDevnet({ forks: { gloas: 0 }, pastPeriods: 1 })
    try {
      await following.client.ready()
      const call = { to: FIXTURE_CONTRACT as Hex, data: POKES }
      await expect(following.client.call(call)).rejects.toMatchObject({
        code: 'UNKNOWN_FORK_RULES',
        kind: 'unprovable',
      })
      await expect(following.client.estimateGas(call)).rejects.toMatchObject({ code: 'UNKNOWN_FORK_RULES' })
    } finally {
      await following.close()
    }
  })
})
