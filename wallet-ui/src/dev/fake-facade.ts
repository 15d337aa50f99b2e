/**
 * The whole façade in memory, for tests of the screens and for `vite dev --mode fake`. No keys, no network: every
 * value is made up. It follows the real one in what each command changes and which problems it gives.
 * @module
 */
import type {
  AccountView,
  ActivityEntry,
  ImportRequest,
  Problem,
  WalletFacade,
  WalletState,
} from '@glowworm/wallet-core/facade/facade'
import { readPolicy } from '@glowworm/wallet-core/policy/policy'
import { after, now } from '../infrastructure/clock.ts'
import { fakeAccountCommands } from './fake-accounts.ts'
import { fakeBelongings, NO_BELONGINGS } from './fake-belongings.ts'
import { fakeIdentity, NO_IDENTITY } from './fake-identity.ts'
import { fakeAccount, fakeEntry, fakeTransfer, GAS, GAS_PRICE } from './fake-objects.ts'
import { ETHER, HASH, proven, ROOT, SOURCES, unproven } from './fake-values.ts'

export const FAKE_PHRASE = 'ribbon lake cotton sphere amateur noodle rather acid fluid margin idle velvet'
export const FAKE_PASSWORD = 'correct horse'
/** What the fake hands out as a file, and takes as one. */
export const FAKE_FILE = new TextEncoder().encode('GLOWWORM fake file')

export interface FakeFacade extends WalletFacade {
  /** Changes the state as the world would. */
  set(change: Partial<WalletState>): void
}

export class FakeProblem extends Error {
  readonly problem: Problem
  constructor(code: string, message: string, next: string | null = null) {
    super(message)
    this.name = 'Fake.Problem'
    this.problem = { code, kind: 'usage', message, next }
  }
}

export const FRESH_STATE: WalletState = {
  phase: 'no-wallet',
  network: { name: 'devnet', chainId: 1337, symbol: 'ETH', hasFaucet: true, checkpoint: ROOT },
  checkpoint: null,
  sourcesChosen: false,
  choices: [
    { kind: 'beacon', address: 'https://beacon.example', chosen: true, bundled: true },
    { kind: 'execution', address: 'https://execution.example', chosen: true, bundled: true },
    {
      kind: 'peer',
      address: '/ip4/127.0.0.1/tcp/9001/ws/p2p/12D3KooWPkzZ3mJ1pL7cBx6rWq5yQk7X2d4mVb9sTn8uHfGa2a2a',
      chosen: false,
      bundled: true,
    },
  ],
  sources: [],
  diversity: { state: 'unknown' },
  padding: 'off',
  pulse: { state: 'idle' },
  accounts: [],
  hiddenAccounts: [],
  selected: null,
  activity: [],
  approvals: [],
  sites: [],
  phoneSessions: [],
  servesPages: true,
  asksPhones: true,
  siteRules: [],
  contacts: [],
  spendingLimits: [],
  vaultGone: false,
  backedUp: false,
  drills: { phrase: null, file: null },
  hasPhrase: false,
  unlockMethods: [],
  autoLockMinutes: 15,
  identity: NO_IDENTITY,
  belongings: NO_BELONGINGS,
}

export function following(): WalletState['pulse'] {
  return {
    state: 'following',
    finalizedHeight: 24_784_163n,
    finalizedTime: now() - 780_000,
    headHeight: 24_784_231n,
    headTime: now() - 9_000,
    participation: 0.994,
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** @param latency Milliseconds a command takes. */
export function createFakeFacade(initial: WalletState = FRESH_STATE, latency = 150): FakeFacade {
  let state = initial
  let count = 0
  const listeners = new Set<(state: WalletState) => void>()
  const set = (change: Partial<WalletState>) => {
    state = { ...state, ...change }
    for (const listener of listeners) listener(state)
  }
  const wait = () => new Promise<void>((resolve) => after(latency, resolve))
  const check = (password: Uint8Array) => {
    if (text(password) !== FAKE_PASSWORD)
      throw new FakeProblem('WRONG_PASSWORD', 'The vault does not open with this password.')
  }
  const checkFile = (file: Uint8Array) => {
    if (file.length !== FAKE_FILE.length) throw new FakeProblem('VAULT_CORRUPTED', 'The file is damaged.')
  }
  const checkImport = (from: ImportRequest) => {
    if (
      from.kind === 'phrase' &&
      text(from.phrase)
        .split(' ')
        .some((word) => word.length < 3)
    )
      throw new FakeProblem('INVALID_PHRASE', 'Word 1 is not in the list.')
    if (from.kind === 'private-key' && from.key.length < 64)
      throw new FakeProblem('INVALID_IMPORT', 'This private key cannot be read: it has too few digits.')
  }
  const open = () =>
    set({
      phase: 'unlocked',
      hasPhrase: true,
      unlockMethods:
        state.unlockMethods.length > 0 ? state.unlockMethods : [{ id: 'password', method: 'password' } as const],
      accounts: state.accounts.length > 0 ? state.accounts : [fakeAccount(0, 'Account 1', 0n)],
      selected: state.selected ?? 'a0',
      ...(state.sourcesChosen ? { pulse: following(), sources: SOURCES } : {}),
    })
  const accountOf = (id: string): AccountView => {
    const found = state.accounts.find((account) => account.id === id)
    if (!found) throw new FakeProblem('UNKNOWN_ACCOUNT', `There is no account ${id}.`)
    return found
  }
  const changeAccount = (id: string, change: Partial<AccountView>) =>
    set({ accounts: state.accounts.map((account) => (account.id === id ? { ...account, ...change } : account)) })
  const changeEntry = (id: string, change: Partial<ActivityEntry>) =>
    set({ activity: state.activity.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)) })
  const balanceOf = (account: AccountView): bigint => (account.balance.kind === 'proven' ? account.balance.value : 0n)
  const addEntry = (entry: Pick<ActivityEntry, 'accountId' | 'kind' | 'to' | 'value' | 'origin' | 'state'>): string => {
    const id = `e${++count}`
    set({ activity: [fakeEntry({ ...entry, id, at: now(), hash: HASH }), ...state.activity] })
    return id
  }
  /** Sent → included → final, as a fast network would. */
  const include = (id: string, then: () => void) => {
    const receipt = { success: true, gasUsed: GAS, blockNumber: 24_784_233n }
    after(latency * 8, () => {
      changeEntry(id, { state: 'included', receipt: proven(receipt, { stage: 'receipt' }) })
      then()
      after(latency * 30, () =>
        changeEntry(id, { state: 'final', receipt: proven(receipt, { final: true, stage: 'receipt' }) }),
      )
    })
  }

  return {
    get state() {
      return state
    },
    set,
    ...fakeAccountCommands({ state: () => state, set, wait }),
    ...fakeBelongings({ state: () => state, set, wait, check }),
    ...fakeIdentity({
      ...{ state: () => state, set, wait, check },
      problem: (code, message) => new FakeProblem(code, message),
    }),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async create() {
      await wait()
      open()
      return { phrase: new TextEncoder().encode(FAKE_PHRASE) }
    },
    async checkImport({ from }) {
      await wait()
      checkImport(from)
      return { accounts: 1, left: [] }
    },
    async importWallet({ from }) {
      await wait()
      checkImport(from)
      open()
      set({ backedUp: true, hasPhrase: from.kind === 'phrase' })
      return { accounts: 1, left: [] }
    },
    async importMore({ from }) {
      await wait()
      checkImport(from)
      const count = state.accounts.length
      set({ accounts: [...state.accounts, fakeAccount(count, `Account ${count + 1}`, 0n)] })
      return { accounts: 1, left: from.kind === 'metamask' ? ['Ledger Hardware'] : [] }
    },
    async unlock({ password }) {
      await wait()
      check(password)
      open()
    },
    async unlockWithPasskey() {
      await wait()
      open()
    },
    async recover({ file }) {
      await wait()
      checkFile(file)
      open()
    },
    async makeBackup({ password }) {
      await wait()
      check(password)
      return { file: FAKE_FILE.slice() }
    },
    async checkBackup({ file, password }) {
      await wait()
      checkFile(file)
      check(password)
      set({ backedUp: true, drills: { ...state.drills, file: now() } })
      return true
    },
    async restoreBackup({ file, password }) {
      await wait()
      checkFile(file)
      check(password)
      open()
      set({ backedUp: true, drills: { phrase: null, file: now() } })
    },
    async makeRecoveryFile({ password }) {
      await wait()
      check(password)
      const others = state.unlockMethods.filter(({ method }) => method !== 'recovery-file')
      set({ unlockMethods: [...others, { id: 'recovery-file', method: 'recovery-file' }] })
      return { file: FAKE_FILE.slice() }
    },
    async addPasskey({ password, name, credential, prfSalt }) {
      await wait()
      check(password)
      const method = { id: `passkey-${++count}`, method: 'passkey', name, credential, prfSalt } as const
      set({ unlockMethods: [...state.unlockMethods, method] })
    },
    async removeUnlockMethod({ id, password }) {
      await wait()
      check(password)
      set({ unlockMethods: state.unlockMethods.filter((method) => method.id !== id) })
    },
    async lock() {
      await wait()
      set({ phase: 'locked' })
    },
    async changePassword({ current }) {
      await wait()
      check(current)
    },
    async revealPhrase({ password }) {
      await wait()
      check(password)
      return { phrase: new TextEncoder().encode(FAKE_PHRASE) }
    },
    async confirmBackup({ positions, words }) {
      await wait()
      const all = FAKE_PHRASE.split(' ')
      const right = positions.every((position, i) => all[position] === text(words[i] ?? new Uint8Array(0)))
      if (right) set({ backedUp: true, drills: { ...state.drills, phrase: now() } })
      return right
    },
    async putVaultBack() {
      await wait()
      set({ vaultGone: false })
    },
    async erase() {
      await wait()
      set({ ...FRESH_STATE })
    },
    async chooseSources({ choices, checkpoint }) {
      await wait()
      set({
        choices,
        sourcesChosen: true,
        checkpoint: checkpoint === state.network.checkpoint ? null : checkpoint,
        ...(state.phase === 'unlocked' ? { pulse: following(), sources: SOURCES } : {}),
      })
    },
    async askForCheckpoint({ operators }) {
      await wait()
      if (operators.length < 2)
        throw new FakeProblem('INVALID_INPUT', 'beacon nodes: at least 2 independent operators are needed')
      return { root: HASH, time: now() - 900_000, by: operators }
    },
    async goOnFromOld({ words }) {
      await wait()
      const stale = state.pulse.state === 'stalled' ? state.pulse.staleStart : undefined
      if (words !== stale?.words) throw new FakeProblem('WRONG_WORDS', 'Other words are expected.')
      set({ pulse: following() })
    },
    async pairOffer() {
      await wait()
      return fakeCode('A')
    },
    async pairAnswer({ code }) {
      await wait()
      if (!code.startsWith('GLOWWORM-PAIR-1:'))
        throw new FakeProblem('INVALID_PAIRING_CODE', 'This is not a pairing code: it does not begin like one.')
      return fakeCode('B')
    },
    async pairAccept({ code }) {
      await wait()
      if (code !== fakeCode('B').code) throw new FakeProblem('WRONG_PAIRING_CODE', 'This code answers another one.')
      return { sourceId: 'paired:00' }
    },
    async pairConnected() {
      await new Promise<void>((resolve) => after(latency * 40, resolve))
      return { sourceId: 'paired:00' }
    },
    async pairCancel() {},
    async phoneAnswer({ code }) {
      await wait()
      if (!code.startsWith('GLOWWORM-PAGE-1:'))
        throw new FakeProblem('INVALID_PAIRING_CODE', 'This is not a pairing code: it does not begin like one.')
      return { ...fakeCode('P'), bridge: 'bridge.example' }
    },
    async phonePost() {
      await wait()
    },
    async phoneConnected() {
      await new Promise<void>((resolve) => after(latency * 40, resolve))
      const session = {
        id: '00',
        site: 'https://dapp.example.s.00112233445566778899aabbccddeeff.phone.invalid',
        name: 'A page',
        origin: 'https://dapp.example',
        since: now(),
      }
      set({ phoneSessions: [session] })
      return session
    },
    async phoneCancel() {},
    async endPhoneSession({ id }) {
      await wait()
      set({ phoneSessions: state.phoneSessions.filter((session) => session.id !== id) })
    },
    async addAccount({ name }) {
      await wait()
      set({ accounts: [...state.accounts, fakeAccount(state.accounts.length, name, 0n)] })
    },
    async renameAccount({ id, name }) {
      await wait()
      changeAccount(id, { name })
    },
    async select({ id }) {
      set({ selected: accountOf(id).id })
    },
    async lookUpName({ text }) {
      await wait()
      const address = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
      const checksummed = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
      if (text.startsWith('0x'))
        return proven({ name: null, address: text.toLowerCase() as `0x${string}`, checksummed: text }, { final: true })
      if (text !== 'friend.eth')
        return unproven({
          code: 'NAME_NOT_FOUND',
          kind: 'unprovable',
          message: `${text} leads to no address: that is proven.`,
          next: null,
        })
      return proven({ name: text, address, checksummed }, { final: true })
    },
    async prepareSend({ accountId, to, value, name }) {
      await wait()
      const account = accountOf(accountId)
      if (account.balance.kind !== 'proven')
        throw new FakeProblem('NOT_PROVEN', 'Nothing was prepared, because the account could not be proven.')
      if (/^0x0+$/.test(to)) throw new FakeProblem('INVALID_ADDRESS', 'The checksum of the address does not fit.')
      const id = `p${++count}`
      set({
        approvals: [
          ...state.approvals,
          fakeTransfer(id, account, { to, value, ...(name === undefined ? {} : { name }) }),
        ],
      })
      return { approvalId: id }
    },
    async prepareReplacement({ id: entryId, how }) {
      await wait()
      const entry = state.activity.find((candidate) => candidate.id === entryId)
      if (entry?.state !== 'sent') throw new FakeProblem('NOT_UNDER_WAY', 'This transaction is not under way any more.')
      const account = accountOf(entry.accountId)
      const id = `p${++count}`
      const to = how === 'cancel' ? account.address : (entry.to ?? account.address)
      const value = how === 'cancel' ? 0n : (entry.value ?? 0n)
      const replacement = { ...fakeTransfer(id, account, { to, value }), replaces: { id: entryId, how } }
      set({ approvals: [...state.approvals, replacement] })
      return { approvalId: id }
    },
    async approve({ id, revision }) {
      await wait()
      const approval = state.approvals.find((candidate) => candidate.id === id)
      if (!approval) throw new FakeProblem('APPROVAL_GONE', 'This request is not waiting any more.')
      if (approval.revision !== revision)
        throw new FakeProblem('APPROVAL_CHANGED', 'The request changed while it was shown. Nothing was signed.')
      set({ approvals: state.approvals.filter((other) => other !== approval) })
      if (approval.kind === 'connect')
        set({ sites: [...state.sites, { origin: approval.origin, accounts: approval.accounts, connectedAt: now() }] })
      if (approval.kind !== 'send-transaction') return
      const account = accountOf(approval.accountId)
      const entry = addEntry({
        accountId: account.id,
        kind: 'send',
        to: approval.to,
        value: approval.value,
        origin: approval.origin,
        state: 'sent',
      })
      include(entry, () =>
        changeAccount(account.id, { balance: proven(balanceOf(account) - approval.value - GAS * (GAS_PRICE / 2n)) }),
      )
    },
    async reject({ id }) {
      set({ approvals: state.approvals.filter((approval) => approval.id !== id) })
    },
    async resend({ id }) {
      await wait()
      changeEntry(id, { state: 'sent', problem: null })
      include(id, () => {})
    },
    async requestFaucet({ accountId }) {
      await wait()
      const account = accountOf(accountId)
      const entry = addEntry({
        accountId,
        kind: 'faucet',
        to: account.address,
        value: null,
        origin: null,
        state: 'sent',
      })
      include(entry, () => {
        changeEntry(entry, { value: 10n * ETHER })
        changeAccount(accountId, { balance: proven(balanceOf(account) + 10n * ETHER) })
      })
    },
    async disconnectSite({ origin }) {
      await wait()
      set({ sites: state.sites.filter((site) => site.origin !== origin) })
    },
    async setSiteRule({ origin, blocked, expiresAt, policy }) {
      await wait()
      const others = state.siteRules.filter((rule) => rule.origin !== origin)
      const rule = { origin, blocked, expiresAt, policy: policy === null ? null : readPolicy(policy) }
      const says = blocked || expiresAt !== null || policy !== null
      set({
        siteRules: says ? [...others, rule] : others,
        sites: blocked ? state.sites.filter((site) => site.origin !== origin) : state.sites,
      })
    },
    async setAutoLock({ minutes }) {
      set({ autoLockMinutes: minutes })
    },
    async setPadding({ on }) {
      set({ padding: on ? 'on' : 'off' })
    },
    async refresh() {
      await wait()
      set({ pulse: following(), sources: SOURCES })
    },
  }
}

/** As long as a real one. */
const fakeCode = (letter: string) => ({
  code: `GLOWWORM-PAIR-1:${letter.repeat(212)}`,
  expiresAt: now() + 5 * 60_000,
})
