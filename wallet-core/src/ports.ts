/** What the wallet needs from the world, as short interfaces. Adapters live in `infrastructure/` and in the shells. */
import type { ByteStore, Clock, Hex, LightClient, Random } from '@glowworm/light-client'
import type { RemotePhone } from '@glowworm/light-client/network/pairing/page/phone-channel'
import type { RemotePairing } from '@glowworm/light-client/network/pairing/pairing-channel'
import type { Argon2id, Engines } from '@glowworm/wasm-core'
import type { RemotePhoneSession } from './devices/phone/phone-carriage.ts'
import type { LoadBelongings } from './facade/belongings.ts'
import type { Core } from './facade/core.ts'
import type { AgreedCheckpoint, Approval, SourceChoice } from './facade/facade.ts'
import type { LoadIdentity } from './identity/holder/access.ts'
import type { Normalize } from './intent/names/normalize.ts'
import type { PhoneSessions } from './phone/phone-sessions.ts'
import type { Policy } from './policy/policy.ts'
import type { Session } from './session/session.ts'
import type { KdfParameters } from './vault/kdf-parameters.ts'

export type { ByteStore, Clock, Random } from '@glowworm/light-client'

/** AES-256-GCM with a 32-byte key, 12-byte nonce and 16-byte tag at the end of the ciphertext (SP 800-38D). */
export interface Aead {
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Promise<Uint8Array>
  /** Null when the tag does not fit: wrong key, or anything changed. */
  open(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array, associated: Uint8Array): Promise<Uint8Array | null>
}

/** What other programs seal their keys with. Needed to import only. */
export interface ImportCiphers {
  /** AES-128-CTR with a 16-byte key and a 16-byte initial counter block (SP 800-38A). */
  aesCtr(key: Uint8Array, counter: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array>
  /** PBKDF2-HMAC-SHA-256 (RFC 8018). */
  pbkdf2Sha256(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Promise<Uint8Array>
}

/** Asks a test network's faucet for coins. Resolves with the hash of the transaction it says it sent. */
export type Faucet = (address: Hex) => Promise<Hex>

/**
 * Makes the light client out of the chosen sources. Called only after the user has chosen; never earlier.
 * `checkpoint` is the user's, else the profile's, else null: then independent sources have to agree on one.
 */
export type OpenChain = (request: {
  readonly choices: readonly SourceChoice[]
  readonly checkpoint: Hex | null
  /** Set when the user goes on from a start that is older than is safe. */
  readonly maxAgeDays?: number
}) => LightClient | Promise<LightClient>

/** Asks operators of beacon nodes for a block that all of them call final. Called on the user's command only. */
export type AskOperators = (urls: readonly string[], stop?: AbortSignal) => Promise<AgreedCheckpoint>

/** Connects to another device with codes that people carry; the device then is one of the client's sources. */
export type DevicePairing = RemotePairing

/** Loads what serves pages on other screens. */
export type LoadPhone = (core: Core) => Promise<PhoneSessions>
export type { RemotePhone }

/** The network the wallet is for, out of its profile. */
export interface WalletNetwork {
  readonly name: string
  readonly chainId: number
  /** Tells chains apart that share a name and an id, such as a devnet's before and after a restart. */
  readonly identity: string
  readonly symbol: string
  /** The block root the profile's author vouches for, if any. */
  readonly checkpoint: Hex | null
  /** The bundled directory of sources. */
  readonly choices: readonly SourceChoice[]
  /** Absent: those that everybody knows for its chain. */
  readonly feeds?: readonly PriceFeed[]
  /** Who may sign data packs: an Ed25519 key, 32 bytes. Absent: nobody. */
  readonly packKey?: Hex
}

/** An aggregator on the chain that says what something costs (AggregatorV3Interface). */
export interface PriceFeed {
  /** The network's coin, or a token. */
  readonly of: 'native' | Hex
  readonly feed: Hex
  /** e.g. `USD`. */
  readonly quote: string
}

export interface WalletPorts {
  readonly store: ByteStore
  readonly session: Session
  readonly clock: Clock
  readonly random: Random
  readonly engines: Engines
  readonly argon2id: Argon2id
  readonly aead: Aead
  readonly importCiphers: ImportCiphers
  readonly network: WalletNetwork
  readonly openChain: OpenChain
  /** Absent where the shell reaches no operators. */
  readonly askOperators?: AskOperators
  /** Forgets whose accounts evidence was kept of; absent where none is. */
  readonly forgetEvidence?: () => Promise<void>
  readonly faucet: Faucet | null
  /** Null where the shell cannot connect to devices nearby. */
  readonly pairing: DevicePairing | null
  /** Absent where the wallet is no phone's. */
  readonly loadPhone?: LoadPhone
  /** The session with a phone that signs. Absent where the shell has none. */
  readonly phoneSigner?: RemotePhoneSession
  /** Cost of the password derivation for new vaults; the default is 64 MiB, 3 passes, 1 lane. */
  readonly kdf?: KdfParameters
  /** For shells that cannot load modules later. */
  readonly loadNormalize?: () => Promise<Normalize>
  /**
   * Makes a proof receipt (docs/receipts.md) with the answers to these questions, out of evidence that is asked for anew.
   * Only once the chain is followed. Absent where the shell does without.
   * @throws {GlowwormError | RpcError} as `makeReceipt`
   */
  readonly prove?: (
    questions: readonly { readonly method: string; readonly params: readonly unknown[] }[],
  ) => Promise<{ readonly file: Uint8Array; readonly answers: readonly unknown[] }>
  /** Loads what credentials need when they are first used. Absent where modules cannot be loaded later. */
  readonly loadIdentity?: LoadIdentity
  /** Loads what reads tokens and prices. Absent: the wallet knows the network's coin only. */
  readonly loadBelongings?: LoadBelongings
  /** What this wallet may do at all, whoever asks: for one that runs without a person. The rules of sites hold besides. */
  readonly policy?: Policy
  /** Called with the reason when a rule or the policy refuses something. */
  readonly onRefusal?: (approval: Approval, why: string) => void
  /** Called when a site's request waits for the user, so that the shell can raise its window. */
  readonly attention?: () => void
}
