import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { nobleEngines } from '@glowworm/wasm-core'
import { argon2id } from '@glowworm/wasm-core/argon2id'
import { describe, expect, test } from 'vitest'
import { testWallet, utf8 } from '../../test/wallet.ts'
import { phraseOf } from '../accounts/phrase.ts'
import { webAead, webRandom } from '../infrastructure/web-crypto.ts'
import type { ByteStore } from '../ports.ts'
import { decodeRecord } from './envelope.ts'
import { UnknownVaultVersion, WrongPassword } from './errors.ts'
import { createVault } from './vault.ts'

/**
 * Written by the program as it was when version 1 was the newest: 19 MiB and 2 passes of Argon2id, the phrase
 * "test … junk", accounts 0 and 3, a site, a transfer, and one change after creation.
 */
const VERSION_1 = Buffer.from(
  `
R0xPV1dPUk0AAQAAAQZ7InJldmlzaW9uIjoyLCJrZGYiOnsibmFtZSI6ImFyZ29uMmlkIiwibWVtb3J5S2lCIjoxOTQ1NiwiaXRlcmF0aW9ucy
I6MiwicGFyYWxsZWxpc20iOjEsInNhbHQiOiJMQ2czVUFWeFRGY3dJSlIyZHo2WE5BPT0ifSwid3JhcHBlZCI6eyJub25jZSI6IjdQY0hCeFdn
RmFyc1lJSWQiLCJrZXkiOiJQSFVMRDhaSVJxY2xKYWlvNHJhQlZUNFFUNlZVcTVxNHIxQUZTZ2I2ald2YmNscjZxYy8yTHFYc3daY1pPWk5OIn
0sIm5vbmNlIjoiNUNVeTdtVEpsTWx5YS9xNSJ9tpZYbSfGGtHXyvtSXowzLkqNUNlLicvlczpStc38ISHCU7aUiL4PNbAcJZcdDdXjwj4ftzre
+EQhjgz8E6Np0Vmz60xyIjuArj7eBHRP/HtunBp840XUctMwGQxRx/4wY++z/NJmB2GcTyHFH6Lr0tP+m2oew9Ev/h8Bh+2ng5fZhwJvAvWskB
sUQ9i2nmadPm/GDTh7B2w/U6OTo2dkPly7JgU3B7feIR9GDJYVkigaxWT9x4P7frpyO07O1FdEq9XYdZ61v15X0JQghaBSP+uf4qiybWGtImwY
k+bX1wjUCOQV/l2WNWomzAZyIxb5xC2XYj8nqqCLW+rj4y7+IUDsUqMGvBFOLhAw4sngOqrEn2sN/Jh7Oxl1icCG8eZp9mexu1YGxeJtESkUGj
HcUDBptLeY2f2yG0RfozVxEMQSENyvlmfv5VXARx0PMpNtN+1ksqaZYsG3h/gBzEZ4K35qy1a0KKP2NkIFQ2faAh5eLww4rwARPffNmpbCm2Q5
uHSjeOBgF+3R4BkbGeaH+D6pDSa7CkEhc8VqDRKYYKwlCYH9hYL+xO5LiG9gt5INCVe1pJQROeXkhfnWGjDh9X4gw00JuMeM2PE6RH3AxsPfBk
zGL8gPZrKk1qKnMJ7qqq7qzmbu6OGDhKr2exkZrK17XlZ6oTMhFNycc58Vyqy+e7cSbpvUBw7U+FOdPjMpKhN9nh8frHLnBBJIkgbj6zdz7BlQ
sTbjkhNCNQc2Cqa9KZbkTFauNIk/fFBx75wcd3mka7yKfMhUVg6uIDzK9VQFdNdip/pN1MskKQT6/IP5pKb04QhsXvg0vrh7xoJ0hrbzXdJRSa
XfpGAltdNlCAnehwqS4GTgpzVcTP5N3I3zxOWcKxenqmumdgEMBjkDH1Jzd3BiLaHWVW18HJNZEdDai1DBypEiQPJa71D63nh0NBRgam3W4QX7
zq7F/+RnELsDZRaLJ7Fx6Py4Theh2rLAxkfElZyGdl8F/FOKD22mdph0gAzqAZiv8vyMpVEnD0weDz1Jgg6T2TsV7mU1mUfabnHcn1p0yJV7PX
vIn0SgnIowLnwZgfnjIxXwJB1e5DMQ+SQU2pb94Kx27DhRh6sLAqK7/VV5E0oeDDTCbXA2wEmeHgtZTQ==
`,
  'base64',
)
const PASSWORD = 'correct horse battery'
const PHRASE = 'test test test test test test test test test test test junk'
const { sha256 } = nobleEngines().hashes
const kdf = { memoryKiB: 19 * 1024, iterations: 2, parallelism: 1 }
const by = (password: string) => ({ method: 'password', password: utf8(password) }) as const
const vaultOver = (store: ByteStore) => createVault({ store, aead: webAead, random: webRandom, argon2id, sha256, kdf })

async function storeOfVersion1(): Promise<ByteStore> {
  const store = memoryStore()
  await store.write('vault', new Uint8Array(VERSION_1))
  return store
}

describe('a vault of version 1', () => {
  test('is opened with all it held, and is one of this version afterwards', async () => {
    const store = await storeOfVersion1()
    const vault = vaultOver(store)
    expect(await vault.methods()).toMatchObject([{ id: 'password', method: 'password', kdf }])
    await expect(vault.open(by('another password'))).rejects.toThrow(WrongPassword)
    expect(decodeRecord((await store.read('vault'))!, sha256).version).toBe(1)
    for (const version of [2, 2]) {
      const open = await vault.open(by(PASSWORD))
      expect(open.records).toMatchObject({
        version: 3,
        accounts: [
          {
            id: 'eth-0',
            key: { kind: 'derived', secret: 0, index: 0 },
            address: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
          },
          { id: 'eth-3', key: { kind: 'derived', secret: 0, index: 3 }, name: 'Rainy days', hidden: false },
        ],
        selected: 'eth-3',
        backedUp: true,
        hasPhrase: true,
        drills: { phrase: null, file: null },
        autoLockMinutes: 7,
        sites: [{ origin: 'https://app.example', accounts: ['eth-3'] }],
        activity: { '1337-fake': [{ id: 'a', value: 5n, state: 'final' }] },
      })
      const phrase = await open.withSecrets(([secret]) =>
        secret?.kind === 'phrase' ? phraseOf(secret.entropy, sha256) : null,
      )
      expect(phrase).toEqual(utf8(PHRASE))
      expect(decodeRecord((await store.read('vault'))!, sha256).version).toBe(version)
      await open.close()
    }
  })

  test('is still whole when the device dies while it is migrated', async () => {
    const store = await storeOfVersion1()
    const dying: ByteStore = {
      ...store,
      write: async () => {
        throw new Error('power cut')
      },
    }
    await expect(vaultOver(dying).open(by(PASSWORD))).rejects.toThrow('power cut')
    expect(await store.read('vault')).toEqual(new Uint8Array(VERSION_1))
    expect((await vaultOver(store).open(by(PASSWORD))).records.autoLockMinutes).toBe(7)
  })

  test('can be restored as a backup file, and its accounts sign', async () => {
    const t = await testWallet({ argon2id, kdf })
    await t.wallet.facade.restoreBackup({ file: new Uint8Array(VERSION_1), password: utf8(PASSWORD) })
    expect(t.state.accounts.map(({ path }) => path)).toEqual(["m/44'/60'/0'/0/0", "m/44'/60'/0'/0/3"])
    expect(t.state.backedUp).toBe(true)
    expect(await t.wallet.facade.revealPhrase({ password: utf8(PASSWORD) })).toEqual({ phrase: utf8(PHRASE) })
  })

  test('a version that this program does not know yet is left alone', async () => {
    for (const version of [0, 3, 65_535]) {
      const future = new Uint8Array(VERSION_1)
      new DataView(future.buffer).setUint16(8, version)
      future.set(sha256(future.subarray(0, -32)), future.length - 32)
      const store = memoryStore()
      await store.write('vault', future)
      await expect(vaultOver(store).open(by(PASSWORD))).rejects.toThrow(UnknownVaultVersion)
      expect(await store.read('vault')).toEqual(future)
    }
  })
})
