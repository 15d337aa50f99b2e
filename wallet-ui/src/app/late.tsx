import { type ComponentType, use } from 'react'
import { fetchOnce } from './fetch-once.ts'

/**
 * A component whose module is fetched when it is first drawn, or before that by `fetch`. What was fetched is drawn at
 * once: what waits in a Suspense boundary is held back by React until its fallback has been seen for 300 ms.
 */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  const fetch = fetchOnce(load)
  function Late(props: Props) {
    const Part = use(fetch())
    return <Part {...props} />
  }
  return Object.assign(Late, { fetch })
}
