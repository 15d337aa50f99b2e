/** What permissions to spend come to, however they are given. @module */
import type { Hex } from '@glowworm/light-client'
import type { Action, Allowance, IntentWarning } from '../intent.ts'
import { provenValue, type Resolvers } from '../resolvers.ts'
import { isUnusual, readToken } from '../tokens.ts'
import { type Meaning, warning } from './known-function.ts'

type AllowToken = Extract<Action, { kind: 'allow-token' }>

/** From half of a type on, nobody means the number: contracts and sites use such values for "without limit". */
export function allowanceOf(amount: bigint, bits: number, until: bigint | null = null): Allowance {
  return { amount: amount >= 1n << BigInt(bits - 1) ? null : amount, until }
}

export async function allowToken(
  allowed: Omit<AllowToken, 'kind' | 'token'> & { readonly token: Hex },
  resolvers: Resolvers,
): Promise<Meaning> {
  const { allowance, spender, way, signed } = allowed
  const [token, spenderWarnings] = await Promise.all([
    readToken(allowed.token, resolvers),
    gives(allowed) ? warningsAboutSpender(spender, resolvers) : [],
  ])
  const warnings: IntentWarning[] = [...spenderWarnings]
  if (allowance.amount === null && way !== 'subtract') warnings.push(warning('unlimited', spender))
  if (signed && gives(allowed)) warnings.push(warning('signed-allowance', spender))
  if (isUnusual(token.symbol)) warnings.push(warning('unusual-symbol', token.address))
  return { action: { kind: 'allow-token', ...allowed, token }, warnings }
}

/** A permission for an account without code is one for a person: hardly ever what a site needs. */
export async function warningsAboutSpender(spender: Hex, resolvers: Resolvers): Promise<IntentWarning[]> {
  if (BigInt(spender) === 0n) return [warning('to-nobody', spender)]
  const code = provenValue(await resolvers.code(spender))
  return code === '0x' || code?.startsWith('0xef0100') ? [warning('plain-spender', spender)] : []
}

function gives({ way, allowance }: Pick<AllowToken, 'way' | 'allowance'>): boolean {
  return way !== 'subtract' && allowance.amount !== 0n
}
