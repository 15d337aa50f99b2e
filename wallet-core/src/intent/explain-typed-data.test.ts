import type { Hex } from '@glowworm/light-client'
import { encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import { fakeResolvers, METHODS, TOKEN } from '../../test/fake-resolvers.ts'
import { engines } from '../../test/wallet.ts'
import { hashTypedData, linesOf } from '../signing/typed-data/hash.ts'
import { parseTypedData } from '../signing/typed-data/parse.ts'
import { explainTypedData } from './explain-typed-data.ts'
import { PERMIT2 } from './functions/permit2-functions.ts'
import { createFunctionTable } from './functions/table.ts'

const table = createFunctionTable(engines.hashes.keccak256)
const ME: Hex = `0x${'aa'.repeat(20)}`
const SPENDER: Hex = `0x${'cc'.repeat(20)}`
const SAFE: Hex = `0x${'5a'.repeat(20)}`
const LATER = '1800000000'
const chain = () =>
  fakeResolvers({
    code: { [TOKEN]: '0x01', [SPENDER]: '0x02', [PERMIT2]: '0x04', [SAFE]: '0x05' },
    calls: { [TOKEN]: METHODS.token('USDC', 6) },
  })

const members = (text: string) =>
  text.split(',').map((member) => {
    const [type, name] = member.split(' ')
    return { type, name }
  })

function explain(primaryType: string, types: Record<string, string>, message: unknown, contract: Hex | null = PERMIT2) {
  const typed = parseTypedData({
    types: Object.fromEntries(Object.entries(types).map(([name, text]) => [name, members(text)])),
    primaryType,
    domain: contract === null ? { name: 'x' } : { name: 'x', chainId: 1, verifyingContract: contract },
    message,
  })
  const hashed = hashTypedData(typed, engines.hashes)
  const data = { signer: ME, primaryType, domain: linesOf(hashed.domain), message: linesOf(hashed.message) }
  return explainTypedData(data, table, chain())
}
const codes = (intent: { warnings: readonly { code: string }[] }) => intent.warnings.map(({ code }) => code).sort()

describe('permits of tokens', () => {
  const types = { Permit: 'address owner,address spender,uint256 value,uint256 nonce,uint256 deadline' }
  const message = { owner: ME, spender: SPENDER, value: '5', nonce: 0, deadline: LATER }

  it('are permissions', async () => {
    const intent = await explain('Permit', types, message, TOKEN)
    expect(intent).toMatchObject({
      action: {
        kind: 'allow-token',
        signed: true,
        owner: ME,
        spender: SPENDER,
        allowance: { amount: 5n },
        token: { symbol: { value: 'USDC' } },
      },
      contract: { address: TOKEN },
    })
    expect(codes(intent)).toEqual(['signed-allowance'])
    const unlimited = { ...message, value: String(2n ** 256n - 1n) }
    expect(codes(await explain('Permit', types, unlimited, TOKEN))).toEqual(['signed-allowance', 'unlimited'])
  })

  it('that are late, of others, or for nobody are told so', async () => {
    expect(codes(await explain('Permit', types, { ...message, deadline: '1' }, TOKEN))).toContain('expired')
    expect(codes(await explain('Permit', types, { ...message, owner: SPENDER }, TOKEN))).toContain('not-own')
    expect(codes(await explain('Permit', types, { ...message, spender: ME }, TOKEN))).toContain('plain-spender')
    expect(codes(await explain('Permit', types, message, `0x${'ee'.repeat(20)}`))).toContain('no-code')
  })

  it('of the elder form are all or nothing', async () => {
    const elder = { Permit: 'address holder,address spender,uint256 nonce,uint256 expiry,bool allowed' }
    const given = { holder: ME, spender: SPENDER, nonce: 0, expiry: 0, allowed: true }
    expect((await explain('Permit', elder, given, TOKEN)).action).toMatchObject({ allowance: { amount: null } })
    const taken = await explain('Permit', elder, { ...given, allowed: false }, TOKEN)
    expect(taken).toMatchObject({ action: { allowance: { amount: 0n } }, warnings: [] })
  })

  it('with members of other types are not known', async () => {
    const other = { Permit: 'address owner,address spender,uint128 value,uint256 nonce,uint256 deadline' }
    expect((await explain('Permit', other, message, TOKEN)).action).toEqual({
      kind: 'unknown-data',
      primaryType: 'Permit',
    })
    expect((await explain('Permit', types, message, null)).action.kind).toBe('unknown-data')
  })
})

describe('Permit2', () => {
  const details = 'address token,uint160 amount,uint48 expiration,uint48 nonce'
  const one = { token: TOKEN, amount: '7', expiration: LATER, nonce: 0 }
  const rest = { spender: SPENDER, sigDeadline: LATER }

  it('lasting permissions, one or many', async () => {
    const single = { PermitSingle: 'PermitDetails details,address spender,uint256 sigDeadline', PermitDetails: details }
    expect((await explain('PermitSingle', single, { details: one, ...rest })).action).toMatchObject({
      kind: 'allow-token',
      through: PERMIT2,
      owner: ME,
      allowance: { amount: 7n, until: 1_800_000_000n },
    })
    const batch = { PermitBatch: 'PermitDetails[] details,address spender,uint256 sigDeadline', PermitDetails: details }
    const many = [one, { ...one, amount: String(2n ** 160n - 1n) }]
    expect((await explain('PermitBatch', batch, { details: many, ...rest })).action).toMatchObject({
      kind: 'batch',
      steps: [{ action: { allowance: { amount: 7n } } }, { action: { allowance: { amount: null } } }],
    })
    expect((await explain('PermitBatch', batch, { details: [], ...rest })).action.kind).toBe('unknown-data')
    const elsewhere = await explain('PermitSingle', single, { details: one, ...rest }, SPENDER)
    expect(elsewhere).toMatchObject({ action: { kind: 'unknown-data' }, warnings: [{ code: 'other-contract' }] })
  })

  it('single takings, with a witness or without', async () => {
    const permitted = { TokenPermissions: 'address token,uint256 amount' }
    const tail = 'address spender,uint256 nonce,uint256 deadline'
    const message = { permitted: { token: TOKEN, amount: '9' }, spender: SPENDER, nonce: 1, deadline: LATER }
    const plain = { PermitTransferFrom: `TokenPermissions permitted,${tail}`, ...permitted }
    expect((await explain('PermitTransferFrom', plain, message)).action).toMatchObject({
      kind: 'allow-token',
      allowance: { amount: 9n, until: 1_800_000_000n },
    })
    const witnessed = {
      PermitWitnessTransferFrom: `TokenPermissions permitted,${tail},Order witness`,
      Order: 'address to,uint256 least',
      ...permitted,
    }
    const order = { ...message, witness: { to: ME, least: 3 } }
    expect((await explain('PermitWitnessTransferFrom', witnessed, order)).action).toMatchObject({
      kind: 'allow-token',
      allowance: { amount: 9n },
    })
    const twisted = { ...witnessed, TokenPermissions: 'address amount,uint256 token' }
    const wrong = { ...order, permitted: { amount: TOKEN, token: '9' } }
    expect((await explain('PermitWitnessTransferFrom', twisted, wrong)).action.kind).toBe('unknown-data')
  })
})

it('a transaction of a Safe is explained like one', async () => {
  const types = {
    SafeTx:
      'address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce',
  }
  const data = encodeFunctionData({ abi: parseAbi(['function transfer(address,uint256)']), args: [ME, 4n] })
  const message = {
    to: TOKEN,
    value: 0,
    data,
    operation: 0,
    safeTxGas: 0,
    baseGas: 0,
    gasPrice: 0,
    gasToken: ME,
    refundReceiver: ME,
    nonce: 1,
  }
  expect((await explain('SafeTx', types, message, SAFE)).action).toMatchObject({
    kind: 'safe',
    safe: SAFE,
    delegated: false,
    step: { action: { kind: 'send-token', from: SAFE, to: ME, amount: 4n } },
  })
  expect(codes(await explain('SafeTx', types, { ...message, operation: 1 }, SAFE))).toEqual(['delegated-call'])
  expect((await explain('SafeTx', types, { ...message, operation: 2 }, SAFE)).action.kind).toBe('unknown-data')
})

it('orders and anything else are data of no known shape', async () => {
  const types = { Order: 'address maker,uint256 amount' }
  expect(await explain('Order', types, { maker: ME, amount: 1 }, SPENDER)).toMatchObject({
    action: { kind: 'unknown-data', primaryType: 'Order' },
    contract: { address: SPENDER },
    warnings: [],
  })
})
