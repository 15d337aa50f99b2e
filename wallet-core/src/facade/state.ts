/** Assembles what the interface sees. Pure: everything it reads is an argument. */
import type { HeadChoice, Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { checksummed } from '../accounts/address.ts'
import { pathOf } from '../accounts/derivation.ts'
import { didKey, didPkh } from '../accounts/did.ts'
import { activityOf } from '../activity/activity.ts'
import type { WalletNetwork } from '../ports.ts'
import { AUTO_LOCK } from '../session/keyring.ts'
import type { Settings } from '../settings.ts'
import type { AccountRecord, Records } from '../vault/content.ts'
import type { Slot } from '../vault/slots.ts'
import type {
  AccountView,
  ActivityEntry,
  Approval,
  DiversityView,
  PaddingView,
  Pulse,
  Shown,
  SourceView,
  UnlockMethodView,
  WalletState,
} from './facade.ts'

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
  readonly padding: PaddingView
  readonly approvals: readonly Approval[]
  readonly balanceOf: (address: Hex, at: HeadChoice, pulse: Pulse) => Shown<bigint>
  readonly receiptOf: (entryId: string) => ActivityEntry['receipt']
  readonly keccak256: (data: Uint8Array) => Uint8Array
}

/** The part of the records that belongs to one network. */
export const networkKey = ({ identity }: WalletNetwork): string => identity

export function assembleState(parts: StateParts): WalletState {
  const { records, settings, network } = parts
  const sources = settings.sources
  return {
    phase: parts.phase,
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
    accounts: records?.accounts.map((account) => accountView(account, parts)) ?? [],
    selected: records?.selected ?? null,
    activity:
      records === null
        ? []
        : activityOf(records, networkKey(network)).map(
            ({ signed: _signed, request: _request, failedForGood: _failed, ...entry }) => ({
              ...entry,
              receipt: parts.receiptOf(entry.id),
            }),
          ),
    approvals: parts.approvals,
    sites: records?.sites ?? [],
    backedUp: records?.backedUp ?? false,
    drills: records?.drills ?? { phrase: null, file: null },
    hasPhrase: records?.hasPhrase ?? false,
    unlockMethods: parts.methods.map(methodView),
    autoLockMinutes: records?.autoLockMinutes ?? AUTO_LOCK.default,
  }
}

const withoutAddresses = (source: SourceView): SourceView => ({
  ...source,
  learned: { ...source.learned, addresses: [] },
})

function accountView(account: AccountRecord, parts: StateParts): AccountView {
  const { id, name, index, address } = account
  const mixed = checksummed(address, parts.keccak256)
  return {
    id,
    name,
    address,
    checksummed: mixed,
    path: index === null ? null : pathOf(index),
    didPkh: didPkh(parts.network.chainId, mixed),
    didKey: didKey(fromHex(account.publicKey, 'public key', 33)),
    balance: parts.balanceOf(address, 'optimistic', parts.pulse),
    finalBalance: parts.balanceOf(address, 'finalized', parts.pulse),
  }
}

function methodView(slot: Slot): UnlockMethodView {
  const { id } = slot
  if (slot.method !== 'passkey') return { id, method: slot.method }
  return { id, method: slot.method, name: slot.name, credential: slot.credential, prfSalt: slot.prfSalt }
}
