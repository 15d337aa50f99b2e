/** Runs in a page before anything of it: the provider of the extension, over a function that Playwright exposed. */
import { injectProvider, occupyEthereum, type PageTarget } from '../provider/injected.ts'
import { pageUuid } from './infrastructure/page-uuid.ts'
import { BINDING, DELIVER } from './page-names.ts'

declare const window: object & PageTarget & { readonly isSecureContext: boolean; reportError(error: unknown): void }

const page = globalThis as Record<string, unknown>
const say = page[BINDING]
if (window.isSecureContext && typeof say === 'function') {
  const handlers = new Set<(message: unknown) => void>()
  Object.defineProperty(page, DELIVER, {
    value: (message: unknown) => {
      for (const handler of [...handlers]) handler(message)
    },
  })
  const provider = injectProvider({
    channel: {
      send: (message) => void say(message),
      listen(handler) {
        handlers.add(handler)
        return () => handlers.delete(handler)
      },
    },
    target: window,
    uuid: pageUuid(),
    icon: 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/%3E',
    surface: (error) => window.reportError(error),
  })
  say('open')
  occupyEthereum(provider, window)
}
