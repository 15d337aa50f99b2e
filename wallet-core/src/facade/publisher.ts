/** One value that many watch: recomputed at most once per change, announced once per turn of the event loop. */
export interface Publisher<T> {
  readonly value: T
  changed(): void
  subscribe(listener: (value: T) => void): () => void
}

export function createPublisher<T>(compute: () => T): Publisher<T> {
  const listeners = new Set<(value: T) => void>()
  let current: { value: T } | null = null
  let announced = false
  const read = (): T => {
    current ??= { value: compute() }
    return current.value
  }
  return {
    get value() {
      return read()
    },
    changed() {
      current = null
      if (announced) return
      announced = true
      queueMicrotask(() => {
        announced = false
        const value = read()
        for (const listener of listeners) notify(listener, value)
      })
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/** A listener that throws disturbs neither the others nor the wallet; its error still surfaces as an unhandled one. */
export function notify<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
