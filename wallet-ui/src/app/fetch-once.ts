/**
 * What is fetched once and then drawn with, by React's `use`. Always through `use`, also when it is there: React draws again
 * what waited as it drew it before, and without that call it takes the next hook for one too many (error 467).
 * @returns the same promise each time; another one after a failure
 */
export function fetchOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null
  return () => {
    if (underWay) return underWay
    const fetched = load().then((value) => {
      // As React marks a promise it has seen end: so one that ended before is not waited for.
      Object.assign(fetched, { status: 'fulfilled', value })
      return value
    })
    underWay = fetched
    // The next drawing asks again.
    fetched.catch(() => {
      underWay = null
    })
    return fetched
  }
}
