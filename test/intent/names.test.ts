/** Names over the real light client: registry and resolvers as contracts of a devnet, answers proven on final state. */
import type { Hex } from '@glowworm/light-client'
import { createHandles } from '@glowworm/wallet-core/facade/handles'
import { createLookUp, type LookUp } from '@glowworm/wallet-core/intent/names/look-up'
import { loadNormalize } from '@glowworm/wallet-core/intent/names/normalize'
import { ENS_REGISTRY } from '@glowworm/wallet-core/intent/names/resolve'
import { namehash } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { engines, type Following, followDevnet } from '../calls/devnet-client.ts'
import { calldata, deploy, transact } from './deployed.ts'

let following: Following
let lookUp: LookUp
let me: Hex
beforeAll(async () => {
  following = await followDevnet({ forks: { electra: 0 }, pastPeriods: 1 })
  const { devnet, client } = following
  me = devnet.accounts[0]!.address.toLowerCase() as Hex
  const names = await deploy(devnet, me, 'Names')
  // The registry of a real network stands at one address everywhere.
  const code = await devnet.execution('eth_getCode', names, 'latest')
  await devnet.execution('anvil_setCode', ENS_REGISTRY, code)
  const gateway = await deploy(devnet, me, 'Wildcard', 'address', `0x${'00'.repeat(20)}`)
  const wildcard = await deploy(devnet, me, 'Wildcard', 'address', me)
  const call = (signature: string, name: string, value: unknown) =>
    transact(devnet, { from: me, to: ENS_REGISTRY, data: calldata(signature, namehash(name), value) })
  const reverse = `${me.slice(2)}.addr.reverse`
  await call('setResolver(bytes32,address)', 'glow.eth', ENS_REGISTRY)
  await call('setAddr(bytes32,address)', 'glow.eth', me)
  await call('setResolver(bytes32,address)', reverse, ENS_REGISTRY)
  await call('setName(bytes32,string)', reverse, 'glow.eth')
  await call('setResolver(bytes32,address)', 'outside.eth', gateway)
  await call('setResolver(bytes32,address)', 'all.eth', wildcard)
  await devnet.advance(32)
  await client.ready()
  const head = BigInt(await devnet.execution<Hex>('eth_blockNumber')) - 20n
  while (client.status.state !== 'following' || client.status.head.finalized.blockNumber < head)
    await new Promise((resolve) => setTimeout(resolve, 50))
  lookUp = createLookUp({
    client: () => client,
    handles: createHandles(),
    engines,
    clock: { now: () => devnet.time() * 1000, sleep: () => new Promise(() => {}) },
    chainId: devnet.profile.chainId,
    loadNormalize,
  })
})
afterAll(() => following?.close())

it('a name leads to an address, and the address back to the name, both final', async () => {
  expect(await lookUp('Glow.eth')).toMatchObject({
    kind: 'proven',
    final: true,
    value: { name: 'glow.eth', address: me },
  })
  expect(await lookUp(me)).toMatchObject({ kind: 'proven', final: true, value: { name: 'glow.eth', address: me } })
  expect(await lookUp('any.all.eth')).toMatchObject({ kind: 'proven', value: { name: 'any.all.eth', address: me } })
})

it('what leads nowhere, or out of the chain, is proven to', async () => {
  expect(await lookUp('nobody.eth')).toMatchObject({ kind: 'unproven', problem: { code: 'NAME_NOT_FOUND' } })
  expect(await lookUp('x.outside.eth')).toMatchObject({ kind: 'unproven', problem: { code: 'NAME_NEEDS_GATEWAY' } })
  const other = following.devnet.accounts[3]!.address
  expect(await lookUp(other)).toMatchObject({ kind: 'proven', value: { name: null, checksummed: other } })
})
