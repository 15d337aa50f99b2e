/** What a person's secrets leave behind: nothing in the states, the stored bytes, the session, or the buffers lent. */
import type { Random } from '@glowworm/light-client'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import type { Argon2id } from '@glowworm/wasm-core'
import { describe, expect, test, vi } from 'vitest'
import {
  engines,
  memorySessionStore,
  PASSWORD,
  PHRASE,
  phraseImport,
  quickKdf,
  settle,
  testWallet,
  utf8,
} from '../../test/wallet.ts'
import { entropyOf } from '../accounts/phrase.ts'
import { memorySessionKey } from '../infrastructure/memory-session-key.ts'
import { webAead, webRandom } from '../infrastructure/web-crypto.ts'
import type { Aead, ByteStore } from '../ports.ts'
import { keepSession } from '../session/session.ts'
import { type Channel, copyingBytes } from './channel.ts'
import { connectFacade, serveFacade } from './remote.ts'
import { toWire } from './wire.ts'

const KEY = '4646464646464646464646464646464646464646464646464646464646464646'
const PASSPHRASE = 'a hidden passphrase'
const NEXT = 'another password'
const password = () => utf8(PASSWORD)

/** Every 32 bytes that were drawn, derived or unwrapped: data keys, wrapping keys, the secret of the recovery file. */
function watched() {
  const drawn: Uint8Array[] = []
  const keep = <T extends Uint8Array>(bytes: T): T => {
    if (bytes.length === 32) drawn.push(bytes)
    return bytes
  }
  const random: Random = { bytes: (length) => keep(webRandom.bytes(length)) }
  const argon2id: Argon2id = async (parameters) => keep(await quickKdf(parameters))
  const aead: Aead = {
    seal: webAead.seal,
    async open(...sealed) {
      const clear = await webAead.open(...sealed)
      return clear && keep(clear)
    },
  }
  return { drawn, random, argon2id, aead }
}

async function lifeOfAWallet() {
  const { drawn, ...secretPorts } = watched()
  const written: Uint8Array[] = []
  const memory = memoryStore()
  const store: ByteStore = {
    ...memory,
    write(key, value) {
      written.push(value.slice())
      return memory.write(key, value)
    },
  }
  const sessions = memorySessionStore()
  const session = keepSession(sessions, memorySessionKey())
  const t = await testWallet({ store, session, ...secretPorts })
  const { facade } = t.wallet
  const states: string[] = []
  facade.subscribe((state) => states.push(JSON.stringify(toWire(state))))
  await facade.importWallet({ password: password(), from: phraseImport(PHRASE, PASSPHRASE) })
  await facade.importMore({ from: { kind: 'private-key', key: utf8(KEY) } })
  const output = webRandom.bytes(32)
  const kept = output.slice()
  const passkey = { credential: webRandom.bytes(16), prfSalt: webRandom.bytes(32), output }
  await facade.addPasskey({ password: password(), name: 'Phone', ...passkey })
  const recovery = await facade.makeRecoveryFile({ password: password() })
  const backup = await facade.makeBackup({ password: password() })
  await facade.checkBackup({ ...backup, password: password() })
  await facade.changePassword({ current: password(), next: utf8(NEXT) })
  await facade.lock()
  await facade.unlock({ password: utf8(NEXT) })
  await facade.addAccount({ name: 'Third' })
  await facade.lock()
  await expect(facade.unlock({ password: password() })).rejects.toThrow('password')
  await facade.unlockWithPasskey({ id: facade.state.unlockMethods[1]!.id, output: kept.slice() })
  await settle()
  return { ...t, state: () => t.wallet.facade.state, drawn, written, sessions, states, memory, backup, recovery, kept }
}

const entropy = entropyOf(utf8(PHRASE), engines.hashes.sha256)
/** As text, hexadecimal or base64, and the bytes themselves. */
function traces(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes)
  return [buffer.toString('hex'), buffer.toString('base64').replace(/=+$/, '')]
}

/** Both ends of a message channel; `watch` gets each message as its receiver gets it. */
function cloningPair(watch: (message: unknown) => void): readonly [Channel, Channel] {
  const ends = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const
  const end = (mine: (typeof ends)[0], theirs: (typeof ends)[0]): Channel => ({
    send(message) {
      const clone: unknown = structuredClone(message)
      watch(clone)
      queueMicrotask(() => {
        for (const handler of theirs) handler(clone)
      })
    },
    listen(handler) {
      mine.add(handler)
      return () => void mine.delete(handler)
    },
  })
  return [copyingBytes(end(ends[0], ends[1])), copyingBytes(end(ends[1], ends[0]))]
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.values(value).flatMap(stringsIn)
}

function bytesIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(bytesIn) : []
}

/** Notes every string that is decoded from bytes or joined from parts, until the returned function is called. */
function stringsMade(): () => string[] {
  const made: string[] = []
  const watched = [
    vi.spyOn(TextDecoder.prototype, 'decode'),
    vi.spyOn(Array.prototype, 'join'),
    vi.spyOn(String, 'fromCharCode'),
  ]
  return () => {
    for (const spy of watched) {
      for (const { type, value } of [...spy.mock.results]) if (type === 'return') made.push(value)
      spy.mockRestore()
    }
    return made
  }
}

describe('secrets', () => {
  test('stand in no state, in no stored byte and not in the backup file', async () => {
    const life = await lifeOfAWallet()
    const secrets: readonly Uint8Array[] = [entropy, utf8(PASSPHRASE), utf8(PHRASE), Buffer.from(KEY, 'hex'), life.kept]
    const texts = [PHRASE, PASSPHRASE, PASSWORD, NEXT, KEY, ...secrets.flatMap(traces)]
    expect(life.states.length).toBeGreaterThan(5)
    for (const state of life.states) for (const text of texts) expect(state).not.toContain(text)
    const stored = [...life.written, life.backup.file, utf8([...life.sessions.entries.values()].join(' '))]
    expect(stored.length).toBeGreaterThan(8)
    for (const bytes of stored)
      for (const secret of [...secrets, ...texts.map(utf8)])
        expect(Buffer.from(bytes).includes(Buffer.from(secret))).toBe(false)
  })

  test('are wiped wherever they were drawn, derived or lent, once the wallet is locked', async () => {
    const life = await lifeOfAWallet()
    const open = life.drawn.filter((bytes) => bytes.some((byte) => byte !== 0))
    // The data key of the open vault, and no other.
    expect(open).toHaveLength(1)
    expect(life.drawn.length).toBeGreaterThan(10)
    await life.wallet.facade.lock()
    expect(life.drawn.filter((bytes) => bytes.some((byte) => byte !== 0))).toHaveLength(0)
    expect(life.sessions.entries.size).toBe(0)
    expect(life.state()).toMatchObject({ phase: 'locked', accounts: [], sites: [], activity: [], hasPhrase: false })
    expect(life.state().drills).toEqual({ phrase: null, file: null })
  })

  test('locks by itself: the same, without anybody asking', async () => {
    const life = await lifeOfAWallet()
    await life.clock.pass(15 * 60_000)
    await settle()
    expect(life.state().phase).toBe('locked')
    expect(life.drawn.filter((bytes) => bytes.some((byte) => byte !== 0))).toHaveLength(0)
    expect(life.sessions.entries.size).toBe(0)
    expect((await life.reborn()).facade.state.phase).toBe('locked')
  })

  test('erasing leaves neither vault nor session, nor a way to unlock', async () => {
    const life = await lifeOfAWallet()
    await life.wallet.facade.erase()
    expect(await life.memory.read('vault')).toBeNull()
    expect(life.sessions.entries.size).toBe(0)
    expect(life.drawn.filter((bytes) => bytes.some((byte) => byte !== 0))).toHaveLength(0)
    expect(life.state()).toMatchObject({ phase: 'no-wallet', unlockMethods: [], accounts: [] })
    await expect(life.wallet.facade.recover({ file: life.recovery.file, next: utf8(NEXT) })).rejects.toMatchObject({
      problem: { code: 'NO_WALLET' },
    })
    // The backup brings all of it back, with the password of then.
    await life.wallet.facade.restoreBackup({ file: life.backup.file, password: password() })
    expect(life.state().accounts).toHaveLength(2)
  })

  test('become no string on their way: neither in a message that is cloned, nor by decoding or joining', async () => {
    const t = await testWallet()
    const crossed: unknown[] = []
    const [near, far] = cloningPair((message) => crossed.push(message))
    serveFacade(t.wallet.facade, far)
    const facade = await connectFacade(near)
    const made = stringsMade()
    const { phrase } = await facade.create({ password: password(), words: 24 })
    const again = await facade.revealPhrase({ password: password() })
    expect(again.phrase).toEqual(phrase)
    const ends = [...phrase.keys(), phrase.length].filter((at) => at === phrase.length || phrase[at] === 0x20)
    const words = ends.map((end, i) => phrase.slice(i === 0 ? 0 : ends[i - 1]! + 1, end))
    const positions = [2, 11, 23]
    expect(await facade.confirmBackup({ positions, words: positions.map((place) => words[place]!) })).toBe(true)
    await facade.importMore({ from: phraseImport(PHRASE, PASSPHRASE) })
    await facade.importMore({ from: { kind: 'private-key', key: utf8(KEY) } })
    const strings = [...made(), ...crossed.flatMap(stringsIn)]
    const [own, brought] = [Buffer.from(phrase), Buffer.from(PHRASE)].map((bytes) => bytes.toString('latin1'))
    const pair = (of: string, at: number) =>
      of
        .split(' ')
        .slice(at, at + 2)
        .join(' ')
    const secrets = [pair(own!, 0), pair(own!, 22), pair(brought!, 10), KEY, PASSPHRASE, PASSWORD]
    const encoded = [phrase, utf8(PHRASE), utf8(KEY), Buffer.from(KEY, 'hex'), entropy, password()].flatMap(traces)
    expect(strings.length).toBeGreaterThan(100)
    for (const text of [...secrets, ...encoded]) expect(strings.filter((string) => string.includes(text))).toEqual([])
    // What the core was sent it has wiped, and its own copy of what it has sent.
    const sent = crossed.flatMap(bytesIn).filter((bytes) => bytes.some((byte) => byte !== 0))
    expect(sent.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(
      [phrase, phrase].map((bytes) => Buffer.from(bytes).toString('hex')),
    )
  })

  test('a failing command leaves no secret behind either', async () => {
    const { drawn, ...secretPorts } = watched()
    const broken: ByteStore = {
      ...memoryStore(),
      write: async () => {
        throw new Error('the disk is full')
      },
    }
    const t = await testWallet({ store: broken, ...secretPorts })
    const { facade } = t.wallet
    await expect(facade.create({ password: password(), words: 24 })).rejects.toThrow('the disk is full')
    await expect(facade.importWallet({ password: password(), from: phraseImport(PHRASE, PASSPHRASE) })).rejects.toThrow(
      'the disk is full',
    )
    expect(drawn.length).toBeGreaterThan(3)
    expect(drawn.filter((bytes) => bytes.some((byte) => byte !== 0))).toHaveLength(0)
    expect(t.state.phase).toBe('no-wallet')
  })
})
