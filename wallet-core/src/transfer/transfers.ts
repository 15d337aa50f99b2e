/**
 * Sending: plan → approval → signed and stored → handed to the sources. A signed transaction is in the vault before
 * any source sees it, so nothing is lost whatever happens in between.
 * @module
 */
import type { Hex, LightClient } from '@glowworm/light-client'
import { checksummed } from '../accounts/address.ts'
import {
  activityOf,
  changeEntry,
  dropped,
  isFirstTime,
  ownPending,
  sent,
  unsent,
  withEntry,
} from '../activity/activity.ts'
import { isUnderWay, siblings } from '../activity/queue.ts'
import type { Approvals } from '../approvals/approvals.ts'
import { tokenMoveIn } from '../assets/transfer-call.ts'
import { problemOf, WalletError } from '../errors.ts'
import type { Approval, DeviceAnswer, Fees, Shown } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { figure } from '../facade/shown.ts'
import { goOnUnless, type Stop, unlessStopped } from '../facade/stopped.ts'
import { calldataDigest, type PlannedTerms, type Understand, withinPatience } from '../intent/understanding.ts'
import type { WalletPorts } from '../ports.ts'
import { recipientOf, recipientView } from '../safety/recipients.ts'
import type { Keyring } from '../session/keyring.ts'
import { requireSigner, signAs } from '../signing/sign-as.ts'
import { withSignature } from '../signing/transaction.ts'
import { accountRecord } from '../sites/sites.ts'
import type { AccountRecord, ActivityRecord } from '../vault/content.ts'
import { Locked } from '../vault/errors.ts'
import { AmountAboveBalance } from './errors.ts'
import { checkFees, feeOptions } from './fee-options.ts'
import { differs, type Plan, planTransaction, type TransferRequest } from './plan.ts'
import { type Replaced, type ReplacementWay, replacementRequest } from './replacement.ts'

export interface Transfers {
  /**
   * Puts a transaction up for approval. `hash` resolves once it was handed to a source, rejects when it was rejected
   * or no source took it. Of a request for exactly one transaction it is the signed transaction, which is sent elsewhere.
   * @throws {NotProven} {@link AmountAboveBalance} when the user's own send is not covered
   */
  propose(
    account: AccountRecord,
    request: Omit<TransferRequest, 'from'>,
    site: { readonly origin: string; readonly request: string } | null,
    /** The name that led to the recipient. */
    toName?: Shown<string> | null,
    stop?: Stop,
  ): Promise<{ id: string; hash: Promise<Hex> }>
  /** Puts up for approval what is to take the place of a transaction under way. @throws {NotUnderWay} {@link UnknownEntry} */
  replace(id: string, how: ReplacementWay): Promise<{ id: string }>
  /** Hands a stored transaction to the sources again. @throws {UnknownEntry} */
  resend(id: string): Promise<void>
  /**
   * Hands over again what is under way: once after each start, since the worker may have died between signing and
   * sending, and then while no block has it for a while. Never rejects.
   */
  rebroadcast(client: LightClient, head: bigint, nonceOf: (address: Hex) => bigint | null): Promise<void>
}

/** Blocks after which a transaction that is in none is handed over again. */
const REBROADCAST_AFTER = 20n

export function createTransfers(options: {
  ports: Pick<WalletPorts, 'engines' | 'clock' | 'network'>
  network: string
  keyring: () => Keyring
  client: () => LightClient
  handles: Handles
  approvals: Approvals
  understand: Understand
  freshId: () => string
}): Transfers {
  const { ports, network, approvals } = options
  const { engines, clock } = ports

  const records = () => {
    const now = options.keyring().records
    if (now === null) throw new Locked()
    return now
  }

  async function propose(
    account: AccountRecord,
    proposal: Omit<TransferRequest, 'from'>,
    site: { readonly origin: string; readonly request: string } | null,
    toName: Shown<string> | null = null,
    stop: Stop = undefined,
  ): Promise<{ id: string; hash: Promise<Hex> }> {
    requireSigner(account)
    let request: TransferRequest = { ...proposal, from: account.address }
    const replaces = proposal.replaces ?? null
    const id = options.freshId()
    const draw = async (previous: Plan | null) => {
      const client = options.client()
      const drawn = await planTransaction(
        {
          client,
          handles: options.handles,
          hashes: engines.hashes,
          chainId: ports.network.chainId,
          now: clock.now(),
        },
        request,
        (provenNonce) => ownPending(records(), network, account.id, provenNonce, replaces?.nonce ?? null),
        previous,
      )
      if (options.client() !== client) throw new SourcesChanged()
      return drawn
    }
    let plan = await unlessStopped(draw(null), stop)
    if (site === null && plan.blocked?.code === AmountAboveBalance.code)
      throw new AmountAboveBalance(request.value, plan.balance.kind === 'proven' ? plan.balance.value : 0n)
    const understander = options.understand({
      kind: 'call',
      call: { from: request.from, to: request.to, value: request.value, data: request.data },
      terms: () => termsOf(plan),
    })
    // Mostly it is there at once: then it is what is shown first.
    const first = understander.look(false)
    const shownWhole = await withinPatience(first, clock)
    goOnUnless(stop)
    let revision = 1
    const recipient = recipientOf(request.to, request.data)
    const digest = calldataDigest(request.data, engines.hashes.keccak256)
    const view = (): Approval => ({
      id,
      revision,
      kind: 'send-transaction',
      origin: site?.origin ?? null,
      accountId: account.id,
      to: request.to,
      toChecksummed: request.to && checksummed(request.to, engines.hashes.keccak256),
      toName,
      value: request.value,
      data: request.data,
      calldataDigest: digest,
      understanding: understander.view,
      gasLimit: plan.gasLimit,
      baseFeePerGas: plan.baseFeePerGas,
      maxFeePerGas: plan.transaction.maxFeePerGas,
      maxPriorityFeePerGas: plan.maxPriorityFeePerGas,
      nonce: plan.nonce,
      replaces: replaces && { id: replaces.id, how: replaces.how },
      mostThatLeaves: plan.mostThatLeaves,
      balance: plan.balance,
      recipient:
        recipient && recipientView(records(), network, recipient, (one) => checksummed(one, engines.hashes.keccak256)),
      firstTimeRecipient: request.to !== null && isFirstTime(records(), recipient ?? request.to),
      signedOnly: request.exactly !== undefined,
      warnings: plan.warnings,
      blocked: plan.blocked,
    })
    const result = Promise.withResolvers<Hex>()
    // The wallet's own sends have nobody waiting for the hash; their outcome stands in the activity.
    result.promise.catch(() => undefined)
    approvals.add({
      approval: view(),
      async renew(insist) {
        const next = await draw(plan)
        const planChanged = differs(plan, next)
        plan = next
        const meaningChanged = await understander.look(insist)
        if (planChanged || meaningChanged) revision++
        return view()
      },
      signable: () => ({ account, signable: { kind: 'transaction', transaction: plan.transaction } }),
      ...(request.exactly
        ? {}
        : {
            feeOptions: () => feeOptions(options.client(), options.handles, replaces?.least ?? null),
            async setFees(fees: Fees) {
              checkFees(fees)
              request = { ...request, fees }
            },
          }),
      async approve({ answer }) {
        const entry = await signAndStore(account, plan, site, replaces, request, answer ?? null)
        if (request.exactly) result.resolve(entry.signed!.raw)
        else void handOver(entry).then(result.resolve, result.reject)
      },
      rejected: (error) => result.reject(error),
    })
    if (!shownWhole)
      void first.then((changed) => {
        if (changed) revision++
        return approvals.renew(id)
      })
    return { id, hash: result.promise }
  }

  async function signAndStore(
    account: AccountRecord,
    plan: Plan,
    site: { readonly origin: string; readonly request: string } | null,
    replaces: Replaced | null,
    { exactly }: TransferRequest,
    answer: DeviceAnswer | null,
  ): Promise<ActivityRecord> {
    const { transaction } = plan
    const keyring = options.keyring()
    const signing = { keyring, engines, chainId: ports.network.chainId }
    const signature = await signAs(signing, account, { kind: 'transaction', transaction }, answer)
    const signed = withSignature(transaction, signature, engines.hashes)
    const moves = tokenMoveIn(transaction.to, transaction.data)
    const entry: ActivityRecord = {
      id: options.freshId(),
      accountId: account.id,
      kind: 'send',
      to: transaction.to,
      ...(moves ? { moves } : {}),
      value: transaction.value,
      hash: signed.hash,
      at: clock.now(),
      origin: site?.origin ?? null,
      state: 'signed',
      problem: null,
      request: site?.request ?? null,
      ...(replaces ? { replaces: { id: replaces.id, how: replaces.how } } : {}),
      ...(exactly ? { sentElsewhere: true } : {}),
      signed: { raw: signed.raw, nonce: transaction.nonce, mostThatLeaves: plan.mostThatLeaves },
    }
    await keyring.update((all) => withEntry(all, network, entry))
    return entry
  }

  /** Gives the stored transaction to the sources and records how that went. */
  async function handOver({ id, hash, signed }: ActivityRecord): Promise<Hex> {
    if (signed === null || hash === null) throw new UnknownEntry()
    handedOver.set(id, null)
    let takenBy: string
    try {
      const said = await options.client().sendTransaction(signed.raw)
      if (said.value !== hash) throw new OtherHash(said.by)
      takenBy = said.by
    } catch (error) {
      await note(id, (entry) => dropped(unsent(entry, problemOf(error)), problemOf(error)))
      throw error
    }
    await note(id, (entry) => sent(entry, takenBy))
    return hash
  }

  /** The block at which each was handed over since the start; null: before a block was seen after that. */
  const handedOver = new Map<string, bigint | null>()

  function isDue(
    entries: readonly ActivityRecord[],
    entry: ActivityRecord,
    head: bigint,
    nonce: bigint | null,
  ): boolean {
    if (
      !entry.signed ||
      entry.sentElsewhere ||
      !isUnderWay(entries, entry) ||
      (nonce !== null && entry.signed.nonce < nonce)
    )
      return false
    // Of several with one number the newest is meant; nodes would refuse the older ones as underpriced.
    const newest = [entry, ...siblings(entries, entry)].every((other) => other.at <= entry.at)
    if (!newest) return false
    const last = handedOver.get(entry.id)
    if (last === null) handedOver.set(entry.id, head)
    return last === undefined || (last !== null && head >= last + REBROADCAST_AFTER)
  }

  async function rebroadcast(
    client: LightClient,
    head: bigint,
    nonceOf: (address: Hex) => bigint | null,
  ): Promise<void> {
    const { records: now } = options.keyring()
    if (now === null) return
    const entries = activityOf(now, network)
    const addresses = new Map(now.accounts.map(({ id, address }) => [id, address]))
    for (const entry of entries) {
      const address = addresses.get(entry.accountId)
      if (!address || !isDue(entries, entry, head, nonceOf(address))) continue
      if (options.client() !== client) return
      // How it went stands in the entry.
      await handOver(entry).catch(() => undefined)
    }
  }

  /** When the wallet was locked meanwhile the entry stays `signed`, and is handed over again after the next unlocking. */
  async function note(id: string, change: (entry: ActivityRecord) => ActivityRecord): Promise<void> {
    try {
      await options.keyring().update((all) => changeEntry(all, network, id, change))
    } catch (error) {
      if (!(error instanceof Locked)) throw error
    }
  }

  return {
    propose,
    async resend(id) {
      const entry = (records().activity[network] ?? []).find((candidate) => candidate.id === id)
      if (!entry?.signed) throw new UnknownEntry()
      await handOver(entry)
    },
    async replace(id, how) {
      const entries = activityOf(records(), network)
      const entry = entries.find((candidate) => candidate.id === id)
      if (!entry) throw new UnknownEntry()
      const account = accountRecord(records(), entry.accountId)
      return propose(account, replacementRequest(entries, id, how, account.address, engines), null)
    },
    rebroadcast,
  }
}

/** What a block would charge; an account that cannot pay it is shown what would happen if it could. */
function termsOf({ transaction, gasLimit, baseFeePerGas, blocked }: Plan): PlannedTerms {
  const baseFee = figure(baseFeePerGas)
  const { maxFeePerGas, maxPriorityFeePerGas } = transaction
  if (baseFee === null || blocked !== null || maxFeePerGas < baseFee) return { gas: figure(gasLimit), price: null }
  const most = baseFee + maxPriorityFeePerGas
  return { gas: figure(gasLimit), price: { perGas: most > maxFeePerGas ? maxFeePerGas : most, baseFee } }
}

/** What a transfer was to rest on was proven from another trust root, or by other sources. */
export class SourcesChanged extends WalletError {
  constructor() {
    super(
      { name: 'Transfer.SourcesChanged', code: 'SOURCES_CHANGED', kind: 'unprovable' },
      'The sources of evidence changed, so what was proven for this request no longer counts. Nothing was signed.',
      { next: 'Ask for it again once the new sources are followed.' },
    )
  }
}

export class UnknownEntry extends WalletError {
  constructor() {
    super(
      { name: 'Transfer.UnknownEntry', code: 'UNKNOWN_ENTRY', kind: 'usage' },
      'There is no transaction signed here under this name.',
    )
  }
}

export class OtherHash extends WalletError {
  constructor(by: string) {
    super(
      { name: 'Transfer.OtherHash', code: 'OTHER_HASH', kind: 'unprovable' },
      `${by} took the transaction but named another hash than its bytes have.`,
      { next: 'Send it again through another source.' },
    )
  }
}
