/** A store that several processes share, in Redis. The client library is optional and loaded with the first store. @module */
import { createHash } from 'node:crypto'
import { GlowwormError, InvalidInput } from '../errors.ts'
import type { ByteStore } from './ports.ts'

export interface RedisStoreOptions {
  /** `redis://` or `rediss://`, with a password where there is one; it is never printed. */
  readonly url: string
  /** Before every key; entries of different networks must not meet. */
  readonly prefix: string
  readonly secondsToLive: number
  /** Told when Redis goes and when it is back, in words for a person. */
  readonly report: (message: string) => void
}

export interface RedisStore extends Pick<ByteStore, 'read' | 'write'> {
  readonly connected: boolean
  close(): Promise<void>
}

/** Milliseconds. Without Redis in so long, one does without it. */
const CONNECT_WITHIN = 3_000
const COMMAND_WITHIN = 500
const RECONNECT_AFTER = 2_000

/**
 * Reads and writes never fail for want of Redis: what cannot be read is not there. Only starting needs it.
 * @throws {InvalidInput | RedisUnavailable}
 */
export async function redisStore({ url, prefix, secondsToLive, report }: RedisStoreOptions): Promise<RedisStore> {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    throw new InvalidInput('--redis', 'expected an address like redis://host:6379')
  const where = new URL(url).host
  const { createClient, RESP_TYPES } = await import('@redis/client').catch((cause) => {
    throw new RedisUnavailable('the package @redis/client is not installed', cause)
  })
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: COMMAND_WITHIN },
    socket: {
      connectTimeout: CONNECT_WITHIN,
      // The first connection fails at once; one that was lost is tried for as long as the bridge lives.
      reconnectStrategy: () => (started ? RECONNECT_AFTER : false),
    },
  }).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  let started = false
  let connected = false
  client.on('error', (cause: Error) => {
    if (connected) report(`Redis at ${where} has gone (${cause.message}); evidence is kept here only until it is back.`)
    connected = false
  })
  client.on('ready', () => {
    if (started && !connected) report(`Redis at ${where} is back.`)
    connected = true
  })
  try {
    await client.connect()
  } catch (cause) {
    client.destroy()
    throw new RedisUnavailable(`Redis at ${where} did not answer: ${(cause as Error).message}`, cause)
  }
  started = true

  const name = (key: string) => `${prefix}:${createHash('sha256').update(key).digest('hex')}`
  return {
    get connected() {
      return connected
    },
    async read(key) {
      if (!connected) return null
      const value = await client.get(name(key)).catch(() => null)
      return value === null ? null : new Uint8Array(value)
    },
    async write(key, value) {
      if (!connected) return
      const expiration = { type: 'EX', value: secondsToLive } as const
      await client.set(name(key), Buffer.from(value), { expiration }).catch(() => {})
    },
    async close() {
      client.destroy()
    },
  }
}

/** Redis was asked for and cannot be used. */
export class RedisUnavailable extends GlowwormError {
  constructor(reason: string, cause: unknown) {
    super({ name: 'Infrastructure.RedisUnavailable', code: 'REDIS_UNAVAILABLE', kind: 'usage' }, reason, {
      cause,
      next: 'Start Redis, install the package, or leave --redis out.',
    })
  }
}
