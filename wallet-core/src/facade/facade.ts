/**
 * What the interface may know and do. The trusted half (keys, light client) runs in another thread or process; this
 * is the whole of its face. Everything here is plain data plus `bigint` and `Uint8Array`, carried by `wire.ts`.
 * Secrets never leave through it, but for what a person asked for: `revealPhrase`, `create`,
 * `makeRecoveryFile`, and, encrypted, `makeBackup`.
 * @module
 */

import type { Hex } from '@glowworm/light-client'
import type { Carrier } from '@glowworm/light-client/network/evidence-source'
import type * as intent from '../intent/intent.ts'
import type { Failure, NftChange, Outcome, Permission, TokenChange } from '../intent/simulation/outcome.ts'
import type { Understanding } from '../intent/understanding.ts'
import type { Limit, Policy } from '../policy/policy.ts'
import type { SignedLine } from '../signing/typed-data/hash.ts'
import type { AccountView, ActivityEntry, HiddenAccount } from './account-values.ts'
import type { AssetPreview } from './asset-values.ts'
import type { BelongingsCommands, BelongingsView } from './belongings.ts'
import type {
  DeviceAnswer,
  DeviceKeysAnswer,
  DeviceKeyView,
  DeviceRequest,
  LedgerPaths,
  SignatureCheck,
} from './device-values.ts'
import type { FeeOptions, Fees } from './fee-values.ts'
import type { IdentityCommands, IdentityView } from './identity.ts'
import type { PhoneCommands, PhoneSessionView, PhoneSignerCommands } from './phone-values.ts'
import type { ContactView, RecipientView, SafetyCommands } from './safety-values.ts'
import type { SiteRule, SiteRuleCommands } from './site-rules.ts'
import type { Stop } from './stopped.ts'

export type * from './account-values.ts'
export type * from './asset-values.ts'
export type { BelongingsCommands, BelongingsView } from './belongings.ts'
export type * from './device-values.ts'
export type * from './fee-values.ts'
export type * from './history-values.ts'
export type * from './log-values.ts'
export type { PackCommands, PackKind, PacksView, PackView } from './pack-values.ts'
export type * from './phone-values.ts'
export type * from './safety-values.ts'
export type { Failure, NftChange, Outcome, Permission, Policy, SignedLine, SiteRule, TokenChange, Understanding }
export type Intent = intent.Intent
export type Action = intent.Action
export type Allowance = intent.Allowance
export type ContractView = intent.ContractView
export type DescribedField = intent.DescribedField
export type IntentWarning = intent.IntentWarning
export type ProxyView = intent.ProxyView
export type TokenView = intent.TokenView
export type WarningCode = intent.WarningCode

/** A ledger value as the interface may print it. Made from `Verified<T>` or `Attested<T>` by the core only. */
export type Shown<T> =
  | {
      readonly kind: 'proven'
      /** Names the verified value inside the core, e.g. for exporting its proof. Worthless elsewhere. */
      readonly handle: string
      readonly value: T
      /** True when it cannot change any more. */
      readonly final: boolean
      /** The finality in the ledger's own terms, e.g. `finalized`. */
      readonly words: string
      readonly height: bigint
      readonly hash: Hex
      /** Time the ledger gives that height, ms since the epoch. */
      readonly time: number
      readonly checkedAt: number
      readonly trail: readonly ShownStep[]
      /** True for evidence of an earlier run, proven again now: as old as `time`, until a newer proof comes. */
      readonly kept?: true
    }
  | { readonly kind: 'attested'; readonly value: T; readonly by: string; readonly checkedAt: number }
  /** `of` is 0 while the amount of work is not known yet. */
  | {
      readonly kind: 'proving'
      readonly step: 'sources' | 'checkpoint' | 'committees' | 'proof'
      readonly done: number
      readonly of: number
    }
  | { readonly kind: 'unproven'; readonly problem: Problem }

export interface ShownStep {
  readonly stage: 'checkpoint' | 'committee' | 'header' | 'account' | 'receipt' | 'value'
  readonly facts: Readonly<Record<string, string | number | bigint>>
  readonly milliseconds: number
  readonly suppliedBy: string | null
}

/** An error as it crosses the façade: what happened, what is safe, what to do. */
export interface Problem {
  readonly code: string
  readonly kind: string
  readonly message: string
  readonly next: string | null
}

export type Pulse =
  | { readonly state: 'idle' }
  | {
      readonly state: 'starting'
      readonly step: 'sources' | 'checkpoint' | 'committees'
      readonly done: number
      readonly of: number
    }
  | {
      readonly state: 'following'
      readonly finalizedHeight: bigint
      readonly finalizedTime: number
      readonly headHeight: bigint
      readonly headTime: number
      /** Share, or number, of the committee that signed the newest head; null while none was signed since the start. */
      readonly participation: number | null
    }
  | {
      readonly state: 'stalled'
      readonly problem: Problem
      readonly lastHeight: bigint | null
      readonly lastTime: number | null
      /** Set when waiting cannot help: a person has to choose where to start from. */
      readonly staleStart?: StaleStart
    }

/**
 * What was proven last is older than is safe. Choices: another root for `chooseSources`, agreed on
 * (`askForCheckpoint`) or brought, or `goOnFromOld`. Of the wallet itself nothing is lost.
 */
export interface StaleStart {
  readonly ageDays: number
  readonly safeDays: number
  /** What `goOnFromOld` wants to hear. */
  readonly words: string
}

/** A block that several operators call final. Statements, not proof. */
export interface AgreedCheckpoint {
  readonly root: Hex
  /** Time of its slot, ms since the epoch. */
  readonly time: number
  /** Origins of those who agreed. */
  readonly by: readonly string[]
}

export interface SourceView {
  readonly id: string
  readonly carrier: Carrier
  readonly words: string
  /** Bytes of evidence it has delivered. */
  readonly bytes: number
  readonly answers: number
  /** Set when it was caught with false evidence. */
  readonly lie: Problem | null
  /** What it learned by being asked, since the wallet was opened; that it knows the internet address goes without saying. */
  readonly learned: {
    /** Addresses asked about, the newest last, and how many more came before those. */
    readonly addresses: readonly Hex[]
    readonly olderAddresses: number
    /** Questions about other addresses, to hide the real ones among. */
    readonly decoys: number
    /** Transactions asked about. */
    readonly transactions: number
    /** Transactions handed to it. */
    readonly sent: number
  }
}

/** From how many hands the newest blocks came in the last minutes. */
export type DiversityView =
  | { readonly state: 'unknown' }
  | { readonly state: 'several' }
  /** All through one: it could keep news back, and nobody would contradict. It cannot make a false value shine. */
  | {
      readonly state: 'single'
      readonly hand: 'bridge' | 'network' | 'operator' | 'unplaced'
      /** Its name in short; empty for `unplaced`. */
      readonly name: string
    }

/** `waiting`: wanted, but no addresses to hide among are known yet. */
export type PaddingView = 'off' | 'waiting' | 'on'

/** A source the user can choose at first run, with what it would learn. */
export interface SourceChoice {
  /** `turn` is no source itself: a server that carries encrypted packets between peers that find no direct way. */
  readonly kind: 'beacon' | 'execution' | 'peer' | 'turn'
  readonly address: string
  readonly chosen: boolean
  /** True when it came with the network profile, false when the user added it. */
  readonly bundled: boolean
}

/**
 * Something that waits for a yes or a no. `revision` grows whenever what would be signed, or what it would do, changes
 * while it is shown; `approve` names the revision that was on the screen and is refused when it is an older one.
 */
export type Approval =
  | {
      readonly id: string
      readonly revision: number
      readonly kind: 'connect'
      readonly origin: string
      readonly accounts: readonly string[]
    }
  /** Shows that the same person comes back: with a name and a key that only this site ever sees. */
  | {
      readonly id: string
      readonly revision: number
      readonly kind: 'authenticate'
      readonly origin: string
      readonly statement: string | null
      readonly nonce: string
    }
  /** Wants credentials to be shown; answered by `readSiteQuestion` and `present`, not by `approve`. */
  | {
      readonly id: string
      readonly revision: number
      readonly kind: 'present'
      readonly origin: string
      readonly nonce: string
      readonly purpose: string | null
      /** DCQL, as JSON. */
      readonly query: string
    }
  | {
      readonly id: string
      readonly revision: number
      readonly kind: 'watch-asset'
      readonly origin: string
      /** As its contract says, by proof; what the site said agreed with it. */
      readonly asset: AssetPreview
    }
  | {
      readonly id: string
      readonly revision: number
      readonly kind: 'sign-message'
      readonly origin: string
      readonly accountId: string
      /** The message as text when it is valid UTF-8 without control characters, else null. */
      readonly text: string | null
      readonly bytes: Uint8Array
      readonly digest: Hex
      /** Set when the message is an EIP-4361 sign-in for this very origin. Others are refused before they get here. */
      readonly signIn: {
        readonly domain: string
        readonly statement: string | null
        readonly uri: string
        readonly nonce: string
        readonly issuedAt: string
        readonly expirationTime: string | null
        readonly chainId: number
      } | null
    }
  | {
      readonly id: string
      readonly revision: number
      readonly kind: 'sign-typed-data'
      readonly origin: string
      readonly accountId: string
      /** Name of the type of the message. */
      readonly primaryType: string
      /** All that is signed, and nothing else. */
      readonly domain: readonly SignedLine[]
      readonly message: readonly SignedLine[]
      readonly digest: Hex
      readonly domainHash: Hex
      readonly messageHash: Hex
      readonly understanding: Understanding
    }
  | {
      readonly id: string
      readonly revision: number
      readonly kind: 'send-transaction'
      /** Null when the user started it in the wallet. */
      readonly origin: string | null
      readonly accountId: string
      readonly to: Hex | null
      readonly toChecksummed: string | null
      /** The name that was sent to, as it led to the address; null when an address was given. */
      readonly toName: Shown<string> | null
      readonly value: bigint
      readonly data: Hex
      /** ERC-8213: keccak256 of the length of the data, in 32 bytes, and the data. */
      readonly calldataDigest: Hex
      readonly understanding: Understanding
      readonly gasLimit: Shown<bigint>
      readonly baseFeePerGas: Shown<bigint>
      readonly maxFeePerGas: bigint
      readonly maxPriorityFeePerGas: Shown<bigint>
      readonly nonce: Shown<bigint>
      /** Set when it is to take the place of a transaction under way: the activity entry, and what for. */
      readonly replaces: { readonly id: string; readonly how: 'speed-up' | 'cancel' } | null
      /** value + gasLimit · maxFeePerGas: the most that can leave the account. */
      readonly mostThatLeaves: bigint
      readonly balance: Shown<bigint>
      /** Whom it gives something to; null for calls that are no transfer. */
      readonly recipient: RecipientView | null
      readonly firstTimeRecipient: boolean
      /** True when another wallet asks, which has shown these very figures and sends it itself: nothing here can be changed. */
      readonly signedOnly: boolean
      readonly warnings: readonly { readonly code: string; readonly message: string }[]
      /** Set when it must not be signed, e.g. the balance does not cover it. */
      readonly blocked: Problem | null
    }

/** Decided about as a person: what the screens of identity draw. */
export type IdentityApproval = Extract<Approval, { kind: 'authenticate' | 'present' }>
/** Decided about with an account, or for one. */
export type AccountApproval = Exclude<Approval, IdentityApproval>

/** A name with the address it leads to; `name` null for an address without a name that leads back to it. */
export interface NameView {
  readonly name: string | null
  readonly address: Hex
  readonly checksummed: string
}

export interface SiteView {
  readonly origin: string
  readonly accounts: readonly string[]
  readonly connectedAt: number
}

/** To be shown to the other device until `expiresAt`, ms since the epoch. */
export interface PairingCode {
  readonly code: string
  readonly expiresAt: number
}

export type UnlockMethodView =
  | { readonly id: string; readonly method: 'password' | 'recovery-file' }
  | {
      readonly id: string
      readonly method: 'passkey'
      readonly name: string
      /** What to ask the authenticator for: the credential, and the salt its PRF is to be evaluated at. */
      readonly credential: Uint8Array
      readonly prfSalt: Uint8Array
    }

/**
 * What accounts are imported from. Passwords are the UTF-8 bytes of what was typed, phrases and passphrases those of its
 * NFKD form; the core wipes its copies of all bytes.
 */
export type ImportRequest =
  | { readonly kind: 'phrase'; readonly phrase: Uint8Array; readonly passphrase: Uint8Array }
  /** 64 hexadecimal digits as ASCII, with or without 0x. */
  | { readonly kind: 'private-key'; readonly key: Uint8Array }
  /** A Web3 Secret Storage file, version 3. */
  | { readonly kind: 'keystore'; readonly file: Uint8Array; readonly password: Uint8Array }
  /** The vault of MetaMask as its decryptor takes it: JSON with `data`, `iv` and `salt`. */
  | { readonly kind: 'metamask'; readonly file: Uint8Array; readonly password: Uint8Array }
  /** Shares of SLIP-39: for each the places of its words in the list, two bytes each, big endian (`readShares`). */
  | { readonly kind: 'slip39'; readonly shares: readonly Uint8Array[]; readonly passphrase: Uint8Array }

export interface ImportResult {
  /** How many accounts came in. */
  readonly accounts: number
  /** What the import held that this wallet cannot keep, e.g. hardware accounts, in the words of the file. */
  readonly left: readonly string[]
}

export interface WalletState {
  readonly phase: 'no-wallet' | 'locked' | 'unlocked'
  /** True when the stored wallet was deleted from outside: it is only in memory, and nothing is changed until it is stored again. */
  readonly vaultGone: boolean
  readonly network: {
    readonly name: string
    readonly chainId: number
    readonly symbol: string
    readonly hasFaucet: boolean
    /** The block root that came with the network, if any. */
    readonly checkpoint: Hex | null
  }
  /** The block root the user entered and starts from; null: the network's. */
  readonly checkpoint: Hex | null
  /** Nothing is contacted before the user has chosen. */
  readonly sourcesChosen: boolean
  readonly choices: readonly SourceChoice[]
  readonly sources: readonly SourceView[]
  readonly diversity: DiversityView
  /** Whether questions about accounts are hidden among others. */
  readonly padding: PaddingView
  readonly pulse: Pulse
  readonly accounts: readonly AccountView[]
  readonly hiddenAccounts: readonly HiddenAccount[]
  readonly selected: string | null
  readonly activity: readonly ActivityEntry[]
  readonly approvals: readonly Approval[]
  readonly sites: readonly SiteView[]
  /** Pages on other screens that are connected now; what they may stands in `sites`. */
  readonly phoneSessions: readonly PhoneSessionView[]
  /** Whether this wallet can serve such pages at all. */
  readonly servesPages: boolean
  /** Whether accounts may be a phone's. */
  readonly asksPhones: boolean
  readonly siteRules: readonly SiteRule[]
  readonly contacts: readonly ContactView[]
  readonly spendingLimits: readonly Limit[]
  readonly backedUp: boolean
  /** When each way back was last tried out, ms since the epoch; null: never, or not since something was added. */
  readonly drills: { readonly phrase: number | null; readonly file: number | null }
  /** False when the wallet was made from keys or shares alone, and while locked. */
  readonly hasPhrase: boolean
  /** The ways to unlock. Known while locked too: they stand outside of what is encrypted. */
  readonly unlockMethods: readonly UnlockMethodView[]
  readonly autoLockMinutes: number
  readonly identity: IdentityView
  /** Tokens, single items and prices, as far as they were read. */
  readonly belongings: BelongingsView
}

/** A failed command rejects with an error that carries `problem: Problem`. */
export interface WalletFacade
  extends IdentityCommands,
    SiteRuleCommands,
    SafetyCommands,
    BelongingsCommands,
    PhoneCommands,
    PhoneSignerCommands {
  readonly state: WalletState
  subscribe(listener: (state: WalletState) => void): () => void
  /**
   * Makes a vault with a fresh phrase and unlocks it. The phrase is returned for the backup, once: ASCII, one space
   * between words, the caller's to wipe.
   * Passwords are the UTF-8 bytes of the NFKC form of what was typed, at least 8 bytes; the core wipes its copy.
   * @throws problem `WEAK_PASSWORD`, `WALLET_EXISTS`.
   */
  create(request: { password: Uint8Array; words: 12 | 24 }): Promise<{ phrase: Uint8Array }>
  /** Whether it can be imported, before a password is chosen. @throws problems as `importWallet` */
  checkImport(request: { from: ImportRequest }, stop?: Stop): Promise<ImportResult>
  /**
   * Makes a vault out of what was brought and unlocks it.
   * @throws problem `INVALID_PHRASE` naming the word or the checksum, `INVALID_IMPORT` naming what is wrong,
   * `WRONG_IMPORT_PASSWORD`, `IMPORT_TOO_COSTLY`, `WEAK_PASSWORD`, `WALLET_EXISTS`.
   */
  importWallet(request: { password: Uint8Array; from: ImportRequest }, stop?: Stop): Promise<ImportResult>
  /** Adds accounts to the wallet. @throws problems as `importWallet`, `NOTHING_NEW`, `LOCKED`, `TOO_MANY_ACCOUNTS`. */
  importMore(request: { from: ImportRequest }, stop?: Stop): Promise<ImportResult>
  /** @throws problem `WRONG_PASSWORD`. */
  unlock(request: { password: Uint8Array }): Promise<void>
  /** `output` is what the authenticator's PRF gives for the method's salt. @throws problem `WRONG_UNLOCK_SECRET` */
  unlockWithPasskey(request: { id: string; output: Uint8Array }): Promise<void>
  /** Opens with the recovery file and sets a new password. @throws problem `INVALID_RECOVERY_FILE`, `WEAK_PASSWORD` */
  recover(request: { file: Uint8Array; next: Uint8Array }): Promise<void>
  lock(): Promise<void>
  /** @throws problem `WRONG_PASSWORD`, `WEAK_PASSWORD`. */
  changePassword(request: { current: Uint8Array; next: Uint8Array }): Promise<void>
  /** The phrase as `create` gives it. @throws problem `WRONG_PASSWORD`, `NO_PHRASE` */
  revealPhrase(request: { password: Uint8Array }): Promise<{ phrase: Uint8Array }>
  /** The backup drill: true and remembered when the words (ASCII) at these positions (from 0) are right. */
  confirmBackup(request: { positions: readonly number[]; words: readonly Uint8Array[] }): Promise<boolean>
  /** An encrypted copy of the whole wallet; it opens with the password of now. @throws problem `WRONG_PASSWORD` */
  makeBackup(request: { password: Uint8Array }): Promise<{ file: Uint8Array }>
  /** The drill of the file: true and remembered when it opens and holds every key of this wallet. */
  checkBackup(request: { file: Uint8Array; password: Uint8Array }): Promise<boolean>
  /** Makes the wallet out of a backup file and unlocks it. @throws problem `WRONG_PASSWORD`, `VAULT_CORRUPTED` */
  restoreBackup(request: { file: Uint8Array; password: Uint8Array }): Promise<void>
  /** A file that opens this wallet on this device without the password. One made before stops working. */
  makeRecoveryFile(request: { password: Uint8Array }): Promise<{ file: Uint8Array }>
  /** @throws problem `INVALID_PASSKEY`, `TOO_MANY_UNLOCK_METHODS` */
  addPasskey(request: {
    password: Uint8Array
    name: string
    credential: Uint8Array
    prfSalt: Uint8Array
    output: Uint8Array
  }): Promise<void>
  /** @throws problem `UNKNOWN_UNLOCK_METHOD`, also for the password, which stays. */
  removeUnlockMethod(request: { id: string; password: Uint8Array }): Promise<void>
  /** Stores again what was deleted from outside: the vault as it was last, and the settings. @throws problem `VAULT_NOT_WRITTEN` */
  putVaultBack(): Promise<void>
  /** Erases vault and settings from this device. */
  erase(): Promise<void>
  /** `checkpoint` null: the one that came with the network. Another root or other sources forget what was proven. */
  chooseSources(request: { choices: readonly SourceChoice[]; checkpoint: Hex | null }): Promise<void>
  /**
   * Asks beacon nodes of independent operators for a finalized block of now; all of them must agree. Nothing else is
   * asked or changed. @throws problems `INVALID_INPUT`, `CHECKPOINT_DISAGREEMENT` naming who said what, `SOURCE_UNREACHABLE`.
   */
  askForCheckpoint(request: { operators: readonly string[] }, stop?: Stop): Promise<AgreedCheckpoint>
  /** Goes on from a start that is too old, this once. @throws problem `WRONG_WORDS`, `START_NOT_STALE` */
  goOnFromOld(request: { words: string }): Promise<void>
  addAccount(request: { name: string }): Promise<void>
  renameAccount(request: { id: string; name: string }): Promise<void>
  /** Hides an account from every list, or no longer; its key stays. @throws problem `LAST_ACCOUNT` */
  hideAccount(request: { id: string; hidden: boolean }): Promise<void>
  /**
   * Looks whether accounts ahead of those in the wallet were used, by proof of their nonce and balance, and adds these.
   * The sources learn the addresses that are asked about. Tokens alone are not found.
   * @throws problem `NOTHING_TO_DERIVE`, `NOT_FOLLOWING`, or why an account could not be proven
   */
  discoverAccounts(request?: null, stop?: Stop): Promise<{ added: number; looked: number }>
  /** An account that is shown and never signs. @throws problem `INVALID_ADDRESS`, `NOTHING_NEW` */
  watchAddress(request: { address: string; name: string }): Promise<void>
  /** What to ask a Ledger for its first keys. */
  ledgerKeysRequest(request: { paths: LedgerPaths }): Promise<DeviceRequest>
  /** The keys a device has named; null with the share that is known while codes are missing. @throws problems of devices */
  readDeviceKeys(request: DeviceKeysAnswer): Promise<{ progress: number; keys: readonly DeviceKeyView[] | null }>
  /** Adds the account at one of those paths. @throws problems as `readDeviceKeys`, and `NOTHING_NEW` */
  addDeviceAccount(request: DeviceKeysAnswer & { path: string; name: string }): Promise<void>
  select(request: { id: string }): Promise<void>
  /**
   * Where a name leads (ENS), or whose name an address has. Proven on final state; what only a gateway could tell is
   * not asked. @throws problem `INVALID_ENS_NAME`, `INVALID_ADDRESS`.
   */
  lookUpName(request: { text: string }): Promise<Shown<NameView>>
  /** Builds an approval for a transfer; it then stands in `state.approvals`. @throws problems like `INVALID_ADDRESS`, `AMOUNT_ABOVE_BALANCE`, `NOT_PROVEN`. */
  prepareSend(
    request: {
      accountId: string
      to: string
      value: bigint
      /** The name that led to `to`. @throws problem `NAME_MOVED` when it leads elsewhere now */
      name?: string
    },
    stop?: Stop,
  ): Promise<{ approvalId: string }>
  /** Takes the place of a transaction under way: the same with higher fees, or nothing. @throws problem `NOT_UNDER_WAY` */
  prepareReplacement(request: { id: string; how: 'speed-up' | 'cancel' }): Promise<{ approvalId: string }>
  /** What the fees of a waiting transaction could be. */
  feeOptions(request: { id: string }): Promise<FeeOptions>
  /** Sets them; the approval then has another revision. @throws problem `INVALID_FEES`, `APPROVAL_GONE` */
  setFees(request: { id: string } & Fees): Promise<void>
  /**
   * What to ask the device that holds the key, for the revision that was shown; its answer goes to `approve`.
   * @throws problem `NEEDS_NO_DEVICE`, `WATCH_ONLY`, `DEVICE_CANNOT_SIGN`, `APPROVAL_CHANGED`, `APPROVAL_GONE`
   */
  deviceRequest(request: { id: string; revision: number }): Promise<DeviceRequest>
  /** Whether a signature of a message is an account's: its key's, or its contract's on proven state (ERC-1271, 6492). */
  checkSignature(
    request: { address: string; message: Uint8Array; signature: Hex },
    stop?: Stop,
  ): Promise<SignatureCheck>
  /**
   * Approves what was shown. For `connect`, `accounts` are the ids the site may see (default: those proposed), and
   * `freshAccount` makes a new account, with this name, that this site alone sees. `answer` is the device's, where one signs.
   * Resolves when the answer is signed and stored; a transaction is sent after that (see `ActivityEntry.state`).
   * @throws problem `APPROVAL_CHANGED` when it is no longer the revision that was shown, `APPROVAL_GONE`, `BLOCKED`,
   * `APPROVE_AGAIN` where the site's rule wants a second yes, `AGAINST_SITE_RULE` (then it is rejected).
   */
  approve(request: {
    id: string
    revision: number
    accounts?: readonly string[]
    freshAccount?: string
    answer?: DeviceAnswer
  }): Promise<void>
  reject(request: { id: string }): Promise<void>
  resend(request: { id: string }): Promise<void>
  requestFaucet(request: { accountId: string }): Promise<void>
  disconnectSite(request: { origin: string }): Promise<void>
  setAutoLock(request: { minutes: number }): Promise<void>
  /**
   * Begins to pair with a device nearby: a code for it to scan. It answers with a code of its own, which `pairAccept`
   * takes; that resolves with the id of the new source once connected. The other device calls `pairAnswer` with the
   * first code, shows what it returns, and waits in `pairConnected`. An attempt before is cancelled.
   * @throws problems like `INVALID_PAIRING_CODE`, `WRONG_PAIRING_CODE`, `PAIRING_OTHER_NETWORK`, `PAIRING_EXPIRED`,
   * `PAIRING_FAILED`, `PAIRING_CANCELLED`, `NO_PEER_CONNECTIONS`.
   */
  pairOffer(): Promise<PairingCode>
  pairAnswer(request: { code: string }): Promise<PairingCode>
  pairAccept(request: { code: string }): Promise<{ sourceId: string }>
  pairConnected(): Promise<{ sourceId: string }>
  pairCancel(): Promise<void>
  /** Hides questions about accounts among questions about others, or no longer. Off at first. */
  setPadding(request: { on: boolean }): Promise<void>
  /** Asks the sources again, now. */
  refresh(): Promise<void>
}
