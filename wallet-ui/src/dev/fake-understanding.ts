/** Made-up meanings and outcomes. */
import type { Intent, Outcome, TokenView, Understanding } from '@glowworm/wallet-core/facade/facade'
import { proven, unproven } from './fake-values.ts'

export const USDC: TokenView = {
  address: '0x52908400098527886e0f7030069857d2e4169ee7',
  symbol: proven('USDC'),
  decimals: proven(6),
}
const RECIPIENT = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
export const ROUTER = '0x7a250d5630b4cf539739df2c5dacb4c659f2488d'
const SAFE = '0x5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe'
const IMPLEMENTATION = '0x43506849d7c04f9138d1a2050bbf3a0c054402dd'

export const NOTHING: Outcome = {
  failure: null,
  gasUsed: 46_000n,
  native: 0n,
  tokens: [],
  nfts: [],
  permissions: [],
  created: null,
  ownCode: false,
  contradicted: [],
}
const contract = (address: `0x${string}`) => ({ address, proxy: proven(null) })
const usdc = {
  address: USDC.address,
  proxy: proven({ kind: 'zeppelinos', implementation: IMPLEMENTATION, changeable: true } as const),
}

export const understood = (intent: Omit<Intent, 'value'>, outcome: Partial<Outcome>): Understanding => ({
  intent: { value: 0n, ...intent },
  outcome: proven({ ...NOTHING, ...outcome }),
  before: null,
})

export const plain = (to: `0x${string}`, amount: bigint): Understanding => ({
  intent: { action: { kind: 'send-native', to, amount }, value: amount, contract: null, warnings: [] },
  outcome: proven({ ...NOTHING, native: -amount }),
  before: null,
})

export const sendToken = (owner: `0x${string}`) =>
  understood(
    {
      action: { kind: 'send-token', token: USDC, from: owner, to: RECIPIENT, amount: 1_250_000_000n },
      contract: usdc,
      warnings: [{ code: 'proxy', about: IMPLEMENTATION }],
    },
    { tokens: [{ token: USDC, change: -1_250_000_000n, told: 'balance' }] },
  )

export const allowAll = (owner: `0x${string}`) =>
  understood(
    {
      action: {
        kind: 'allow-token',
        token: USDC,
        owner,
        spender: ROUTER,
        way: 'set',
        allowance: { amount: null, until: null },
        through: null,
        signed: false,
      },
      contract: usdc,
      warnings: [
        { code: 'unlimited', about: ROUTER },
        { code: 'plain-spender', about: ROUTER },
        { code: 'proxy', about: IMPLEMENTATION },
      ],
    },
    { permissions: [{ kind: 'token', token: USDC, spender: ROUTER, amount: null, until: null, through: null }] },
  )

export const fails = (): Understanding =>
  understood(
    {
      action: { kind: 'unknown-call', selector: '0x8d80ff0a', bytes: 260, refused: null },
      contract: contract(ROUTER),
      warnings: [{ code: 'unknown-call', about: ROUTER }],
    },
    { failure: { kind: 'said', text: 'UniswapV2: K' } },
  )

export const swapChanged = (owner: `0x${string}`): Understanding => {
  const amounts = (got: bigint) =>
    proven({
      ...NOTHING,
      native: -500_000_000_000_000_000n,
      tokens: [{ token: USDC, change: got, told: 'balance' as const }],
    })
  return {
    intent: {
      action: {
        kind: 'described',
        function: 'swapExactETHForTokens(uint256,address[],address,uint256)',
        intent: 'Exchange coins for tokens',
        bound: false,
        fields: [
          { label: 'You give', value: { kind: 'native-amount', amount: 500_000_000_000_000_000n } },
          { label: 'You get at least', value: { kind: 'token-amount', token: USDC, amount: 1_480_000_000n } },
          { label: 'It goes to', value: { kind: 'address', address: owner } },
          { label: 'Until', value: { kind: 'date', time: 1_795_600_000n } },
        ],
      },
      value: 500_000_000_000_000_000n,
      contract: contract(ROUTER),
      warnings: [],
    },
    outcome: amounts(1_481_200_000n),
    before: amounts(1_502_000_000n),
  }
}

export const safeBatch = (owner: `0x${string}`): Understanding => {
  const send = sendToken(SAFE).intent!
  const steps: Intent[] = [
    send,
    {
      action: { kind: 'send-native', to: RECIPIENT, amount: 10n ** 17n },
      value: 10n ** 17n,
      contract: null,
      warnings: [],
    },
  ]
  const all: Intent = {
    action: { kind: 'batch', function: 'multiSend', steps },
    value: 0n,
    contract: contract(ROUTER),
    warnings: [],
  }
  return {
    intent: {
      action: { kind: 'safe', safe: SAFE, delegated: true, step: all },
      value: 0n,
      contract: { address: SAFE, proxy: proven(null) },
      warnings: [{ code: 'delegated-call', about: ROUTER }],
    },
    outcome: unproven({
      code: 'CALL_READS_TOO_MUCH',
      kind: 'unprovable',
      message: `the call of ${owner.slice(0, 6)} reads more than 4096 accounts and slots`,
      next: null,
    }),
    before: null,
  }
}

export const permitted = (owner: `0x${string}`): Understanding => ({
  intent: {
    action: {
      kind: 'allow-token',
      token: USDC,
      owner,
      spender: RECIPIENT,
      way: 'set',
      allowance: { amount: null, until: 1_766_000_000n },
      through: '0x000000000022d473030f116ddee9f6b43ac78ba3',
      signed: true,
    },
    value: 0n,
    contract: contract('0x000000000022d473030f116ddee9f6b43ac78ba3'),
    warnings: [
      { code: 'unlimited', about: RECIPIENT },
      { code: 'signed-allowance', about: RECIPIENT },
    ],
  },
  outcome: null,
  before: null,
})
