/** Assembles what the interface sees. Pure: everything it reads is an argument. */
import type { HeadChoice, Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { keyPath, signerOf } from '../accounts/account-kind.ts'
import { checksummed } from '../accounts/address.ts'
import { didKey, didPkh } from '../accounts/did.ts'
import { activityOf } from '../activity/activity.ts'
import { queueOf, replacementOf } from '../activity/queue.ts'
import type { WalletNetwork } from '../ports.ts'
import { contactsOf } from '../safety/contacts.ts'
import { AUTO_LOCK } from '../session/keyring.ts'
import type { Settings } from '../settings.ts'
import type { AccountRecord, ActivityRecord, ContactRecord, Records } from '../vault/content.ts'
import type { Slot } from '../vault/slots.ts'
import type { BelongingsView } from './belongings.ts'
import type {
  AccountView,
  ActivityEntry,
  Approval,
  ContactView,
  DiversityView,
  HiddenAccount,
  PaddingView,
  Pulse,
  Shown,
  SourceView,
  UnlockMethodView,
  WalletState,
} from './facade.ts'
import type { DidChange } from './identity.ts'
import { identityView } from './identity-view.ts'

export interface StateParts {
  readonly phase: WalletState['phase']
  readonly records: Records | null
  readonly methods: readonly Slot[]
  readonly settings: Settings
  readonly network: WalletNetwork
  readonly hasFaucet: boolean
  readonly pulse: Pulse
  readonly sources: readonly SourceView[]
  readonly diversity: DiversityView
  readonly vaultGone: boolean
  readonly padding: PaddingView
  readonly approvals: readonly Approval[]
  readonly didChanges: Readonly<Record<string, DidChange>>
  readonly balanceOf: (address: Hex, at: HeadChoice, pulse: Pulse) => Shown<bigint>
  /** Proven at the newest head it was proven at; null before. */
  readonly nonceOf: (address: Hex) => bigint | null
  readonly receiptOf: (entryId: string) => ActivityEntry['receipt']
  readonly phoneSessions: WalletState['phoneSessions']
  readonly servesPages: boolean
  readonly asksPhones: boolean
  readonly belongings: BelongingsView
  readonly keccak256: (data: Uint8Array) => Uint8Array
}

/** The part of the records that belongs to one network. */
export const networkKey = ({ identity }: WalletNetwork): string => identity

export function assembleState(parts: StateParts): WalletState {
  const { records, settings, network } = parts
  const sources = settings.sources
  const accounts = records?.accounts ?? []
  const [shown, hidden] = [accounts.filter((one) => !one.hidden), accounts.filter((one) => one.hidden)]
  return {
    phase: parts.phase,
    vaultGone: parts.vaultGone,
    network: {
      name: network.name,
      chainId: network.chainId,
      symbol: network.symbol,
      hasFaucet: parts.hasFaucet,
      checkpoint: network.checkpoint,
    },
    checkpoint: sources?.checkpoint ?? null,
    sourcesChosen: sources !== null,
    choices: sources?.choices ?? network.choices,
    // Whose addresses were asked about is nobody's business while the wallet is locked.
    sources: records === null ? parts.sources.map(withoutAddresses) : parts.sources,
    diversity: parts.diversity,
    padding: parts.padding,
    pulse: parts.pulse,
    accounts: shown.map((account) => accountView(account, parts)),
    hiddenAccounts: hidden.map((account) => hiddenView(account, parts)),
    selected: records?.selected ?? null,
    activity: records === null ? [] : activityViews(records, parts),
    approvals: parts.approvals,
    sites: records?.sites ?? [],
    phoneSessions: parts.phoneSessions,
    servesPages: parts.servesPages,
    asksPhones: parts.asksPhones,
    siteRules: records?.siteRules ?? [],
    contacts: records === null ? [] : contactsOf(records).map((contact) => contactView(contact, parts)),
    spendingLimits: records?.spendingLimits ?? [],
    backedUp: records?.backedUp ?? false,
    drills: records?.drills ?? { phrase: null, file: null },
    hasPhrase: records?.hasPhrase ?? false,
    unlockMethods: parts.methods.map(methodView),
    autoLockMinutes: records?.autoLockMinutes ?? AUTO_LOCK.default,
    identity: identityView(records?.identity, parts.didChanges),
    belongings: parts.belongings,
  }
}

const withoutAddresses = (source: SourceView): SourceView => ({
  ...source,
  learned: { ...source.learned, addresses: [] },
})

function activityViews(records: Records, parts: StateParts): ActivityEntry[] {
  const entries = activityOf(records, networkKey(parts.network))
  const nonces = new Map(records.accounts.map(({ id, address }) => [id, parts.nonceOf(address)]))
  return entries.map((record: ActivityRecord): ActivityEntry => {
    const { signed, request: _request, failedForGood: _failed, replaces, takenBy, moves, ...entry } = record
    const replacement = replacementOf(entries, record)
    return {
      ...entry,
      state: replacement ? 'replaced' : entry.state,
      nonce: signed?.nonce ?? null,
      queue: queueOf(entries, record, nonces.get(entry.accountId) ?? null),
      replaces: replaces ?? null,
      replacedBy: replacement?.id ?? null,
      takenBy: takenBy ?? null,
      moves: moves ?? null,
      receipt: parts.receiptOf(entry.id),
    }
  })
}

function hiddenView({ id, name, key, address }: AccountRecord, parts: StateParts): HiddenAccount {
  return { id, name, kind: key.kind, address, checksummed: checksummed(address, parts.keccak256) }
}

function accountView(account: AccountRecord, parts: StateParts): AccountView {
  const { id, name, key, address, publicKey, site } = account
  const mixed = checksummed(address, parts.keccak256)
  return {
    id,
    name,
    kind: key.kind,
    signer: signerOf(key),
    site,
    address,
    checksummed: mixed,
    path: keyPath(key),
    didPkh: didPkh(parts.network.chainId, mixed),
    didKey: publicKey && didKey(fromHex(publicKey, 'public key', 33)),
    balance: parts.balanceOf(address, 'optimistic', parts.pulse),
    finalBalance: parts.balanceOf(address, 'finalized', parts.pulse),
  }
}

function contactView(contact: ContactRecord, { keccak256 }: StateParts): ContactView {
  return { ...contact, checksummed: checksummed(contact.address, keccak256) }
}

function methodView(slot: Slot): UnlockMethodView {
  const { id } = slot
  if (slot.method !== 'passkey') return { id, method: slot.method }
  return { id, method: slot.method, name: slot.name, credential: slot.credential, prfSalt: slot.prfSalt }
}
