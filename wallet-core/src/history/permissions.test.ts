/** Permissions inside Permit2: found, proven as they are now, and taken back by a call that the intent engine understands. */
import type { Hex } from '@glowworm/light-client'
import { decodeFunctionData, encodeAbiParameters, encodeFunctionData, parseAbi, toEventSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { engines, until } from '../../test/wallet.ts'
import type { Holdings } from '../assets/holdings.ts'
import type { Core } from '../facade/core.ts'
import type { Shown } from '../facade/facade.ts'
import { PERMIT2 } from '../intent/functions/permit2-functions.ts'
import type { CallAnswer, Resolvers } from '../intent/resolvers.ts'
import type { AccountRecord, PermissionRecord, Records } from '../vault/content.ts'
import { createPermissions } from './permissions.ts'
import { permissionIn, TOPIC, topicOf } from './read-logs.ts'

const ME: Hex = `0x${'11'.repeat(20)}`
const OTHER: Hex = `0x${'22'.repeat(20)}`
const TOKEN: Hex = `0x${'33'.repeat(20)}`
/** Seconds since the epoch, of the proven head. */
const NOW = 1_800_000_000
const ABI = parseAbi([
  'function allowance(address, address, address) view returns (uint160, uint48, uint48)',
  'function approve(address, address, uint160, uint48)',
])
const FOUND: PermissionRecord = { accountId: 'a', kind: 'permit2', contract: TOKEN, spender: OTHER, id: null }
const ACCOUNT: AccountRecord = {
  ...{ id: 'a', name: 'One', address: ME, publicKey: null, hidden: false, site: null },
  key: { kind: 'watched' },
} as unknown as AccountRecord

interface Asked {
  readonly to: Hex
  readonly data: Hex
}

function world(answer: (asked: Asked) => Promise<Shown<CallAnswer>> | Shown<CallAnswer>) {
  const records = {
    accounts: [ACCOUNT],
    activity: {},
    history: { here: { transfers: [], permissions: [FOUND], covered: {} } },
  } as unknown as Records
  const proposed: Asked[] = []
  const core = {
    keyring: { records },
    ports: { engines, network: { identity: 'here' } },
    connection: { pulse: { state: 'following', headTime: NOW * 1000 } },
    published: { changed: () => {} },
    transfers: {
      async propose(_account: AccountRecord, request: Asked) {
        proposed.push(request)
        return { id: 'approval', hash: new Promise(() => {}) }
      },
    },
  } as unknown as Core
  const unproven = { kind: 'unproven', problem: { code: 'X', kind: 'x', message: '', next: null } } as const
  const resolvers = {
    keccak256: engines.hashes.keccak256,
    call: async (to: Hex, data: Hex) => (to === PERMIT2 ? answer({ to, data }) : unproven),
    code: async () => unproven,
    storage: async () => unproven,
  } as unknown as Resolvers
  const holdings = { reading: (use: (resolvers: Resolvers) => unknown) => use(resolvers) } as unknown as Holdings
  return { permissions: createPermissions(core, holdings), proposed }
}

const proven = (returnData: Hex, status: CallAnswer['status'] = 'success') =>
  ({ kind: 'proven', value: { status, returnData } }) as unknown as Shown<CallAnswer>
const allowed = (amount: bigint, expiration: number) =>
  encodeAbiParameters([{ type: 'uint160' }, { type: 'uint48' }, { type: 'uint48' }], [amount, expiration, 5])

describe('a permission inside Permit2', () => {
  test('is found in what Permit2 logs, and in what another contract logs is none', () => {
    expect(TOPIC.permit2Approval).toBe(toEventSelector('Approval(address,address,address,uint160,uint48)'))
    expect(TOPIC.permit2Permit).toBe(toEventSelector('Permit(address,address,address,uint160,uint48,uint48)'))
    for (const topic of [TOPIC.permit2Approval, TOPIC.permit2Permit]) {
      const topics = [topic, topicOf(ME), topicOf(TOKEN), topicOf(OTHER)]
      const { accountId: _account, ...permission } = FOUND
      expect(permissionIn({ address: PERMIT2, topics, data: '0x' }, ME)).toEqual(permission)
      expect(permissionIn({ address: PERMIT2, topics, data: '0x' }, OTHER)).toBeNull()
      expect(permissionIn({ address: TOKEN, topics, data: '0x' }, ME)).toBeNull()
      expect(permissionIn({ address: PERMIT2, topics: topics.slice(0, 3), data: '0x' }, ME)).toBeNull()
    }
  })

  test('is what Permit2 is proven to allow; nothing once its time is over; no number where the answer has another form', async () => {
    const asked: Asked[] = []
    for (const [answer, left] of [
      [proven(allowed(77n, NOW)), 77n],
      [proven(allowed(77n, NOW - 1)), 0n],
      [proven(allowed(0n, NOW + 9)), 0n],
      [proven('0x'), 'AMOUNT_UNREADABLE'],
      [proven(`0x${'0'.repeat(64)}`), 'AMOUNT_UNREADABLE'],
      [proven(allowed(77n, NOW), 'revert'), 'AMOUNT_UNREADABLE'],
      [proven(`0x${'f'.repeat(192)}`), null],
    ] as const) {
      const { permissions } = world((one) => {
        asked.push(one)
        return answer
      })
      await permissions.check('a', undefined)
      const shown = permissions.view[0]!.left
      if (typeof left === 'bigint') expect(shown).toMatchObject({ kind: 'proven', value: left })
      else expect(shown).toMatchObject({ kind: 'unproven', problem: left === null ? {} : { code: left } })
    }
    const data = encodeFunctionData({ abi: ABI, functionName: 'allowance', args: [ME, TOKEN, OTHER] })
    expect(new Set(asked.map((one) => one.data))).toEqual(new Set([data]))
  })

  test('is taken back at Permit2, by allowing nothing', async () => {
    const { permissions, proposed } = world(() => proven(allowed(77n, NOW)))
    expect(await permissions.revoke([permissions.view[0]!.key])).toEqual({ approvalId: 'approval' })
    expect(proposed).toMatchObject([{ to: PERMIT2, value: 0n }])
    expect(decodeFunctionData({ abi: ABI, data: proposed[0]!.data })).toEqual({
      functionName: 'approve',
      args: [TOKEN, OTHER, 0n, 0],
    })
  })

  test('is not proven any more for who has stopped the check', async () => {
    const answer = Promise.withResolvers<Shown<CallAnswer>>()
    const asked: Asked[] = []
    const { permissions } = world((one) => {
      asked.push(one)
      return answer.promise
    })
    const stopper = new AbortController()
    const checking = permissions.check('a', stopper.signal)
    await until(() => asked.length === 1, 'the question')
    stopper.abort()
    await expect(checking).rejects.toMatchObject({ code: 'STOPPED' })
    answer.resolve(proven(allowed(77n, NOW)))
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(permissions.view[0]!.left).toBeNull()
  })
})
