import type { Libp2pOptions } from 'libp2p'

type ComponentLogger = NonNullable<Libp2pOptions['logger']>
type Logger = ReturnType<ComponentLogger['forComponent']>

/**
 * For a node with much to do: libp2p makes loggers for every stream, which cost time though nobody listens. Without
 * `DEBUG` in the environment they all are this one, which says nothing.
 */
export function quietly(): { readonly logger?: ComponentLogger } {
  if (process.env.DEBUG) return {}
  const silent: Logger = Object.assign(() => {}, {
    enabled: false,
    error: () => {},
    trace: () => {},
    newScope: () => silent,
  })
  return { logger: { forComponent: () => silent } }
}
