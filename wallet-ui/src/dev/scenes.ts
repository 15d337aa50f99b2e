/** Situations to draw: `?scene=…` in the fake mode, and the list the screenshots walk through. */
import type { ActivityEntry, Approval, Understanding, WalletState } from '@glowworm/wallet-core/facade/facade'
import { now } from '../infrastructure/clock.ts'
import { CONTACTS, HELD_ASSETS } from './fake-belongings.ts'
import { FRESH_STATE, following } from './fake-facade.ts'
import { HELD } from './fake-identity.ts'
import { fakeAccount, fakeEntry, fakeTransfer } from './fake-objects.ts'
import { allowAll, fails, permitted, ROUTER, safeBatch, sendToken, swapChanged } from './fake-understanding.ts'
import { ETHER, HASH, LIAR, LIE, proven, SOURCES, STALE, UNREACHABLE, unproven } from './fake-values.ts'

const RECIPIENT = '0x52908400098527886E0F7030069857D2E4169EE7'
const ORIGIN = 'https://app.market.example'

const main = {
  ...fakeAccount(0, 'Everyday', 31_999_558_000_000_000_000n),
  finalBalance: proven(30n * ETHER, { final: true }),
}
const savings = fakeAccount(1, 'Savings', 1_204_500_000_000_000_000_000n)

const receipt = { success: true, gasUsed: 21_000n, blockNumber: 24_784_100n }

function entry(id: string, state: ActivityEntry['state'], change: Partial<ActivityEntry> = {}): ActivityEntry {
  const receiptOf: Record<ActivityEntry['state'], ActivityEntry['receipt']> = {
    signed: null,
    sent: null,
    unsent: null,
    included: proven(receipt, { stage: 'receipt' }),
    final: proven(receipt, { final: true, stage: 'receipt', minutesAgo: 90 }),
    failed: proven({ ...receipt, success: false }, { final: true, stage: 'receipt' }),
    replaced: null,
  }
  return fakeEntry({
    id,
    accountId: 'a0',
    kind: 'send',
    to: RECIPIENT,
    value: ETHER / 2n,
    hash: HASH,
    at: now() - Number(id.slice(1)) * 3_700_000,
    origin: null,
    state,
    receipt: receiptOf[state],
    problem: state === 'unsent' ? UNREACHABLE : null,
    ...change,
  })
}

const home: WalletState = {
  ...FRESH_STATE,
  phase: 'unlocked',
  sourcesChosen: true,
  backedUp: true,
  hasPhrase: true,
  unlockMethods: [{ id: 'password', method: 'password' }],
  pulse: following(),
  sources: SOURCES,
  diversity: { state: 'several' },
  accounts: [main, savings],
  selected: 'a0',
  activity: [
    entry('e0', 'sent', { value: 1_250_000_000_000_000_000n }),
    entry('e1', 'included'),
    entry('e2', 'final', { kind: 'faucet', to: main.address, value: 10n * ETHER }),
    entry('e3', 'failed', { origin: ORIGIN }),
    entry('e4', 'unsent'),
    entry('e5', 'final', { value: 1n }),
  ],
  sites: [{ origin: ORIGIN, accounts: ['a0', 'a1'], connectedAt: now() - 86_400_000 }],
  siteRules: [
    {
      origin: ORIGIN,
      blocked: false,
      expiresAt: now() + 86_400_000,
      policy: { version: 1, limits: [{ asset: 'native', most: ETHER / 2n, per: 86_400 }] },
    },
    { origin: 'https://app.rnarket.example', blocked: true, expiresAt: null, policy: null },
  ],
}

const withApproval = (...approvals: Approval[]): WalletState => ({ ...home, approvals })
const withBalance = (
  balance: WalletState['accounts'][number]['balance'],
  pulse: WalletState['pulse'],
): WalletState => ({
  ...home,
  accounts: [{ ...main, balance, finalBalance: balance }, savings],
  pulse,
})
const DROPPED = {
  code: 'DROPPED',
  kind: 'unreachable',
  message: 'No source takes it any more: transaction underpriced',
  next: null,
}
const starting: WalletState['pulse'] = { state: 'starting', step: 'committees', done: 2, of: 14 }

const signIn: Approval = {
  id: 's1',
  revision: 1,
  kind: 'sign-message',
  origin: ORIGIN,
  accountId: 'a0',
  text: `app.market.example wants you to sign in with your Ethereum account:\n${main.checksummed}\n\nSign in to see your orders.\n\nURI: ${ORIGIN}/login\nVersion: 1\nChain ID: 1337\nNonce: 8fh2k1mz\nIssued At: 2026-11-23T10:00:00Z`,
  bytes: new TextEncoder().encode('app.market.example wants you to sign in'),
  digest: HASH,
  signIn: {
    domain: 'app.market.example',
    statement: 'Sign in to see your orders.',
    uri: `${ORIGIN}/login`,
    nonce: '8fh2k1mz',
    issuedAt: '2026-11-23T10:00:00Z',
    expirationTime: null,
    chainId: 1337,
  },
}

const permit: Approval = {
  id: 't1',
  revision: 1,
  kind: 'sign-typed-data',
  origin: ORIGIN,
  accountId: 'a0',
  primaryType: 'PermitSingle',
  domain: [
    { path: 'name', depth: 0, name: 'name', type: 'string', value: 'Permit2' },
    { path: 'chainId', depth: 0, name: 'chainId', type: 'uint256', value: 1337n },
    {
      path: 'verifyingContract',
      depth: 0,
      name: 'verifyingContract',
      type: 'address',
      value: '0x000000000022d473030f116ddee9f6b43ac78ba3',
    },
  ],
  message: [
    { path: 'details', depth: 0, name: 'details', type: 'PermitDetails', value: null },
    {
      path: 'details.token',
      depth: 1,
      name: 'token',
      type: 'address',
      value: '0x52908400098527886e0f7030069857d2e4169ee7',
    },
    { path: 'details.amount', depth: 1, name: 'amount', type: 'uint160', value: 2n ** 160n - 1n },
    { path: 'details.expiration', depth: 1, name: 'expiration', type: 'uint48', value: 1_766_000_000n },
    { path: 'details.nonce', depth: 1, name: 'nonce', type: 'uint48', value: 0n },
    { path: 'spender', depth: 0, name: 'spender', type: 'address', value: RECIPIENT },
    { path: 'sigDeadline', depth: 0, name: 'sigDeadline', type: 'uint256', value: 1_764_500_000n },
  ],
  digest: HASH,
  domainHash: HASH,
  messageHash: HASH,
  understanding: permitted(main.address),
}

const called = (id: string, value: bigint, understanding: Understanding): WalletState =>
  withApproval(fakeTransfer(id, main, { to: ROUTER, value, origin: ORIGIN, data: '0x8d80ff0a', understanding }))

export const SCENES = {
  fresh: FRESH_STATE,
  realNetwork: {
    ...home,
    sourcesChosen: false,
    network: { name: 'mainnet', chainId: 1, symbol: 'ETH', hasFaucet: false, checkpoint: null },
    choices: [],
  },
  locked: { ...home, phase: 'locked' },
  vaultGone: { ...home, vaultGone: true },
  waysToUnlock: {
    ...home,
    drills: { phrase: now() - 40 * 86_400_000, file: now() - 86_400_000 },
    unlockMethods: [
      { id: 'password', method: 'password' },
      {
        id: 'passkey-1',
        method: 'passkey',
        name: 'Passkey 1',
        credential: new Uint8Array(16),
        prfSalt: new Uint8Array(32),
      },
      { id: 'recovery-file', method: 'recovery-file' },
    ],
  },
  home,
  tokens: { ...home, belongings: HELD_ASSETS, contacts: CONTACTS },
  limits: { ...home, spendingLimits: [{ asset: 'native', most: ETHER, per: 86_400 }] },
  phishing: {
    ...withApproval({
      id: 'c2',
      revision: 1,
      kind: 'connect',
      origin: 'https://app.rnarket.example',
      accounts: ['a0'],
    }),
    belongings: HELD_ASSETS,
  },
  likeKnown: withApproval({
    ...fakeTransfer('p10', main, { to: RECIPIENT, value: ETHER / 2n }),
    recipient: {
      ...{ address: '0x52908400098527886e0f7030069857d2e4169ee7', checksummed: RECIPIENT, known: null, name: null },
      warnings: [
        { code: 'looks-like', about: '0x5290000000000000000000000000000000009ee7', name: 'Grandmother' },
        { code: 'token', about: '0x52908400098527886e0f7030069857d2e4169ee7', name: null },
      ],
    },
  }),
  accounts: {
    ...home,
    accounts: [
      main,
      savings,
      { ...fakeAccount(2, 'For app.market.example', 0n), site: ORIGIN },
      { ...fakeAccount(3, 'Grandmother', 5n * ETHER), kind: 'watched', signer: 'nobody', path: null, didKey: null },
      { ...fakeAccount(4, 'Ledger', 12n * ETHER), kind: 'ledger', signer: 'device' },
      { ...fakeAccount(5, 'Cold', 90n * ETHER), kind: 'air-gapped', signer: 'device' },
    ],
    hiddenAccounts: [fakeAccount(6, 'Old', 0n)],
  },
  stuck: {
    ...home,
    activity: [
      entry('e0', 'sent', { nonce: 6n, queue: 'gap' }),
      entry('e1', 'sent', { nonce: 5n, queue: 'behind' }),
      entry('e2', 'sent', { problem: DROPPED }),
      entry('e3', 'replaced', { replacedBy: 'e4' }),
      entry('e4', 'final', { replaces: { id: 'e3', how: 'speed-up' } }),
    ],
  },
  watched: {
    ...home,
    accounts: [{ ...main, kind: 'watched', signer: 'nobody', path: null, didKey: null }],
  },
  device: {
    ...home,
    accounts: [{ ...main, kind: 'air-gapped', signer: 'device' }],
    approvals: [fakeTransfer('p4', main, { to: RECIPIENT, value: ETHER / 2n })],
  },
  cancel: withApproval({
    ...fakeTransfer('p5', main, { to: main.checksummed, value: 0n }),
    firstTimeRecipient: false,
    signedOnly: false,
    replaces: { id: 'e0', how: 'cancel' },
  }),
  empty: { ...home, backedUp: false, activity: [], accounts: [fakeAccount(0, 'Account 1', 0n)] },
  starting: withBalance({ kind: 'proving', step: 'committees', done: 2, of: 14 }, starting),
  aged: withBalance(proven(31_999_558_000_000_000_001n, { minutesAgo: 12 }), starting),
  unproven: withBalance(unproven(UNREACHABLE), {
    state: 'stalled',
    problem: UNREACHABLE,
    lastHeight: 24_784_163n,
    lastTime: now() - 1_900_000,
  }),
  longAway: withBalance(unproven(STALE), {
    state: 'stalled',
    problem: STALE,
    lastHeight: null,
    lastTime: null,
    staleStart: { ageDays: 40.2, safeDays: 15.7, words: 'believe a checkpoint that is too old' },
  }),
  liar: { ...withBalance(unproven(LIE), following()), sources: [...SOURCES, LIAR] },
  oneHand: {
    ...home,
    diversity: { state: 'single', hand: 'bridge', name: '12D3…a2a' },
    padding: 'waiting',
  },
  credentials: { ...home, identity: HELD },
  siteSignIn: withApproval({
    ...{ id: 'i1', revision: 1, kind: 'authenticate', origin: 'https://library.example' },
    ...{ statement: 'To see what you borrowed', nonce: 'n-0S6_WzA2Mj' },
  }),
  siteQuestion: {
    ...withApproval({
      ...{ id: 'i2', revision: 1, kind: 'present', origin: 'https://library.example' },
      ...{ purpose: 'To lend you books without a deposit', nonce: 'n-0S6_WzA2Mj', query: '{}' },
    }),
    identity: HELD,
  },
  didChange: {
    ...withApproval(fakeTransfer('d1', main, { to: RECIPIENT, value: 0n, data: '0x7ad4b0a4' })),
    identity: {
      ...HELD,
      didChanges: { d1: { kind: 'add-delegate', use: 'veriKey', delegate: RECIPIENT, validity: 90 * 86_400 } },
    },
  },
  send: withApproval(fakeTransfer('p1', main, { to: RECIPIENT, value: ETHER / 2n })),
  call: withApproval(
    fakeTransfer('p2', main, {
      to: RECIPIENT,
      value: 0n,
      origin: ORIGIN,
      data: `0xa9059cbb${'00'.repeat(12)}70997970c51812dc3a010c7d01b50e0d17dc79c8${'00'.repeat(28)}4a817c80`,
      understanding: sendToken(main.address),
    }),
    signIn,
  ),
  allow: called('p4', 0n, allowAll(main.address)),
  fails: called('p5', 0n, fails()),
  changed: called('p6', ETHER / 2n, swapChanged(main.address)),
  safe: called('p7', 0n, safeBatch(main.address)),
  reading: called('p8', 0n, {
    intent: null,
    outcome: { kind: 'proving', step: 'proof', done: 0, of: 0 },
    before: null,
  }),
  typed: withApproval(permit),
  sendName: withApproval(fakeTransfer('p9', main, { to: RECIPIENT, value: ETHER / 2n, name: 'friend.eth' })),
  blocked: withApproval(fakeTransfer('p3', main, { to: RECIPIENT, value: 31_999_558_000_000_000_000n })),
  connect: withApproval({ id: 'c1', revision: 1, kind: 'connect', origin: ORIGIN, accounts: ['a0'] }),
  signin: withApproval(signIn),
  message: withApproval({
    ...signIn,
    id: 'm1',
    origin: 'http://forum.example',
    text: 'I agree to the rules of the forum.\nVersion 4.',
    signIn: null,
  }),
  binary: withApproval({ ...signIn, id: 'm2', text: null, bytes: new Uint8Array(64).fill(0xe7), signIn: null }),
} satisfies Record<string, WalletState>
