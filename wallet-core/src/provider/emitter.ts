/** A small event emitter whose listeners cannot disturb each other (EIP-1193 events). */
export interface Emitter<Events extends Record<string, unknown>> {
  on<E extends keyof Events>(event: E, listener: (data: Events[E]) => void): void
  once<E extends keyof Events>(event: E, listener: (data: Events[E]) => void): void
  /** Removes one registration of the listener. */
  off<E extends keyof Events>(event: E, listener: (data: Events[E]) => void): void
  clear(event?: keyof Events): void
  emit<E extends keyof Events>(event: E, data: Events[E]): void
}

export function createEmitter<Events extends Record<string, unknown>>(
  /** What to do with an error a listener threw. */
  surface: (error: unknown) => void,
): Emitter<Events> {
  type Entry = { readonly listener: (data: never) => void; readonly once: boolean }
  const entries = new Map<keyof Events, Entry[]>()
  const add = (event: keyof Events, entry: Entry) => entries.set(event, [...(entries.get(event) ?? []), entry])
  const remove = (event: keyof Events, at: number) =>
    entries.set(
      event,
      (entries.get(event) ?? []).filter((_, i) => i !== at),
    )
  return {
    on(event, listener) {
      add(event, { listener, once: false })
    },
    once(event, listener) {
      add(event, { listener, once: true })
    },
    off(event, listener) {
      const at = (entries.get(event) ?? []).findLastIndex((entry) => entry.listener === listener)
      if (at >= 0) remove(event, at)
    },
    clear(event) {
      if (event === undefined) entries.clear()
      else entries.delete(event)
    },
    emit(event, data) {
      for (const entry of entries.get(event) ?? []) {
        if (entry.once) remove(event, (entries.get(event) ?? []).indexOf(entry))
        try {
          ;(entry.listener as (data: unknown) => void)(data)
        } catch (error) {
          surface(error)
        }
      }
    },
  }
}
