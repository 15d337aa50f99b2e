/** Listeners by event, as EIP-1193 has them. @module */

export interface Emitter<Events> {
  emit<E extends keyof Events>(event: E, payload: Events[E]): void
  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): void
  removeListener<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): void
  clear(): void
}

export function createEmitter<Events>(): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(payload: never) => void>>()
  return {
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) (listener as (given: typeof payload) => void)(payload)
    },
    on(event, listener) {
      const of = listeners.get(event) ?? new Set()
      listeners.set(event, of.add(listener as (payload: never) => void))
    },
    removeListener(event, listener) {
      listeners.get(event)?.delete(listener as (payload: never) => void)
    },
    clear: () => listeners.clear(),
  }
}
