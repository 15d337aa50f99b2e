/**
 * The wallet in pages that Playwright drives, without an extension: the page's provider is the one the extension puts
 * there, over a function that Playwright exposes. A request's origin is that of the frame Playwright names.
 * @module
 */
import type { Channel } from '../facade/channel.ts'
import type { Provider } from '../provider/provider.ts'
import { serveProvider } from '../provider/serve.ts'
import { pageScript } from './infrastructure/page-script.ts'
import { BINDING, DELIVER } from './page-names.ts'

/** The part of Playwright's `Frame` that is needed. */
interface FrameLike {
  url(): string
  parentFrame(): FrameLike | null
  evaluate<A>(work: (argument: A) => unknown, argument: A): Promise<unknown>
}

/** The part of Playwright's `Page` and `BrowserContext` that is needed. */
export interface Attachable {
  exposeBinding(name: string, callback: (source: { frame: FrameLike }, message: unknown) => unknown): Promise<unknown>
  addInitScript(script: { content: string }): Promise<unknown>
}

export async function attachTo(target: Attachable, provider: Provider): Promise<void> {
  const served = new Map<FrameLike, { hear: (message: unknown) => void; stop: () => void }>()

  function serve(frame: FrameLike): void {
    served.get(frame)?.stop()
    served.delete(frame)
    const origin = originOf(frame)
    const top = topOf(frame)
    const handlers = new Set<(message: unknown) => void>()
    const channel: Channel = {
      send(message) {
        // A page that has gone hears nothing any more.
        const deliver = ([name, given]: readonly [string, unknown]) => {
          const hear = (globalThis as Record<string, unknown>)[name]
          if (typeof hear === 'function') hear(given)
        }
        frame.evaluate(deliver, [DELIVER, message] as const).catch(() => undefined)
      },
      listen(handler) {
        handlers.add(handler)
        return () => handlers.delete(handler)
      },
    }
    const hear = (message: unknown) => {
      for (const handler of [...handlers]) handler(message)
    }
    served.set(frame, { hear, stop: serveProvider(provider, channel, { origin, topOrigin: originOf(top) }) })
  }

  await target.exposeBinding(BINDING, ({ frame }, message) => {
    if (message === 'open') serve(frame)
    else served.get(frame)?.hear(message)
  })
  await target.addInitScript({ content: await pageScript() })
}

const originOf = (frame: FrameLike): string => (URL.canParse(frame.url()) ? new URL(frame.url()).origin : 'null')

function topOf(frame: FrameLike): FrameLike {
  const parent = frame.parentFrame()
  return parent === null ? frame : topOf(parent)
}
