/**
 * Sessions as CAIP-25 has them, and requests within one (CAIP-27). A session is the site's connection under another
 * name: the same question to the user, the same accounts, ended by the same button.
 */

import { METHODS as READS } from '@glowworm/light-client/application/rpc/methods'
import { listParam, record } from '@glowworm/light-client/application/rpc/parameters'
import type { Core } from '../facade/core.ts'
import { requestAccounts, takeBack, visibleAccounts } from './accounts-methods.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import type { Params } from './parameters.ts'
import { WITHHELD } from './read-methods.ts'

/** Errors of CAIP-25. */
export const SESSION = { chainsRefused: 5100, methodsRefused: 5101, notificationsRefused: 5102 } as const

const SIGNING = ['eth_sendTransaction', 'personal_sign', 'eth_signTypedData_v3', 'eth_signTypedData_v4']
const LISTENING = ['eth_subscribe', 'eth_unsubscribe']
const NOTIFICATIONS = ['accountsChanged', 'chainChanged', 'eth_subscription']
const MOST_SCOPES = 64
const MOST_NAMES = 256

interface Scope {
  /** CAIP-2 names of the chains it means. */
  readonly chains: readonly string[]
  readonly methods: readonly string[]
  readonly notifications: readonly string[]
}

/** @throws {RpcError} -32602, 5100 to 5102 when what is required is not here, 4001 when the user says no */
export async function createSession(core: Core, origin: string, [params]: Params): Promise<unknown> {
  const { requiredScopes, optionalScopes, sessionProperties, scopedProperties } = record(params, 'session')
  for (const [name, value] of Object.entries({ sessionProperties, scopedProperties }))
    if (value !== undefined && value !== null) record(value, name)
  const required = scopesOf(requiredScopes, 'requiredScopes')
  const optional = scopesOf(optionalScopes, 'optionalScopes')
  const own = chainOf(core)
  for (const { chains, methods, notifications } of required) {
    if (chains.some((chain) => chain !== own))
      throw new RpcError(SESSION.chainsRefused, `This wallet is on ${own} only.`)
    if (methods.some((method) => !methodsHere().includes(method)))
      throw new RpcError(SESSION.methodsRefused, 'A required method is not supported.')
    if (notifications.some((notification) => !NOTIFICATIONS.includes(notification)))
      throw new RpcError(SESSION.notificationsRefused, 'A required notification is not supported.')
  }
  const wanted = [...required, ...optional].filter(({ chains }) => chains.includes(own))
  if (wanted.length === 0) throw new RpcError(SESSION.chainsRefused, `This wallet is on ${own} only.`)
  await requestAccounts(core, origin)
  return { ...getSession(core, origin), sessionProperties: {} }
}

export function getSession(core: Core, origin: string): { sessionScopes: Record<string, unknown> } {
  const accounts = visibleAccounts(core, origin)
  if (accounts.length === 0) return { sessionScopes: {} }
  const own = chainOf(core)
  const scope = {
    methods: methodsHere(),
    notifications: NOTIFICATIONS,
    accounts: accounts.map((address) => `${own}:${address}`),
  }
  return { sessionScopes: { [own]: scope } }
}

export async function revokeSession(core: Core, origin: string): Promise<true> {
  await takeBack(core, origin)
  return true
}

/** CAIP-27: `{ scope, request: { method, params } }`. */
export async function invokeMethod(
  core: Core,
  origin: string,
  [params]: Params,
  run: (method: string, params: unknown) => Promise<unknown>,
): Promise<unknown> {
  const { scope, request } = record(params, 'invocation')
  const { method, params: its } = record(request, 'request')
  if (typeof scope !== 'string') throw invalidParams('scope: expected the name of a chain')
  if (typeof method !== 'string' || !methodsHere().includes(method))
    throw new RpcError(RPC.unsupportedMethod, 'request.method: not one of this session.')
  if (scope !== chainOf(core) || visibleAccounts(core, origin).length === 0)
    throw new RpcError(RPC.unauthorized, 'There is no session for this scope.')
  return run(method, its)
}

/** CAIP-2. */
const chainOf = (core: Core): string => `eip155:${core.ports.network.chainId}`

const methodsHere = (): string[] => [
  ...SIGNING,
  ...LISTENING,
  ...Object.keys(READS).filter((name) => !Object.hasOwn(WITHHELD, name)),
]

function scopesOf(given: unknown, what: string): Scope[] {
  if (given === undefined || given === null) return []
  const entries = Object.entries(record(given, what))
  if (entries.length > MOST_SCOPES) throw invalidParams(`${what}: at most ${MOST_SCOPES} scopes`)
  return entries.map(([name, value]) => scopeOf(name, record(value, `${what}.${name.slice(0, 64)}`), what))
}

/** CAIP-217: `eip155:1`, or `eip155` with references. */
function scopeOf(
  name: string,
  { references, methods, notifications, accounts }: Record<string, unknown>,
  what: string,
): Scope {
  const [, namespace, reference] = /^([-a-z0-9]{3,8})(?::([-_a-zA-Z0-9]{1,32}))?$/.exec(name) ?? []
  if (namespace === undefined) throw invalidParams(`${what}: ${JSON.stringify(name.slice(0, 64))} is no scope`)
  const listed = references === undefined ? [] : names(references, `${what}.references`)
  if (reference !== undefined && listed.length > 0) throw invalidParams(`${what}.references: the scope names its chain`)
  // Which accounts it gets is the user's choice; what the site names is only read, to say when it is malformed.
  if (accounts !== undefined && accounts !== null) names(accounts, `${what}.accounts`)
  return {
    chains: reference === undefined ? listed.map((one) => `${namespace}:${one}`) : [name],
    methods: names(methods ?? [], `${what}.methods`),
    notifications: names(notifications ?? [], `${what}.notifications`),
  }
}

function names(value: unknown, what: string): string[] {
  return listParam(value, what, MOST_NAMES).map((name) => {
    if (typeof name !== 'string' || name.length > 128) throw invalidParams(`${what}: expected names`)
    return name
  })
}
