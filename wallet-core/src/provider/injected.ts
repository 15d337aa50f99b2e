/**
 * The provider object in a page (EIP-1193) and its announcement (EIP-6963). Pure code over a channel and a window-like
 * target, so that the extension's script in the page stays a few lines. It pretends to be no other wallet.
 * @module
 */
import { PRODUCT } from '@glowworm/light-client/product'
import type { Channel } from '../facade/channel.ts'
import { createEmitter } from './emitter.ts'
import { legacyMethods } from './injected-legacy.ts'

export const PROVIDER_PROTOCOL = 'glowworm.provider.1'

/** The part of a window that is needed. `CustomEvent` is the page's own constructor. */
export interface PageTarget {
  addEventListener(type: string, listener: () => void): void
  dispatchEvent(event: Event): boolean
  readonly CustomEvent: new (type: string, init: { detail: unknown }) => Event
  readonly Event: new (type: string) => Event
}

export interface InjectedOptions {
  readonly channel: Channel
  readonly target: PageTarget
  /** Fresh for each page (EIP-6963); it also makes the page's request ids unique. */
  readonly uuid: string
  /** A `data:` URI. */
  readonly icon: string
  /** As EIP-6963 announces it; without it, as the wallet beside the page. */
  readonly as?: { readonly name: string; readonly rdns: string }
  /** What to do when the wallet has gone, in words; without it: to reload the page. */
  readonly whenLost?: string
  /** Where errors thrown by the page's listeners go, e.g. `reportError`. */
  readonly surface: (error: unknown) => void
}

type Events = {
  connect: { chainId: string }
  disconnect: ProviderRpcError
  chainChanged: string
  accountsChanged: readonly string[]
  message: { type: string; data: unknown }
}

type Listener = (data: never) => void

export interface InjectedProvider {
  request(args: { readonly method: string; readonly params?: unknown }): Promise<unknown>
  on(event: string, listener: Listener): InjectedProvider
  addListener(event: string, listener: Listener): InjectedProvider
  once(event: string, listener: Listener): InjectedProvider
  off(event: string, listener: Listener): InjectedProvider
  removeListener(event: string, listener: Listener): InjectedProvider
  removeAllListeners(event?: string): InjectedProvider
  isConnected(): boolean
  /** As before EIP-1193 (see `injected-legacy.ts`). */
  enable(): Promise<unknown>
  send(methodOrPayload: unknown, paramsOrCallback?: unknown): unknown
  sendAsync(payload: unknown, callback: unknown): void
}

export class ProviderRpcError extends Error {
  readonly code: number
  readonly data?: unknown
  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.name = 'ProviderRpcError'
    this.code = code
    if (data !== undefined) this.data = data
  }
}

/** Makes the provider and announces it. */
export function injectProvider(options: InjectedOptions): InjectedProvider {
  const provider = createInjected(options)
  announce(provider, options)
  return provider
}

/** Puts the provider at `window.ethereum` when nobody else is there (the way before EIP-6963). */
export function occupyEthereum(provider: InjectedProvider, page: object & PageTarget): void {
  if ('ethereum' in page) return
  Object.defineProperty(page, 'ethereum', { value: provider, configurable: true, enumerable: false, writable: true })
  page.dispatchEvent(new page.Event('ethereum#initialized'))
}

function createInjected({ channel, uuid, surface, whenLost = 'Reload the page.' }: InjectedOptions): InjectedProvider {
  const emitter = createEmitter<Events>(surface)
  const waiting = new Map<string, { resolve: (result: unknown) => void; reject: (error: ProviderRpcError) => void }>()
  let count = 0
  let connected = false
  let chainId: string | null = null
  let accounts = '[]'

  function takeAccounts(next: unknown): void {
    const list = Array.isArray(next) ? next.filter((item) => typeof item === 'string') : []
    if (JSON.stringify(list) === accounts) return
    accounts = JSON.stringify(list)
    emitter.emit('accountsChanged', list)
  }

  function takeChain(next: unknown): void {
    if (typeof next !== 'string' || next === chainId) return
    const before = chainId
    chainId = next
    if (before !== null) emitter.emit('chainChanged', next)
  }

  function lose(): void {
    const error = () => new ProviderRpcError(4900, `The wallet is not reachable any more. ${whenLost}`)
    for (const { reject } of waiting.values()) reject(error())
    waiting.clear()
    if (!connected) return
    connected = false
    emitter.emit('disconnect', error())
  }

  channel.listen((message) => {
    if (typeof message !== 'object' || message === null) return
    const fields = message as Record<string, unknown>
    if (fields.protocol !== PROVIDER_PROTOCOL) return
    if (fields.type === 'state') {
      takeChain(fields.chainId)
      if (!connected && chainId !== null) {
        connected = true
        emitter.emit('connect', { chainId })
      }
      takeAccounts(fields.accounts)
    } else if (fields.type === 'event') {
      if (fields.event === 'accountsChanged') takeAccounts(fields.data)
      if (fields.event === 'chainChanged') takeChain(fields.data)
      if (fields.event === 'message') emitter.emit('message', fields.data as Events['message'])
    } else if (fields.type === 'lost') lose()
    else if (fields.type === 'response' && typeof fields.id === 'string') {
      const request = waiting.get(fields.id)
      waiting.delete(fields.id)
      if (fields.error === undefined) request?.resolve(fields.result)
      else request?.reject(errorOf(fields.error))
    }
  })
  channel.onReopen?.(() => channel.send({ protocol: PROVIDER_PROTOCOL, type: 'hello' }))

  const known = (event: string): event is keyof Events =>
    ['connect', 'disconnect', 'chainChanged', 'accountsChanged', 'message'].includes(event)
  const provider: InjectedProvider = {
    request(args) {
      return new Promise((resolve, reject) => {
        if (typeof args !== 'object' || args === null || Array.isArray(args))
          return reject(new ProviderRpcError(-32600, 'request: expected one object'))
        let method: unknown
        let params: unknown
        try {
          // Each is read once: what a getter says the second time does not count.
          ;({ method, params } = args)
        } catch {
          return reject(new ProviderRpcError(-32600, 'request: its fields cannot be read'))
        }
        if (typeof method !== 'string' || method.length === 0)
          return reject(new ProviderRpcError(-32600, 'method: expected a non-empty string'))
        if (params !== undefined && (typeof params !== 'object' || params === null))
          return reject(new ProviderRpcError(-32600, 'params: expected an array or an object'))
        const id = `${uuid}:${++count}`
        waiting.set(id, { resolve, reject })
        try {
          // Through JSON here, so that what cannot be sent fails in the page and not on the way.
          channel.send(JSON.parse(JSON.stringify({ protocol: PROVIDER_PROTOCOL, type: 'request', id, method, params })))
        } catch {
          waiting.delete(id)
          reject(new ProviderRpcError(-32602, 'params: expected values that JSON can carry'))
        }
      })
    },
    on(event, listener) {
      if (known(event)) emitter.on(event, listener as (data: Events[keyof Events]) => void)
      return provider
    },
    addListener: (event, listener) => provider.on(event, listener),
    once(event, listener) {
      if (known(event)) emitter.once(event, listener as (data: Events[keyof Events]) => void)
      return provider
    },
    off(event, listener) {
      if (known(event)) emitter.off(event, listener as (data: Events[keyof Events]) => void)
      return provider
    },
    removeListener: (event, listener) => provider.off(event, listener),
    removeAllListeners(event) {
      if (event === undefined) emitter.clear()
      else if (known(event)) emitter.clear(event)
      return provider
    },
    isConnected: () => connected,
    ...legacyMethods((method, params) => provider.request({ method, params })),
  }
  return provider
}

/** EIP-6963: at load and whenever a page asks, with one frozen detail. */
function announce(provider: InjectedProvider, { target, uuid, icon, as = PRODUCT }: InjectedOptions): void {
  const info = Object.freeze({ uuid, name: as.name, icon, rdns: as.rdns })
  const detail = Object.freeze({ info, provider })
  const say = () => target.dispatchEvent(new target.CustomEvent('eip6963:announceProvider', { detail }))
  target.addEventListener('eip6963:requestProvider', say)
  say()
}

function errorOf(error: unknown): ProviderRpcError {
  const fields = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
  const code = typeof fields.code === 'number' ? fields.code : -32603
  return new ProviderRpcError(code, typeof fields.message === 'string' ? fields.message : 'Internal error', fields.data)
}
