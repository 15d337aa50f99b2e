/** What runs in the page: one derivation as unlocking does it. */
import { DEFAULT_KDF } from '@glowworm/wallet-core/vault/kdf-parameters'
import { argon2id } from '@glowworm/wasm-core/argon2id'

/** @returns ms */
export async function derivation(): Promise<number> {
  const password = new TextEncoder().encode('a long enough passphrase 42')
  const salt = new Uint8Array(16).fill(7)
  const start = performance.now()
  await argon2id({ password, salt, ...DEFAULT_KDF, length: 32 })
  return performance.now() - start
}
