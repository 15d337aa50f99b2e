import type { Hex } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import { encodeAbiParameters, encodeFunctionData, parseAbi, parseAbiParameters } from 'viem'
import { packetToBytes, namehash as viemNamehash, normalize as viemNormalize } from 'viem/ens'
import { describe, expect, it } from 'vitest'
import { type FakeWorld, fakeResolvers, METHODS } from '../../../test/fake-resolvers.ts'
import { engines } from '../../../test/wallet.ts'
import { normalize } from './ensip15.ts'
import { dnsEncode, namehash } from './namehash.ts'
import { ENS_REGISTRY, InvalidName, resolveName, reverseName } from './resolve.ts'

const { keccak256 } = engines.hashes
const ALICE: Hex = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const RESOLVER: Hex = `0x${'11'.repeat(20)}`
const WILDCARD: Hex = `0x${'22'.repeat(20)}`
const ABI = parseAbi([
  'function resolver(bytes32)',
  'function addr(bytes32)',
  'function name(bytes32)',
  'function resolve(bytes,bytes)',
])
const word = (address: Hex): Hex => `0x${'0'.repeat(24)}${address.slice(2)}`
const call = (functionName: 'resolver' | 'addr' | 'name', name: string): Hex =>
  encodeFunctionData({ abi: ABI, functionName, args: [viemNamehash(name)] } as never)
const text = (value: string): Hex => encodeAbiParameters(parseAbiParameters('string'), [value])
const REVERSE = `${ALICE.slice(2)}.addr.reverse`
const resolveCall = (name: string): Hex =>
  encodeFunctionData({
    abi: ABI,
    functionName: 'resolve',
    args: [toHex(packetToBytes(name)), call('addr', name)],
  } as never)
const offchain: Hex = '0x556f1830'

const world = (more: FakeWorld['calls'] = {}): FakeWorld => ({
  code: { [ENS_REGISTRY]: '0x01', [RESOLVER]: '0x01', [WILDCARD]: '0x01' },
  calls: {
    [ENS_REGISTRY]: {
      [call('resolver', 'alice.eth')]: word(RESOLVER),
      [call('resolver', REVERSE)]: word(RESOLVER),
      [call('resolver', 'wild.eth')]: word(WILDCARD),
    },
    [RESOLVER]: { [call('addr', 'alice.eth')]: word(ALICE), [call('name', REVERSE)]: text('alice.eth') },
    [WILDCARD]: {
      ...METHODS.supports(['0x9061b923']),
      [resolveCall('x.wild.eth')]: encodeAbiParameters(parseAbiParameters('bytes'), [word(ALICE)]),
      [resolveCall('wild.eth')]: encodeAbiParameters(parseAbiParameters('bytes'), ['0x']),
    },
    ...more,
  },
})
const resolve = (name: string, of = world()) => resolveName(name, normalize, fakeResolvers(of))
const reverse = (of = world()) => reverseName(ALICE, normalize, fakeResolvers(of))

describe('names', () => {
  it('are hashed and packed as viem does', () => {
    for (const name of ['', 'eth', 'alice.eth', 'a.b.c.eth', 'ñandú.eth', '🦄.eth']) {
      expect(toHex(namehash(name, keccak256))).toBe(viemNamehash(name))
      if (name !== '') expect(dnsEncode(name)).toEqual(packetToBytes(name))
    }
    expect(dnsEncode(`${'a'.repeat(256)}.eth`)).toBeNull()
  })

  it('are normalised as viem does, and refused as it does', () => {
    for (const name of [
      'Alice.ETH',
      'RaFFY🚴‍♂️.eTh',
      'a_b.eth',
      '_x.eth',
      'аlice.eth',
      'a\u200bb.eth',
      'xn--a.eth',
      'b.ETH',
      'ｆｕｌｌ.eth',
      'a..eth',
    ]) {
      const theirs = (() => {
        try {
          return viemNormalize(name)
        } catch {
          return null
        }
      })()
      const ours = (() => {
        try {
          return normalize(name)
        } catch {
          return null
        }
      })()
      expect(ours, name).toBe(theirs)
    }
  })

  it('lead to addresses, whatever their case', async () => {
    expect(await resolve(' Alice.eth ')).toMatchObject({ kind: 'proven', value: { name: 'alice.eth', address: ALICE } })
  })

  it('below a resolver that answers for all of them', async () => {
    expect(await resolve('x.wild.eth')).toMatchObject({ kind: 'proven', value: { name: 'x.wild.eth', address: ALICE } })
    // A plain resolver higher up says nothing of what is below it.
    expect(await resolve('x.alice.eth')).toMatchObject({ kind: 'unproven', problem: { code: 'NAME_NOT_FOUND' } })
    expect(await resolve('wild.eth')).toMatchObject({ kind: 'unproven', problem: { code: 'NAME_NOT_FOUND' } })
  })

  it('that lead nowhere are told from what cannot be known', async () => {
    expect(await resolve('bob.eth')).toMatchObject({ kind: 'unproven', problem: { code: 'NAME_NOT_FOUND' } })
    const zero = world({ [RESOLVER]: { [call('addr', 'alice.eth')]: word(`0x${'00'.repeat(20)}`) } })
    expect(await resolve('alice.eth', zero)).toMatchObject({ problem: { code: 'NAME_NOT_FOUND' } })
    expect(await resolve('alice.eth', {})).toMatchObject({ problem: { code: 'NO_NAME_SERVICE' } })
    expect(await resolve('alice.eth', { silent: true })).toMatchObject({ problem: { code: 'UNREACHABLE' } })
    const dirty = world({ [RESOLVER]: { [call('addr', 'alice.eth')]: `0x01${word(ALICE).slice(4)}` } })
    expect(await resolve('alice.eth', dirty)).toMatchObject({ problem: { code: 'NAME_NOT_FOUND' } })
  })

  it('that only a gateway knows are refused, and no gateway is asked', async () => {
    const gateway = fakeResolvers(world())
    const answering = {
      ...gateway,
      call: async (to: Hex, data: Hex) => {
        const shown = await gateway.call(to, data)
        return to === WILDCARD && data.startsWith('0x9061b923') && shown.kind === 'proven'
          ? { ...shown, value: { status: 'revert' as const, returnData: `${offchain}${'00'.repeat(64)}` as Hex } }
          : shown
      },
    }
    expect(await resolveName('y.wild.eth', normalize, answering)).toMatchObject({
      kind: 'unproven',
      problem: { code: 'NAME_NEEDS_GATEWAY', kind: 'refused' },
    })
  })

  it.each(['eth', '', 'a b.eth', 'a..eth', '.eth', 'аlice.eth', `${'a.'.repeat(200)}eth`])(
    '%s is none',
    async (name) => {
      await expect(resolve(name)).rejects.toBeInstanceOf(InvalidName)
    },
  )
})

describe('names of addresses', () => {
  it('count only when they lead back', async () => {
    expect(await reverse()).toMatchObject({ kind: 'proven', value: 'alice.eth' })
    const thief = world({
      [RESOLVER]: { [call('addr', 'alice.eth')]: word(WILDCARD), [call('name', REVERSE)]: text('alice.eth') },
    })
    expect(await reverse(thief)).toMatchObject({ kind: 'proven', value: null })
    for (const name of ['Alice.eth', 'аlice.eth', 'alice', '', 'alice.eth\u202e']) {
      const odd = world({
        [RESOLVER]: { [call('addr', 'alice.eth')]: word(ALICE), [call('name', REVERSE)]: text(name) },
      })
      expect(await reverse(odd), name).toMatchObject({ kind: 'proven', value: null })
    }
    expect(await reverse(world({ [RESOLVER]: { [call('name', REVERSE)]: '0x1234' } }))).toMatchObject({ value: null })
  })

  it('are none where there are none, and unknown where nobody answers', async () => {
    expect(await reverse({ code: { [ENS_REGISTRY]: '0x01' } })).toMatchObject({ kind: 'proven', value: null })
    expect(await reverse({})).toMatchObject({ kind: 'proven', value: null })
    expect(await reverse({ silent: true })).toMatchObject({ kind: 'unproven', problem: { code: 'UNREACHABLE' } })
  })
})
