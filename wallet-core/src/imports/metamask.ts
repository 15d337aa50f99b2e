/**
 * The vault of MetaMask (`@metamask/browser-passworder`): PBKDF2-HMAC-SHA-256 (10,000 rounds where nothing is said,
 * else what `keyMetadata` says, 600,000 and more today), AES-256-GCM with a 16-byte IV over the JSON of the keyrings.
 * That JSON can only be read by way of strings, which nobody can wipe; keys and phrases are bytes from there on.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { entropyOf } from '../accounts/phrase.ts'
import type { Aead, ImportCiphers } from '../ports.ts'
import { phraseSecret, type Secret, wipeSecrets } from '../vault/secrets.ts'
import { InvalidImport, WrongImportPassword } from './errors.ts'
import { type Fields, fieldsOf, parseJson } from './json.ts'
import { readPrivateKey } from './private-key.ts'

export const METAMASK_BOUNDS = { iterations: 10_000_000, keyrings: 64, accounts: 100 } as const
const OLD_ITERATIONS = 10_000
const PATH = "m/44'/60'/0'/0"
const EMPTY = new Uint8Array(0)

export interface MetaMaskAccounts {
  /** The caller's to wipe. */
  readonly secrets: readonly Secret[]
  /** How many accounts each secret stands for. */
  readonly counts: readonly number[]
  /** Keyrings that hold no keys, or keys at other paths. */
  readonly left: readonly string[]
}

/** @throws {InvalidImport} {@link WrongImportPassword} {@link ImportTooCostly} */
export async function readMetaMask(
  file: Uint8Array,
  password: Uint8Array,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
  ports: { readonly aead: Aead; readonly ciphers: ImportCiphers },
): Promise<MetaMaskAccounts> {
  const vault = vaultOf(parseJson('metamask', file))
  const [data, iv, salt] = [vault.base64Bytes('data'), vault.base64Bytes('iv'), vault.base64Bytes('salt')]
  if (iv.length < 12 || iv.length > 16) throw new InvalidImport('metamask', `iv has ${iv.length} bytes`)
  const key = await ports.ciphers.pbkdf2Sha256(password, salt, iterationsOf(vault), 32)
  let clear: Uint8Array | null
  try {
    clear = await ports.aead.open(key, iv, data, EMPTY)
  } finally {
    key.fill(0)
  }
  if (clear === null) throw new WrongImportPassword('metamask')
  try {
    return keyringsOf(parseJson('metamask', clear), engines)
  } finally {
    clear.fill(0)
  }
}

/** The vault itself, or what the browser stores around it. */
function vaultOf(json: unknown): Fields {
  const top = fieldsOf('metamask', json, 'the vault')
  const data = top.optional('data')
  const around = typeof data === 'object' && data !== null ? fieldsOf('metamask', data, 'data') : top
  if (!around.keys.includes('keyringcontroller')) return top
  const inner = around.object('KeyringController').text('vault')
  return fieldsOf('metamask', parseJson('metamask', new TextEncoder().encode(inner)), 'the vault')
}

function iterationsOf(vault: Fields): number {
  if (vault.optional('keyMetadata') === null) return OLD_ITERATIONS
  const metadata = vault.object('keyMetadata')
  if (metadata.text('algorithm') !== 'PBKDF2') throw new InvalidImport('metamask', 'its key is not of PBKDF2')
  return metadata.object('params').cost('iterations', METAMASK_BOUNDS.iterations)
}

function keyringsOf(json: unknown, engines: Pick<Engines, 'hashes' | 'secp256k1'>): MetaMaskAccounts {
  if (!Array.isArray(json) || json.length > METAMASK_BOUNDS.keyrings)
    throw new InvalidImport('metamask', 'it holds no list of keyrings')
  const secrets: Secret[] = []
  const counts: number[] = []
  const left: string[] = []
  const add = (secret: Secret, count: number) => {
    secrets.push(secret)
    counts.push(count)
  }
  try {
    for (const item of json) {
      const keyring = fieldsOf('metamask', item, 'a keyring')
      const type = keyring.text('type')
      if (type === 'HD Key Tree') {
        const data = keyring.object('data')
        if ((data.optional('hdPath') ?? PATH) === PATH)
          add(phraseOf(data, engines), Math.max(1, data.cost('numberOfAccounts', METAMASK_BOUNDS.accounts)))
        else left.push(type)
      } else if (type === 'Simple Key Pair') {
        for (const key of keysOf(keyring.optional('data')))
          add({ kind: 'private-key', key: readPrivateKey(key, engines) }, 1)
      } else left.push(type.slice(0, 64))
    }
    if (secrets.length === 0) throw new InvalidImport('metamask', 'it holds no keys')
    return { secrets, counts, left }
  } catch (error) {
    wipeSecrets(secrets)
    throw error
  }
}

/** A text in old vaults, the codes of its characters in newer ones. @throws {InvalidPhrase} */
function phraseOf(data: Fields, { hashes }: Pick<Engines, 'hashes'>): Secret {
  const mnemonic = data.optional('mnemonic')
  const bytes = Array.isArray(mnemonic)
    ? Uint8Array.from(mnemonic as number[])
    : typeof mnemonic === 'string'
      ? new TextEncoder().encode(mnemonic.normalize('NFKD'))
      : null
  if (bytes === null) throw new InvalidImport('metamask', 'mnemonic is neither a text nor a list of codes')
  try {
    return phraseSecret(entropyOf(bytes, hashes.sha256))
  } finally {
    bytes.fill(0)
  }
}

function keysOf(data: unknown): Uint8Array[] {
  if (!Array.isArray(data) || data.some((key) => typeof key !== 'string'))
    throw new InvalidImport('metamask', 'a key pair holds no list of keys')
  return data.map((key: string) => new TextEncoder().encode(key))
}
