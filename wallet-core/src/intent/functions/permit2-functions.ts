/** Permit2: one contract that many sites take tokens through. Its functions mean this at its own address only. @module */
import type { Hex } from '@glowworm/light-client'
import type { AbiValue } from '../abi/decode.ts'
import type { Intent } from '../intent.ts'
import { readToken } from '../tokens.ts'
import { allowanceOf, allowToken } from './allowances.ts'
import { type CallSite, type KnownFunction, type Meaning, warning } from './known-function.ts'

/** The same on every chain: it was created by CREATE2. */
export const PERMIT2: Hex = '0x000000000022d473030f116ddee9f6b43ac78ba3'

export const PERMIT2_FUNCTIONS: readonly KnownFunction[] = [
  {
    signature: 'approve(address token,address spender,uint160 amount,uint48 expiration)',
    explain: (given, site) =>
      at(site, () =>
        allow(site, site.from, given.address('spender'), [
          given.address('token'),
          given.number('amount'),
          given.number('expiration'),
        ]),
      ),
  },
  {
    signature:
      'permit(address owner,((address token,uint160 amount,uint48 expiration,uint48 nonce) details,address spender,uint256 sigDeadline) permitSingle,bytes signature)',
    explain: (given, site) =>
      at(site, () => {
        const [details, spender] = given.tuple('permitSingle')
        return allow(site, given.address('owner'), spender as Hex, details as readonly AbiValue[])
      }),
  },
  {
    signature:
      'permit(address owner,((address token,uint160 amount,uint48 expiration,uint48 nonce)[] details,address spender,uint256 sigDeadline) permitBatch,bytes signature)',
    explain: (given, site) =>
      at(site, () => {
        const [details, spender] = given.tuple('permitBatch')
        const owner = given.address('owner')
        const each = (details as readonly (readonly AbiValue[])[]).map((one) => allow(site, owner, spender as Hex, one))
        return together('permit', each)
      }),
  },
  {
    signature: 'transferFrom(address from,address to,uint160 amount,address token)',
    explain: (given, site) =>
      at(site, async () => {
        const [from, to] = [given.address('from'), given.address('to')]
        const token = await readToken(given.address('token'), site.resolvers)
        return {
          action: { kind: 'send-token', token, from, to, amount: given.number('amount') },
          warnings: from === site.from ? [] : [warning('not-own', from)],
        }
      }),
  },
  {
    signature: 'lockdown((address token,address spender)[] approvals)',
    explain: (given, site) =>
      at(site, () => {
        const each = given
          .list('approvals')
          .map(([token, spender]) => allow(site, site.from, spender as Hex, [token!, 0n, 0n]))
        return together('lockdown', each)
      }),
  },
]

/** @param details token, amount, expiration; what follows says nothing about what is allowed */
function allow(site: CallSite, owner: Hex, spender: Hex, details: readonly AbiValue[]): Promise<Meaning> {
  const [token, amount, expiration] = details as [Hex, bigint, bigint]
  return allowToken(
    {
      token,
      owner,
      spender,
      way: 'set',
      allowance: allowanceOf(amount, 160, expiration),
      through: PERMIT2,
      signed: false,
    },
    site.resolvers,
  )
}

async function at(site: CallSite, explain: () => Promise<Meaning>): Promise<Meaning | null> {
  return site.to === PERMIT2 ? explain() : null
}

async function together(name: string, each: readonly Promise<Meaning>[]): Promise<Meaning> {
  const steps = (await Promise.all(each)).map(
    ({ action, warnings }): Intent => ({ action, warnings, value: 0n, contract: null }),
  )
  return { action: { kind: 'batch', function: name, steps }, warnings: [] }
}
