import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStore } from '@glowworm/light-client/infrastructure/file-store'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { nobleEngines } from '@glowworm/wasm-core'
import { argon2id } from '@glowworm/wasm-core/argon2id'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { quickKdf, utf8 } from '../../test/wallet.ts'
import { webAead, webRandom } from '../infrastructure/web-crypto.ts'
import type { ByteStore } from '../ports.ts'
import type { Records } from './content.ts'
import { decodeRecord, encodePrefix, encodeRecord } from './envelope.ts'
import { Locked, UnknownUnlockMethod, VaultChangedElsewhere, VaultCorrupted, WrongPassword } from './errors.ts'
import { checkKdfParameters, DEFAULT_KDF, KdfOutOfBounds, type KdfParameters } from './kdf-parameters.ts'
import { phraseSecret } from './secrets.ts'
import type { Unlock } from './slots.ts'
import { createVault, type OpenVault, type VaultPorts } from './vault.ts'

const { sha256 } = nobleEngines().hashes
const PASSWORD = utf8('correct horse')
const ENTROPY = Uint8Array.from({ length: 16 }, (_, i) => i)
const TWICE = new Uint8Array([...ENTROPY, ...ENTROPY])
const RECORDS: Records = {
  version: 3,
  accounts: [],
  selected: null,
  hasPhrase: true,
  backedUp: false,
  drills: { phrase: null, file: null },
  autoLockMinutes: 15,
  sites: [],
  activity: {},
}
const named = (name: string): Records => ({ ...RECORDS, selected: name })

const by = (password: Uint8Array): Unlock => ({ method: 'password', password })
const entropyIn = (open: OpenVault) =>
  open.withSecrets(([secret]) => (secret?.kind === 'phrase' ? secret.entropy.slice() : null))

function portsOver(store: ByteStore, changes: Partial<VaultPorts> = {}): VaultPorts {
  return { store, aead: webAead, random: webRandom, argon2id: quickKdf, sha256, ...changes }
}

async function madeOver(store: ByteStore) {
  const vault = createVault(portsOver(store))
  const open = await vault.create(PASSWORD, [phraseSecret(ENTROPY.slice())], named('first'))
  return { vault, open }
}

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})
async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-vault-'))
  folders.push(folder)
  return folder
}

describe('the vault', () => {
  test('keeps what it was given, over a real key derivation and files', async () => {
    const folder = await freshFolder()
    const kdf: KdfParameters = { memoryKiB: 19 * 1024, iterations: 2, parallelism: 1 }
    const ports = portsOver(fileStore(folder), { argon2id, kdf })
    const first = await createVault(ports).create(PASSWORD, [phraseSecret(ENTROPY.slice())], named('first'))
    await first.update(() => named('second'))
    await first.close()
    const open = await createVault(ports).open(by(PASSWORD))
    expect(open.records).toEqual(named('second'))
    expect(await entropyIn(open)).toEqual(ENTROPY)
    await expect(createVault(ports).open(by(utf8('correct house')))).rejects.toThrow(WrongPassword)
    expect(await readdir(folder)).toHaveLength(1)
    await createVault(ports).erase()
    expect(await readdir(folder)).toHaveLength(0)
  })

  test('shows neither entropy nor records in its bytes, and never the same bytes twice', async () => {
    const store = memoryStore()
    const { open } = await madeOver(store)
    const seen = new Set<string>()
    for (let i = 0; i < 8; i++) {
      await open.update(() => named('a recognisable name'))
      await open.update((records) => ({ ...records, backedUp: !records.backedUp }))
      const bytes = (await store.read('vault'))!
      expect(Buffer.from(bytes).includes('a recognisable name')).toBe(false)
      expect(Buffer.from(bytes).includes(Buffer.from(ENTROPY))).toBe(false)
      seen.add(Buffer.from(bytes.subarray(-80)).toString('hex'))
    }
    expect(seen.size).toBe(8)
  })

  test('wipes what it lent, and itself at the end', async () => {
    const { open } = await madeOver(memoryStore())
    let entropy: Uint8Array | null = null
    let key: Uint8Array | null = null
    await open.withSecrets(([lent]) => {
      entropy = lent?.kind === 'phrase' ? lent.entropy : null
    })
    await open.withDataKey((lent) => {
      key = lent
    })
    expect(entropy).toEqual(new Uint8Array(16))
    expect(key).toEqual(new Uint8Array(32))
    await open.close()
    await expect(open.withSecrets((lent) => lent.length)).rejects.toThrow(Locked)
    await expect(open.update(() => RECORDS)).rejects.toThrow(Locked)
  })

  test('writes one after the other; none is lost', async () => {
    const store = memoryStore()
    const { vault, open } = await madeOver(store)
    await Promise.all(
      Array.from({ length: 20 }, () =>
        open.update((records) => ({ ...records, autoLockMinutes: records.autoLockMinutes + 1 })),
      ),
    )
    expect((await vault.open(by(PASSWORD))).records.autoLockMinutes).toBe(35)
  })

  test('does not overwrite what another instance wrote', async () => {
    const store = memoryStore()
    const { vault, open } = await madeOver(store)
    const other = await vault.open(by(PASSWORD))
    await other.update(() => named('theirs'))
    await expect(open.update(() => named('ours'))).rejects.toThrow(VaultChangedElsewhere)
    expect((await vault.open(by(PASSWORD))).records.selected).toBe('theirs')
  })

  test('a new password makes a new data key; the old one opens nothing', async () => {
    const store = memoryStore()
    const { vault, open } = await madeOver(store)
    const oldKey = await open.withDataKey((key) => key.slice())
    await open.changePassword(PASSWORD, utf8('another one'))
    await expect(vault.open(by(PASSWORD))).rejects.toThrow(WrongPassword)
    expect(await vault.openWithDataKey(oldKey)).toBeNull()
    expect((await vault.open(by(utf8('another one')))).records.selected).toBe('first')
    await open.update(() => named('after'))
    expect((await vault.open(by(utf8('another one')))).records.selected).toBe('after')
  })
})

describe('damage', () => {
  test('any changed, missing or added byte is told from a wrong password', async () => {
    const store = memoryStore()
    const { vault } = await madeOver(store)
    const good = (await store.read('vault'))!
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bad = good.slice()
        bad[at]! ^= mask
        await store.write('vault', bad)
        await expect(vault.open(by(PASSWORD))).rejects.toThrow(VaultCorrupted)
        await store.write('vault', good.subarray(0, at))
        await expect(vault.open(by(PASSWORD))).rejects.toThrow(VaultCorrupted)
      }),
      { numRuns: 60 },
    )
    await store.write('vault', Uint8Array.of(...good, 0))
    await expect(vault.open(by(PASSWORD))).rejects.toThrow(VaultCorrupted)
    await store.write('vault', good)
    expect((await vault.open(by(PASSWORD))).records.selected).toBe('first')
  })

  test('a doctored vault with a fitting checksum still does not open', async () => {
    const store = memoryStore()
    const { vault } = await madeOver(store)
    const good = decodeRecord((await store.read('vault'))!, sha256)
    const { header } = good
    const doctor = async (bytes: Uint8Array, error: new (...args: never[]) => Error) => {
      await store.write('vault', bytes)
      await expect(vault.open(by(PASSWORD))).rejects.toThrow(error)
    }
    const reheaded = (change: Partial<typeof header>) =>
      encodeRecord(encodePrefix({ ...header, ...change }), good.ciphertext, sha256)
    await doctor(reheaded({ revision: 7 }), VaultCorrupted)
    await doctor(reheaded({ nonce: new Uint8Array(12) }), VaultCorrupted)
    const [slot] = header.slots
    if (slot?.method !== 'password') throw new Error('the password comes first')
    const { kdf, wrapped } = slot
    const withSlot = (change: Partial<typeof slot>) => reheaded({ slots: [{ ...slot, ...change }] })
    await doctor(withSlot({ kdf: { ...kdf, salt: new Uint8Array(16) } }), WrongPassword)
    await doctor(withSlot({ kdf: { ...kdf, iterations: 4 } }), WrongPassword)
    await doctor(withSlot({ wrapped: { ...wrapped, nonce: new Uint8Array(12) } }), WrongPassword)
    await doctor(withSlot({ id: 'another' }), WrongPassword)
    // A second way to unlock that nobody with the data key put there.
    const foreign = { id: 'x', method: 'recovery-file', salt: new Uint8Array(16), wrapped } as const
    await doctor(reheaded({ slots: [slot, foreign] }), VaultCorrupted)
    await doctor(reheaded({ slots: [slot, slot] }), VaultCorrupted)
    await doctor(reheaded({ slots: [] }), UnknownUnlockMethod)
    const ciphertext = good.ciphertext.slice()
    ciphertext[0]! ^= 1
    await doctor(encodeRecord(good.prefix, ciphertext, sha256), VaultCorrupted)
  })

  test('absurd or weak parameters are refused before any work is done', async () => {
    const store = memoryStore()
    await madeOver(store)
    const good = decodeRecord((await store.read('vault'))!, sha256)
    let derived = 0
    const vault = createVault(
      portsOver(store, {
        argon2id: async (parameters) => {
          derived++
          return quickKdf(parameters)
        },
      }),
    )
    for (const change of [
      { memoryKiB: 1 },
      { memoryKiB: 19 * 1024 - 1 },
      { memoryKiB: 2 ** 31 },
      { memoryKiB: 19 * 1024, iterations: 1 },
      { memoryKiB: 2 ** 20, iterations: 5 },
      { iterations: 0 },
      { iterations: -3 },
      { iterations: 10_000 },
      { parallelism: 0 },
      { parallelism: 99 },
    ]) {
      const [slot] = good.header.slots
      if (slot?.method !== 'password') throw new Error('the password comes first')
      const slots = [{ ...slot, kdf: { ...slot.kdf, ...change } }]
      await store.write('vault', encodeRecord(encodePrefix({ ...good.header, slots }), good.ciphertext, sha256))
      await expect(vault.open(by(PASSWORD))).rejects.toThrow(KdfOutOfBounds)
    }
    expect(derived).toBe(0)
    checkKdfParameters(DEFAULT_KDF)
    expect(DEFAULT_KDF).toEqual({ memoryKiB: 65_536, iterations: 3, parallelism: 1 })
  })
})

/** Fails at the nth operation, either before it takes effect or after. */
function crashing(store: ByteStore, at: number, when: 'before' | 'after'): ByteStore & { readonly crashed: boolean } {
  let count = 0
  let crashed = false
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (crashed) throw new Error('dead')
    const dies = ++count === at
    crashed = dies
    if (dies && when === 'before') throw new Error('crash before')
    const result = await work()
    if (dies) throw new Error('crash after')
    return result
  }
  return {
    get crashed() {
      return crashed
    },
    read: (key) => step(() => store.read(key)),
    write: (key, value) => step(() => store.write(key, value)),
    remove: (key) => step(() => store.remove(key)),
  }
}

describe('a crash at any storage operation leaves the old vault or the new one', () => {
  const cases = Array.from({ length: 20 }, (_, i) => i + 1).flatMap((at) =>
    (['before', 'after'] as const).map((when) => ({ at, when })),
  )
  test.each(cases)('crash $when operation $at', async ({ at, when }) => {
    const real = memoryStore()
    const store = crashing(real, at, when)
    const next = utf8('another one')
    /** The names that the steps so far left, and would leave. */
    let [left, coming] = ['', 'first']
    const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      coming = name
      const result = await work()
      left = name
      return result
    }
    const life = async () => {
      const vault = createVault(portsOver(store))
      const open = await step('first', () => vault.create(PASSWORD, [phraseSecret(ENTROPY.slice())], named('first')))
      await step('second', () => open.update(() => named('second')))
      await step('second', () => open.changePassword(PASSWORD, next))
      const recovery = { id: 'recovery-file', method: 'recovery-file', salt: new Uint8Array(16) } as const
      await step('second', () => open.addMethod({ slot: recovery, key: new Uint8Array(32).fill(7) }))
      await step('third', () => open.addSecrets([{ kind: 'private-key', key: TWICE }], () => named('third')))
      await step('third', () => open.removeMethod('recovery-file'))
      await step('fourth', () => open.update(() => named('fourth')))
    }
    const died = await life().then(
      () => false,
      () => true,
    )
    expect(died).toBe(store.crashed)
    // Fifteen operations are all there are.
    expect(died).toBe(at <= 15)
    const after = createVault(portsOver(real))
    if (!(await after.exists())) {
      expect(at).toBeLessThanOrEqual(2)
      return
    }
    const found: string[] = []
    for (const password of [PASSWORD, next]) {
      const open = await after.open(by(password)).catch((error: unknown) => {
        expect(error).toBeInstanceOf(WrongPassword)
        return null
      })
      if (!open) continue
      found.push(open.records.selected!)
      expect(await entropyIn(open)).toEqual(ENTROPY)
    }
    expect(found).toHaveLength(1)
    expect([left, coming]).toContain(found[0])
  })

  test('a failed write leaves the open vault as it was, and the next one works', async () => {
    const real = memoryStore()
    let broken = false
    const store: ByteStore = {
      ...real,
      write: async (key, value) => {
        if (broken) throw new Error('the disk is full')
        await real.write(key, value)
      },
    }
    const { vault, open } = await madeOver(store)
    broken = true
    await expect(open.update(() => named('lost'))).rejects.toMatchObject({
      code: 'VAULT_NOT_WRITTEN',
      message: expect.stringContaining('the disk is full'),
    })
    expect(open.records.selected).toBe('first')
    broken = false
    await open.update(() => named('kept'))
    expect((await vault.open(by(PASSWORD))).records.selected).toBe('kept')
  })
})
