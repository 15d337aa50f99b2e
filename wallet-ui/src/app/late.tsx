import { type ComponentType, use } from 'react'

/**
 * A component whose module is fetched when it is first drawn, or before that by `fetch`. What was fetched is drawn at
 * once: what waits in a Suspense boundary is held back by React until its fallback has been seen for 300 ms.
 */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let there: ComponentType<Props> | null = null
  let underWay: Promise<ComponentType<Props>> | null = null
  const fetch = (): Promise<ComponentType<Props>> => {
    if (underWay) return underWay
    const fetched = load().then((part) => {
      there = part
      return part
    })
    underWay = fetched
    // The next drawing asks again.
    fetched.catch(() => {
      underWay = null
    })
    return fetched
  }
  function Late(props: Props) {
    const Part = there ?? use(fetch())
    return <Part {...props} />
  }
  return Object.assign(Late, { fetch })
}
