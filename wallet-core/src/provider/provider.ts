/**
 * The EIP-1193 provider as the wallet serves it, whatever carries the requests. The origin of a request is given by
 * the shell, out of what the browser says, never out of the message.
 * @module
 */
import { type Hex, PRODUCT } from '@glowworm/light-client'
import { paramsOf } from '@glowworm/light-client/application/rpc/parameters'
import { toQuantity } from '@glowworm/light-client/data/hex'
import type { Core } from '../facade/core.ts'
import { notify } from '../facade/publisher.ts'
import { IDENTITY_METHODS } from '../policy/judge.ts'
import { isShut, ruleOf } from '../sites/site-rules.ts'
import { NotPermitted } from '../sites/sites.ts'
import {
  permissionsOf,
  requestAccounts,
  requestPermissions,
  revokePermissions,
  visibleAccounts,
} from './accounts-methods.ts'
import { watchAsset } from './asset-methods.ts'
import { callsStatus, capabilities, sendCalls } from './calls-methods.ts'
import { addChain, switchChain } from './chain-methods.ts'
import { invalidParams, RPC, RpcError, rpcErrorOf } from './errors.ts'
import { authenticate, present } from './identity-methods.ts'
import { ecRecover, sha3 } from './local-methods.ts'
import { checkOrigin } from './origin.ts'
import type { Params } from './parameters.ts'
import { prove } from './proof-methods.ts'
import { read } from './read-methods.ts'
import { limitUnderWay } from './requests-under-way.ts'
import { createSession, getSession, invokeMethod, revokeSession } from './session-methods.ts'
import { signTransaction } from './sign-transaction-method.ts'
import { personalSign, sendTransaction } from './signing-methods.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'
import { signTypedDataV3, signTypedDataV4 } from './typed-data-method.ts'

export interface ProviderRequest {
  /** Serialised origin of the asking frame. */
  readonly origin: string
  /** Origin of the page the frame stands in, when the shell knows it. */
  readonly topOrigin?: string
  /** Unique over the site's pages. A request sent again with the same id is answered once. */
  readonly id: string
  readonly method: string
  readonly params?: unknown
  /** Of the page that asks; without them there is nobody to tell of events. */
  readonly subscriptions?: Subscriptions
}

/** What a site's page is told without asking. */
export type ProviderEvent =
  | { readonly event: 'accountsChanged'; readonly data: readonly Hex[] }
  | { readonly event: 'chainChanged'; readonly data: Hex }

export interface Provider {
  readonly chainId: Hex
  /** Rejects with an {@link RpcError} only. */
  handle(request: ProviderRequest): Promise<unknown>
  /** The accounts the site may see now. */
  accounts(origin: string): readonly Hex[]
  subscribe(origin: string, listener: (event: ProviderEvent) => void): () => void
  /** For one page of the site; whoever makes them closes them. @param tell an event of one of them */
  subscriptions(origin: string, tell: (subscription: Hex, result: unknown) => void): Subscriptions
}

/**
 * @param run serves another request of the same site: for methods that carry one
 * @param page its subscriptions
 */
type Method = (
  core: Core,
  origin: string,
  params: Params,
  id: string,
  run: Inner,
  page: Subscriptions | undefined,
) => Promise<unknown>
type Inner = (method: string, params: unknown) => Promise<unknown>

/** What the wallet answers itself; everything else is a read of the light client, or 4200. docs/provider.md lists it. */
export const METHODS: Readonly<Record<string, Method>> = {
  eth_chainId: async (core) => toQuantity(core.ports.network.chainId),
  net_version: async (core) => String(core.ports.network.chainId),
  web3_clientVersion: async () => `${PRODUCT.name}/v${PRODUCT.version}`,
  web3_sha3: async (core, _origin, params) => sha3(core.ports.engines, params),
  eth_coinbase: async (core, origin) => visibleAccounts(core, origin)[0] ?? null,
  eth_accounts: async (core, origin) => visibleAccounts(core, origin),
  eth_requestAccounts: (core, origin) => requestAccounts(core, origin),
  wallet_getPermissions: async (core, origin) => permissionsOf(core, origin),
  wallet_requestPermissions: (core, origin, params) => requestPermissions(core, origin, params),
  wallet_revokePermissions: (core, origin, params) => revokePermissions(core, origin, params),
  wallet_switchEthereumChain: async (core, _origin, params) => switchChain(core, params),
  wallet_addEthereumChain: async (core, _origin, params) => addChain(core, params),
  wallet_createSession: (core, origin, params) => createSession(core, origin, params),
  wallet_getSession: async (core, origin) => getSession(core, origin),
  wallet_revokeSession: (core, origin) => revokeSession(core, origin),
  wallet_invokeMethod: (core, origin, params, _id, run) => invokeMethod(core, origin, params, run),
  wallet_watchAsset: (core, origin, params) => watchAsset(core, origin, params),
  personal_ecRecover: async (core, _origin, params) => ecRecover(core.ports.engines, params),
  personal_sign: (core, origin, params) => personalSign(core, origin, params),
  eth_signTypedData_v3: (core, origin, params) => signTypedDataV3(core, origin, params),
  eth_signTypedData_v4: (core, origin, params) => signTypedDataV4(core, origin, params),
  eth_sendTransaction: (core, origin, params, id) => sendTransaction(core, origin, id, params),
  eth_signTransaction: (core, origin, params, id) => signTransaction(core, origin, id, params),
  eth_subscribe: (_core, _origin, params, id, _run, page) => listening(page).subscribe(id, params),
  eth_unsubscribe: async (_core, _origin, [name], _id, _run, page) => listening(page).unsubscribe(name),
  [`${PRODUCT.slug}_prove`]: (core, origin, params) => prove(core, origin, params),
  [IDENTITY_METHODS.authenticate]: (core, origin, params) => authenticate(core, origin, params),
  [IDENTITY_METHODS.present]: (core, origin, params) => present(core, origin, params),
  wallet_sendCalls: (core, origin, params, id) => sendCalls(core, origin, id, params),
  wallet_getCallsStatus: (core, origin, params) => callsStatus(core, origin, params),
  wallet_getCapabilities: (core, origin, params) => capabilities(core, origin, params),
}

/** A repetition of one of these gets the first one's answer. */
const ONCE: ReadonlySet<string> = new Set([
  'eth_requestAccounts',
  'wallet_requestPermissions',
  'wallet_createSession',
  'wallet_invokeMethod',
  'personal_sign',
  'eth_signTypedData_v3',
  'eth_signTypedData_v4',
  'eth_sendTransaction',
  'eth_signTransaction',
  'wallet_sendCalls',
  ...Object.values(IDENTITY_METHODS),
  'wallet_watchAsset',
])
const MOST_REMEMBERED = 256

export function createProvider(core: Core): Provider {
  const given = new Map<string, Promise<unknown>>()
  const limited = limitUnderWay()

  async function run({ origin, topOrigin, id, method, params, subscriptions }: ProviderRequest): Promise<unknown> {
    const site = checkOrigin(origin, topOrigin)
    const { records } = core.keyring
    if (records !== null && ruleOf(records, site)?.blocked) throw new NotPermitted()
    if (records !== null && isShut(records, site, core.ports.clock.now())) await core.endExpired()
    return limited(site, () => serve(site, id, method, params, subscriptions))
  }

  function serve(site: string, id: string, method: string, params: unknown, page?: Subscriptions): Promise<unknown> {
    const list = paramsOf(params)
    if (nestedDeeply(list)) throw invalidParams(`params: nested more than ${MOST_DEPTH} deep`)
    const own = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined
    if (own) return own(core, site, list, id, (inner, its) => serve(site, id, inner, its, page), page)
    return read(core, method, list, site)
  }

  async function answer(request: ProviderRequest): Promise<unknown> {
    try {
      return await run(request)
    } catch (error) {
      throw rpcErrorOf(error)
    }
  }

  return {
    chainId: toQuantity(core.ports.network.chainId),
    handle(request) {
      if (!ONCE.has(request.method)) return answer(request)
      const key = JSON.stringify([request.origin, request.topOrigin ?? null, request.id, request.method])
      const known = given.get(key)
      if (known) return known
      const fresh = answer(request)
      given.set(key, fresh)
      if (given.size > MOST_REMEMBERED) given.delete(given.keys().next().value!)
      return fresh
    },
    accounts: (origin) => visibleAccounts(core, origin),
    subscribe(origin, listener) {
      let last = JSON.stringify(visibleAccounts(core, origin))
      return core.published.subscribe(() => {
        const accounts = visibleAccounts(core, origin)
        const now = JSON.stringify(accounts)
        if (now === last) return
        last = now
        notify(listener, { event: 'accountsChanged', data: accounts })
      })
    },
    subscriptions: (origin, tell) => createSubscriptions(core, origin, tell),
  }
}

/** @throws {RpcError} 4200 where requests come one by one, and no page listens */
function listening(page: Subscriptions | undefined): Subscriptions {
  if (!page) throw new RpcError(RPC.unsupportedMethod, 'There is no page here to tell of events.')
  return page
}

/** No parameter of any method is anywhere near as deep; what reads them may call itself. */
const MOST_DEPTH = 64

function nestedDeeply(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth > MOST_DEPTH || Object.values(value).some((inner) => nestedDeeply(inner, depth + 1))
}
