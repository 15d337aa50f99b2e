import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { engines, PASSWORD, PHRASE, phraseImport, quickKdf, settle, testWallet, utf8 } from '../../test/wallet.ts'
import { webAead, webRandom } from '../infrastructure/web-crypto.ts'
import type { Records } from './content.ts'
import { decodeRecord, encodePrefix, encodeRecord } from './envelope.ts'
import { UnknownUnlockMethod, VaultCorrupted, WrongUnlockSecret } from './errors.ts'
import { decodeRecoveryFile, encodeRecoveryFile, InvalidRecoveryFile } from './recovery-file.ts'
import { decodeSecrets, encodeSecrets, phraseSecret, type Secret } from './secrets.ts'
import { createVault } from './vault.ts'

const { sha256 } = engines.hashes
const password = () => utf8(PASSWORD)
const random = (length: number) => webRandom.bytes(length)

async function wallet() {
  const t = await testWallet()
  await t.wallet.facade.importWallet({ password: password(), from: phraseImport(PHRASE) })
  return t
}

async function passkeyOn(t: Awaited<ReturnType<typeof wallet>>) {
  const output = random(32)
  await t.wallet.facade.addPasskey({
    password: password(),
    name: ' This phone ',
    credential: random(20),
    prfSalt: random(32),
    output: output.slice(),
  })
  const method = t.state.unlockMethods.find((one) => one.method === 'passkey')
  if (method?.method !== 'passkey') throw new Error('there is no passkey')
  return { output, id: method.id }
}

describe('ways to unlock', () => {
  test('a passkey opens, a wrong output does not, and what it asks for is known while locked', async () => {
    const t = await wallet()
    const { facade } = t.wallet
    const { output, id } = await passkeyOn(t)
    await facade.lock()
    expect(t.state.unlockMethods).toMatchObject([
      { id: 'password', method: 'password' },
      {
        id,
        method: 'passkey',
        name: 'This phone',
        credential: expect.any(Uint8Array),
        prfSalt: expect.any(Uint8Array),
      },
    ])
    expect((await t.reborn()).facade.state.unlockMethods).toHaveLength(2)
    const wrong = random(32)
    await expect(facade.unlockWithPasskey({ id, output: wrong })).rejects.toMatchObject({
      problem: { code: 'WRONG_UNLOCK_SECRET' },
    })
    expect(wrong).toEqual(new Uint8Array(32))
    await expect(facade.unlockWithPasskey({ id, output: random(31) })).rejects.toMatchObject({
      problem: { code: 'WRONG_UNLOCK_SECRET' },
    })
    await expect(facade.unlockWithPasskey({ id: 'password', output: random(32) })).rejects.toMatchObject({
      problem: { code: 'UNKNOWN_UNLOCK_METHOD' },
    })
    expect(t.state.phase).toBe('locked')
    await facade.unlockWithPasskey({ id, output: output.slice() })
    expect(t.state.phase).toBe('unlocked')
  })

  test('all survive a change of the password; a removed one opens nothing, the password stays', async () => {
    const t = await wallet()
    const { facade } = t.wallet
    const { output, id } = await passkeyOn(t)
    const { file } = await facade.makeRecoveryFile({ password: password() })
    await facade.changePassword({ current: password(), next: utf8('another one') })
    expect(t.state.unlockMethods.map(({ method }) => method)).toEqual(['password', 'passkey', 'recovery-file'])
    await facade.lock()
    await facade.unlockWithPasskey({ id, output: output.slice() })
    expect((await t.reborn()).facade.state.phase).toBe('unlocked')
    await expect(facade.removeUnlockMethod({ id, password: password() })).rejects.toMatchObject({
      problem: { code: 'WRONG_PASSWORD' },
    })
    await facade.removeUnlockMethod({ id, password: utf8('another one') })
    await expect(facade.removeUnlockMethod({ id: 'password', password: utf8('another one') })).rejects.toMatchObject({
      problem: { code: 'UNKNOWN_UNLOCK_METHOD' },
    })
    await facade.lock()
    await expect(facade.unlockWithPasskey({ id, output: output.slice() })).rejects.toMatchObject({
      problem: { code: 'UNKNOWN_UNLOCK_METHOD' },
    })
    await facade.recover({ file: file.slice(), next: utf8('a third password') })
    expect(t.state.phase).toBe('unlocked')
    await facade.lock()
    await expect(facade.unlock({ password: utf8('another one') })).rejects.toMatchObject({
      problem: { code: 'WRONG_PASSWORD' },
    })
    await facade.unlock({ password: utf8('a third password') })
    expect(await facade.revealPhrase({ password: utf8('a third password') })).toEqual({ phrase: utf8(PHRASE) })
  })

  test('a recovery file that was replaced, or belongs to another wallet, opens nothing; a weak new password neither', async () => {
    const t = await wallet()
    const { facade } = t.wallet
    const old = await facade.makeRecoveryFile({ password: password() })
    const { file } = await facade.makeRecoveryFile({ password: password() })
    expect(t.state.unlockMethods).toHaveLength(2)
    await facade.lock()
    const next = () => utf8('a new password')
    await expect(facade.recover({ file: old.file, next: next() })).rejects.toMatchObject({
      problem: { code: 'WRONG_UNLOCK_SECRET' },
    })
    const phases: string[] = []
    facade.subscribe(({ phase }) => phases.push(phase))
    await expect(facade.recover({ file: file.slice(), next: utf8('short') })).rejects.toMatchObject({
      problem: { code: 'WEAK_PASSWORD' },
    })
    // Nobody sees an open wallet before its new password is set.
    expect(phases).not.toContain('unlocked')
    await settle()
    expect(t.state.phase).toBe('locked')
    await facade.unlock({ password: password() })
  })

  test('no more than nine, and bad passkeys are refused by name', async () => {
    const t = await wallet()
    const good = () => ({
      password: password(),
      name: 'x',
      credential: random(9),
      prfSalt: random(32),
      output: random(32),
    })
    for (let i = 0; i < 8; i++) await t.wallet.facade.addPasskey(good())
    await expect(t.wallet.facade.addPasskey(good())).rejects.toMatchObject({
      problem: { code: 'TOO_MANY_UNLOCK_METHODS' },
    })
    for (const [name, bad] of [
      ['name', { name: ' ' }],
      ['credential', { credential: random(0) }],
      ['credential', { credential: random(1024) }],
      ['prfSalt', { prfSalt: random(31) }],
      ['output', { output: random(33) }],
    ] as const)
      await expect(t.wallet.facade.addPasskey({ ...good(), ...bad })).rejects.toMatchObject({
        problem: { code: 'INVALID_PASSKEY', message: expect.stringContaining(name) },
      })
  })

  test('the header is bound: slots of two writes do not mix', async () => {
    const store = memoryStore()
    const ports = { store, aead: webAead, random: webRandom, argon2id: quickKdf, sha256 }
    const vault = createVault(ports)
    const records = { version: 3 } as Records
    const open = await vault.create(password(), [phraseSecret(random(16))], records)
    const key = random(32)
    const recovery = { id: 'recovery-file', method: 'recovery-file', salt: random(16) } as const
    const { wrappingKey } = await import('./slots.ts')
    await open.addMethod({ slot: recovery, key: await wrappingKey(recovery, key, quickKdf) })
    const before = decodeRecord((await store.read('vault'))!, sha256)
    await open.removeMethod('recovery-file')
    const after = decodeRecord((await store.read('vault'))!, sha256)
    const by = { method: 'recovery-file', id: 'recovery-file', secret: key } as const
    await expect(vault.open(by)).rejects.toThrow(UnknownUnlockMethod)
    const header = { ...after.header, slots: [after.header.slots[0]!, before.header.slots[1]!] }
    await store.write('vault', encodeRecord(encodePrefix(header), after.ciphertext, sha256))
    await expect(vault.open(by)).rejects.toThrow(VaultCorrupted)
    await expect(vault.open({ method: 'password', password: password() })).rejects.toThrow(VaultCorrupted)
    await store.write('vault', encodeRecord(before.prefix, before.ciphertext, sha256))
    await expect(vault.open({ ...by, secret: random(32) })).rejects.toThrow(WrongUnlockSecret)
    await vault.open(by)
  })
})

describe('recovery files', () => {
  test('are read back; any other byte is refused', () => {
    const secret = random(32)
    const file = encodeRecoveryFile(secret, sha256)
    expect(decodeRecoveryFile(file, sha256)).toEqual(secret)
    expect(decodeRecoveryFile(utf8(new TextDecoder().decode(file).trim()), sha256)).toEqual(secret)
    fc.assert(
      fc.property(fc.nat(file.length - 2), fc.integer({ min: 33, max: 126 }), (at, code) => {
        fc.pre(file[at] !== code)
        const bad = file.slice()
        bad[at] = code
        try {
          // The last character of base64 carries bits that nothing depends on, but the decoder wants them zero.
          expect(() => decodeRecoveryFile(bad, sha256)).toThrow(InvalidRecoveryFile)
        } finally {
          bad.fill(0)
        }
      }),
    )
    for (const bad of [random(0), random(40), random(5000), file.subarray(0, -4)])
      expect(() => decodeRecoveryFile(bad, sha256)).toThrow(InvalidRecoveryFile)
  })
})

describe('secrets', () => {
  const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength })
  const secret: fc.Arbitrary<Secret> = fc.oneof(
    fc.record({ kind: fc.constant('phrase' as const), entropy: bytes(16, 32), passphrase: bytes(0, 40) }),
    fc.record({ kind: fc.constant('seed' as const), seed: bytes(16, 64) }),
    fc.record({ kind: fc.constant('private-key' as const), key: bytes(32, 32) }),
  )
  test('are read back, whatever follows; cut anywhere they are damaged', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { maxLength: 4 }),
        fc.uint8Array({ maxLength: 8 }),
        fc.nat(),
        (secrets, more, cut) => {
          const encoded = encodeSecrets(secrets)
          const { secrets: read, length } = decodeSecrets(new Uint8Array([...encoded, ...more]))
          expect(read).toEqual(secrets)
          expect(length).toBe(encoded.length)
          expect(() => decodeSecrets(encoded.subarray(0, cut % encoded.length))).toThrow(VaultCorrupted)
        },
      ),
    )
  })
})
