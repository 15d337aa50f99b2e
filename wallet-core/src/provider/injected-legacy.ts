/** How pages asked before EIP-1193. Old pages still do; everything ends in `request`. */

type Callback = (error: unknown, response?: unknown) => void

export interface LegacyMethods {
  /** EIP-1102 in its first form. */
  enable(): Promise<unknown>
  /** `send(method, params)` gives the result, `send(payload, callback)` a JSON-RPC response. */
  send(methodOrPayload: unknown, paramsOrCallback?: unknown): unknown
  sendAsync(payload: unknown, callback: unknown): void
}

export function legacyMethods(request: (method: never, params: unknown) => Promise<unknown>): LegacyMethods {
  async function respond(payload: unknown): Promise<{ id: unknown; jsonrpc: '2.0'; result: unknown }> {
    const { id, method, params } = (payload ?? {}) as Record<string, unknown>
    return { id: id ?? null, jsonrpc: '2.0', result: await request(method as never, params) }
  }
  function sendAsync(payload: unknown, callback: unknown): void {
    if (typeof callback !== 'function') throw new TypeError('expected a callback')
    const done = callback as Callback
    const work = Array.isArray(payload) ? Promise.all(payload.map(respond)) : respond(payload)
    // Outside of the promise, so that what the callback throws is the page's own.
    work.then(
      (response) => queueMicrotask(() => done(null, response)),
      (error) => queueMicrotask(() => done(error)),
    )
  }
  return {
    enable: () => request('eth_requestAccounts' as never, undefined),
    send(methodOrPayload, paramsOrCallback) {
      if (typeof methodOrPayload === 'string') return request(methodOrPayload as never, paramsOrCallback ?? undefined)
      if (typeof paramsOrCallback === 'function') return sendAsync(methodOrPayload, paramsOrCallback)
      return respond(methodOrPayload)
    },
    sendAsync,
  }
}
