/** Sealing and opening of vault records: AEAD, wrapping and their nonces. Touches no storage. @module */
import type { Argon2id } from '@glowworm/wasm-core'
import type { Aead, Random } from '../ports.ts'
import { type Content, encodeContent, wipeContent } from './content.ts'
import { encodePrefix, encodeRecord, VAULT_VERSION, type VaultHeader, type VaultRecord } from './envelope.ts'
import { UnknownUnlockMethod, VaultCorrupted, WrongPassword, WrongUnlockSecret } from './errors.ts'
import { contentOf } from './migrations.ts'
import { type KeyedSlot, type Slot, type Unlock, wrapContext, wrappingKey } from './slots.ts'

export interface SealingPorts {
  readonly aead: Aead
  readonly random: Random
  readonly argon2id: Argon2id
  readonly sha256: (data: Uint8Array) => Uint8Array
}

export interface Sealed {
  readonly header: VaultHeader
  readonly bytes: Uint8Array
}

export interface Sealing {
  /** The slot that fits, its wrapping key and the data key, both of which the caller wipes. */
  unlock(record: VaultRecord, unlock: Unlock): Promise<{ slot: Slot; key: Uint8Array; dataKey: Uint8Array }>
  /** Null when the data key does not fit. Otherwise the caller wipes the content. @throws {VaultCorrupted} */
  contentOf(record: VaultRecord, dataKey: Uint8Array): Promise<Content | null>
  /** The next revision, under the same data key. */
  again(header: VaultHeader, dataKey: Uint8Array, content: Content): Promise<Sealed>
  /** Everything under a fresh data key, wrapped for each of the slots. The caller wipes the data key. */
  anew(
    revision: number,
    slots: readonly KeyedSlot[],
    content: Pick<Content, 'secrets' | 'records'>,
  ): Promise<Sealed & { dataKey: Uint8Array }>
}

export function createSealing({ aead, random, argon2id, sha256 }: SealingPorts): Sealing {
  async function seal(header: VaultHeader, dataKey: Uint8Array, content: Content): Promise<Sealed> {
    const fresh = { ...header, revision: header.revision + 1, nonce: random.bytes(12) }
    const prefix = encodePrefix(fresh)
    const clear = encodeContent(content)
    try {
      const ciphertext = await aead.seal(dataKey, fresh.nonce, clear, prefix)
      return { header: fresh, bytes: encodeRecord(prefix, ciphertext, sha256) }
    } finally {
      clear.fill(0)
    }
  }
  return {
    async unlock({ version, header }, unlock) {
      const slot = header.slots.find(({ id, method }) =>
        unlock.method === 'password' ? method === 'password' : method === unlock.method && id === unlock.id,
      )
      if (!slot) throw new UnknownUnlockMethod()
      const brought = unlock.method === 'password' ? unlock.password : unlock.secret
      const key = await wrappingKey(slot, brought, argon2id)
      const { nonce, key: wrapped } = slot.wrapped
      const dataKey = await aead.open(key, nonce, wrapped, wrapContext(version, slot))
      if (dataKey !== null) return { slot, key, dataKey }
      key.fill(0)
      throw unlock.method === 'password' ? new WrongPassword() : new WrongUnlockSecret(unlock.method)
    },
    async contentOf({ version, header, prefix, ciphertext }, dataKey) {
      const clear = await aead.open(dataKey, header.nonce, ciphertext, prefix)
      if (clear === null) return null
      try {
        const content = contentOf(version, clear)
        if (version === VAULT_VERSION && content.slotKeys.length !== header.slots.length) {
          wipeContent(content)
          throw new VaultCorrupted('it has another number of slots than of keys')
        }
        return content
      } finally {
        clear.fill(0)
      }
    },
    again: seal,
    async anew(revision, keyed, { secrets, records }) {
      const dataKey = random.bytes(32)
      try {
        const slots = await Promise.all(
          keyed.map(async ({ slot, key }) => {
            const nonce = random.bytes(12)
            const wrapped = { nonce, key: await aead.seal(key, nonce, dataKey, wrapContext(VAULT_VERSION, slot)) }
            return { ...slot, wrapped }
          }),
        )
        const header: VaultHeader = { revision, slots, nonce: new Uint8Array(12) }
        const sealed = await seal(header, dataKey, { slotKeys: keyed.map(({ key }) => key), secrets, records })
        return { ...sealed, dataKey }
      } catch (error) {
        dataKey.fill(0)
        throw error
      }
    },
  }
}
