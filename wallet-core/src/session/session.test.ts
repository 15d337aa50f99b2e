import { describe, expect, test } from 'vitest'
import { memorySessionStore } from '../../test/wallet.ts'
import { memorySessionKey } from '../infrastructure/memory-session-key.ts'
import { keepSession } from './session.ts'

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 1)

describe('a session', () => {
  test('is restored until its deadline; neither half alone is enough', async () => {
    const [store, key] = [memorySessionStore(), memorySessionKey()]
    const session = keepSession(store, key)
    expect(await session.restore(0)).toBeNull()
    await session.save(KEY, 1000)
    const text = [...store.entries.values()][0]!
    expect(Buffer.from(text, 'base64').includes(Buffer.from(KEY))).toBe(false)
    expect(await session.restore(999)).toEqual({ dataKey: KEY, deadline: 1000 })
    expect(await keepSession(memorySessionStore(), key).restore(0)).toBeNull()
    await session.save(KEY, 1000)
    expect(await session.restore(1000)).toBeNull()
    expect(store.entries.size).toBe(0)
    await session.save(KEY, 1000)
    await key.forget()
    expect(await session.restore(0)).toBeNull()
    expect(store.entries.size).toBe(0)
  })

  test('ends for good, and refuses what was tampered with', async () => {
    const [store, key] = [memorySessionStore(), memorySessionKey()]
    const session = keepSession(store, key)
    await session.save(KEY, 1000)
    const [[name, text]] = [...store.entries] as [[string, string]]
    await session.end()
    store.entries.set(name, text)
    expect(await session.restore(0)).toBeNull()
    for (const bad of ['', '????', 'AAAA', text]) {
      await session.save(KEY, 1000)
      store.entries.set(name, bad)
      expect(await session.restore(0)).toBeNull()
    }
  })

  test('saved again takes the newer deadline', async () => {
    const session = keepSession(memorySessionStore(), memorySessionKey())
    await session.save(KEY, 1000)
    await session.save(KEY, 2000)
    expect(await session.restore(1500)).toMatchObject({ deadline: 2000 })
  })
})
