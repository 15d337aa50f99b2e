/** Effects behind short interfaces. Adapters live beside this file; everything else takes these as arguments. */

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Resolves after `milliseconds`, rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** A small key → bytes store. `write` is atomic: a reader sees the old value or the new one. */
export interface ByteStore {
  read(key: string): Promise<Uint8Array | null>
  write(key: string, value: Uint8Array): Promise<void>
  remove(key: string): Promise<void>
}

export interface Random {
  bytes(length: number): Uint8Array
}

export interface HttpRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** The answer is cut off with `AnswerTooLarge` beyond this many bytes. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  /** Lower-case header names. */
  readonly header: (name: string) => string | null
  readonly bytes: Uint8Array
}

/** One HTTP exchange without redirects. Rejects when nobody answers, the signal aborts, or the answer is too large. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>
