/** The wallet's parts, put together. What the commands and the provider share, and nothing they do not. */
import type { LightClient } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import { createReceipts } from '../activity/receipts.ts'
import { type Approvals, createApprovals, UserRejected } from '../approvals/approvals.ts'
import { createBalances } from '../chain/balances.ts'
import { type Connection, createConnection } from '../chain/connection.ts'
import { createLookUp, type LookUp } from '../intent/names/look-up.ts'
import { loadNormalize } from '../intent/names/normalize.ts'
import { createUnderstanding, type Understand } from '../intent/understanding.ts'
import type { WalletPorts } from '../ports.ts'
import { judgeByOwnLimits } from '../safety/limits.ts'
import { createKeyring, type Keyring } from '../session/keyring.ts'
import { readPadding, readSettings, type Settings, sameEvidence, writePadding, writeSettings } from '../settings.ts'
import { expiredSites, judgeByPolicy, judgeRequest, withRule } from '../sites/site-rules.ts'
import { NotPermitted, withoutSite } from '../sites/sites.ts'
import { createTransfers, SourcesChanged, type Transfers } from '../transfer/transfers.ts'
import { type Belongings, belongingsOf, NO_BELONGINGS } from './belongings.ts'
import type { SiteRule, WalletState } from './facade.ts'
import { createHandles, type Handles } from './handles.ts'
import type { DidChange } from './identity.ts'
import { phoneOf } from './phone.ts'
import { createPublisher, type Publisher } from './publisher.ts'
import { assembleState, networkKey } from './state.ts'

export interface Core {
  readonly ports: WalletPorts
  readonly keyring: Keyring
  readonly connection: Connection
  readonly approvals: Approvals
  readonly transfers: Transfers
  readonly understand: Understand
  readonly lookUpName: LookUp
  readonly handles: Handles
  readonly settings: Settings
  readonly published: Publisher<WalletState>
  /** Loads them when they are not there yet. @throws {BelongingsUnavailable} */
  belongings(): Promise<Belongings>
  /** Sessions with pages on other screens. */
  readonly phone: ReturnType<typeof phoneOf>
  freshId(): string
  /** A change to an identifier waits for approval. */
  proposedDidChange(approvalId: string, change: DidChange): void
  /** Called at each locking from now on. */
  onLock(clear: () => void): void
  /**
   * Keeps the settings. When they name another trust root or other sources, everything proven so far is forgotten, and
   * requests that rest on it are rejected.
   */
  setSettings(settings: Settings): Promise<void>
  /** Writes settings and wishes again as they are. */
  keepSettings(): Promise<void>
  /** Keeps the wish, and follows it from the next question on. */
  setPadding(on: boolean): Promise<void>
  /** What the user lays down for a site; a blocked one is disconnected. What waits is judged anew. */
  setSiteRule(rule: SiteRule): Promise<void>
  /** Disconnects the sites whose permission is over. */
  endExpired(): Promise<void>
  /** Takes the site's permission, and with it what it has waiting. */
  disconnect(origin: string): Promise<void>
  /**
   * Starts, or restarts, the light client with the chosen sources.
   * @param maxAgeDays for a start that is older than is safe, on the user's word
   */
  follow(maxAgeDays?: number): Promise<void>
  /** Proves balances and receipts again, and looks at the waiting approvals again. Never rejects. */
  refresh(): Promise<void>
}

const NO_DESCRIPTORS: readonly unknown[] = []

export async function createCore(ports: WalletPorts): Promise<Core> {
  let settings = await readSettings(ports.store, ports.network.choices)
  let padding = await readPadding(ports.store)
  const network = networkKey(ports.network)
  const handles = createHandles()
  const freshId = () => toHex(ports.random.bytes(12)).slice(2)
  const didChanges = new Map<string, DidChange>()
  const atLock: (() => void)[] = []
  const belongings = belongingsOf(() => core, ports.loadBelongings)
  const phone = phoneOf(() => core, ports.loadPhone)

  const published = createPublisher<WalletState>(() =>
    assembleState({
      phase: keyring.phase,
      vaultGone: keyring.gone,
      records: keyring.records,
      methods: keyring.methods,
      settings,
      network: ports.network,
      hasFaucet: ports.faucet !== null,
      pulse: connection.pulse,
      sources: connection.sources,
      diversity: connection.diversity,
      padding: connection.padding(padding),
      approvals: approvals.list,
      didChanges: Object.fromEntries(didChanges),
      balanceOf: balances.of,
      nonceOf: balances.nonceOf,
      receiptOf: receipts.of,
      phoneSessions: phone.loaded?.list ?? [],
      servesPages: ports.loadPhone !== undefined,
      asksPhones: ports.phoneSigner !== undefined,
      belongings: (keyring.records && belongings.loaded?.view) ?? NO_BELONGINGS,
      keccak256: ports.engines.hashes.keccak256,
    }),
  )
  const { changed } = published
  const approvals = createApprovals(changed, (approval) => {
    const { records } = keyring
    // While locked nothing is known of rules; what waits is judged when the wallet is unlocked, and before it is signed.
    if (records === null) return { verdict: 'allow' }
    const { engines, clock, policy } = ports
    const where = { network, chainId: ports.network.chainId, now: clock.now(), engines }
    const byLimits = judgeByOwnLimits(records, approval, where)
    if (byLimits.verdict === 'refuse') return { ...byLimits, own: true }
    const bySite = judgeRequest(records, approval, where)
    const own = policy && bySite.verdict !== 'refuse' ? judgeByPolicy(records, policy, approval, where) : bySite
    const verdict = own.verdict === 'allow' ? bySite : own
    if (verdict.verdict === 'refuse') ports.onRefusal?.(approval, verdict.why)
    return verdict
  })
  const balances = createBalances(handles, changed)
  const connection = createConnection({
    openChain: ports.openChain,
    prepare: (client) => {
      client.pad(padding)
      void balances.showKept(client, ownAddresses())
    },
    changed,
    onHead: () => void refresh(),
  })
  const keyring: Keyring = await createKeyring(ports, {
    changed,
    locking() {
      approvals.rejectAll(new UserRejected('The wallet was locked.'))
      forgetProofs()
      didChanges.clear()
      for (const clear of atLock) clear()
    },
    unlocked() {
      if (connection.opened) void balances.showKept(connection.client(), ownAddresses())
      void phone.sweep()
      approvals.renewAll().then(refresh, () => undefined)
    },
  })
  const receipts = createReceipts({ keyring: () => keyring, network, handles, engines: ports.engines, changed })
  const { engines, clock } = ports
  const { chainId } = ports.network
  const reading = { client: () => connection.client(), handles, engines, clock, chainId }
  const understand = createUnderstanding({
    ...reading,
    descriptors: () => belongings.loaded?.descriptors ?? NO_DESCRIPTORS,
  })
  const lookUpName = createLookUp({ ...reading, loadNormalize: ports.loadNormalize ?? loadNormalize })
  const transfers = createTransfers({
    ports,
    network,
    keyring: () => keyring,
    client: () => connection.client(),
    handles,
    approvals,
    understand,
    freshId,
  })

  function forgetProofs(): void {
    balances.clear()
    receipts.clear()
    belongings.loaded?.clear()
    handles.clear()
  }

  /** None while the wallet is locked. */
  const ownAddresses = () =>
    (keyring.records?.accounts ?? []).filter(({ hidden }) => !hidden).map(({ address }) => address)

  async function refresh(): Promise<void> {
    await keyring.look()
    const { records } = keyring
    const { head } = connection
    if (records === null || head === null) return
    const client = connection.client()
    const own = ownAddresses()
    // As long as there are two sources, none is asked about all of them.
    client.keepApart(own)
    await Promise.all([balances.refresh(client, own), receipts.follow(client, head), approvals.renewAll()])
    void refreshBelongings(client)
    await transfers.rebroadcast(client, head.optimistic.blockNumber, balances.nonceOf)
  }

  /** Nobody waits for it: the balance and what is under way come first. */
  async function refreshBelongings(client: LightClient): Promise<void> {
    if (!ports.loadBelongings) return
    const loaded = await belongings.load().catch(() => null)
    if (keyring.records !== null && connection.opened && connection.client() === client) await loaded?.refresh(client)
  }

  async function disconnect(origin: string): Promise<void> {
    await keyring.update((records) => withoutSite(records, origin))
    approvals.rejectAll(new NotPermitted(), (approval) => approval.origin === origin)
  }

  const core: Core = {
    ports,
    keyring,
    connection,
    approvals,
    transfers,
    understand,
    lookUpName,
    handles,
    published,
    belongings: belongings.load,
    phone,
    freshId,
    proposedDidChange(approvalId, change) {
      for (const id of didChanges.keys()) if (!approvals.has((waiting) => waiting.id === id)) didChanges.delete(id)
      didChanges.set(approvalId, change)
      changed()
    },
    onLock(clear) {
      atLock.push(clear)
    },
    get settings() {
      return settings
    },
    async setSettings(next) {
      await writeSettings(ports.store, next)
      const other = !sameEvidence(settings, next)
      settings = next
      changed()
      if (!other) return
      // First the client, so that nothing it still proves comes in behind.
      const closed = connection.close()
      approvals.rejectAll(new SourcesChanged(), ({ kind }) => kind !== 'connect' && kind !== 'sign-message')
      forgetProofs()
      await closed
    },
    async keepSettings() {
      await writeSettings(ports.store, settings)
      await writePadding(ports.store, padding)
    },
    async setPadding(on) {
      await writePadding(ports.store, on)
      padding = on
      if (connection.opened) connection.client().pad(on)
      changed()
    },
    async setSiteRule(rule) {
      await keyring.update((records) => withRule(records, rule))
      if (rule.blocked) await disconnect(rule.origin)
      await approvals.renewAll()
    },
    async endExpired() {
      const { records } = keyring
      if (records === null) return
      for (const origin of expiredSites(records, ports.clock.now())) {
        await disconnect(origin)
        await keyring.update((all) => withRule(all, { origin, blocked: false, expiresAt: null, policy: null }))
      }
    },
    disconnect,
    async follow(maxAgeDays) {
      if (settings.sources === null) return
      const { choices, checkpoint } = settings.sources
      await connection.open(choices, checkpoint ?? ports.network.checkpoint, maxAgeDays)
    },
    refresh,
  }
  return core
}
