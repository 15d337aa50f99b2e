/**
 * MetaMask's description of its provider, every example of it asked of this wallet by OpenRPC's own runner: the answer has
 * to fit the schema; what asks the user is asked once more and rejected, which has to be 4001. What does not apply stands
 * below with the reason, and has to be refused by its code.
 */
import { type Devnet, FIXTURE_CONTRACT, startDevnet } from '@glowworm/devnet'
import { type HeadlessWallet, headlessWallet } from '@glowworm/wallet-core/headless'
import specs from '@metamask/api-specs'
import { parseOpenRPCDocument } from '@open-rpc/schema-utils-js'
import coverage from '@open-rpc/test-coverage'
import ExamplesRule from '@open-rpc/test-coverage/build/rules/examples-rule.js'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const PHRASE = 'test test test test test test test test test test test junk'
const ME = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const FRIEND = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const ORIGIN = 'https://dapp.example'

/** Their examples are of another chain and no parameters of this one fit; other suites ask. */
const ASKED_ELSEWHERE = ['wallet_watchAsset']
/** Refused by intent: 4200 unless it says otherwise. */
const NOT_APPLICABLE: Readonly<Record<string, string>> = {
  wallet_registerOnboarding: 'there is no onboarding page to come back from',
  wallet_scanQRCode: 'for phones',
  wallet_requestExecutionPermissions: 'ERC-7715, experimental',
  wallet_getGrantedExecutionPermissions: 'ERC-7715, experimental',
  wallet_getSupportedExecutionPermissions: 'ERC-7715, experimental',
  eth_decrypt: 'deprecated; keys that sign do not decrypt as well',
  eth_getEncryptionPublicKey: 'deprecated; keys that sign do not decrypt as well',
  eth_subscribe: 'its example answer is another chain’s subscription; test/provider/subscriptions.test.ts asks',
  eth_unsubscribe: 'as eth_subscribe',
  eth_newPendingTransactionFilter: 'nobody can prove what is pending',
  eth_sendRawTransaction: 'only what this wallet signed is sent',
}
/** Their question goes to a person. */
const ASKED = [
  'eth_requestAccounts',
  'wallet_requestPermissions',
  'personal_sign',
  'eth_signTypedData_v4',
  'eth_sendTransaction',
]

/**
 * The runner's own rule takes a schema that its validator does not know (JSON Schema 2019) for a failed call, and an
 * answer that equals the example for a good one. Here the schema decides.
 */
class SchemaRule extends ExamplesRule {
  override validateCall(call: RuleCall): RuleCall {
    if (call.error) return Object.assign(call, { valid: false, reason: JSON.stringify(call.error) })
    const fits = new Ajv2019({ strict: false }).compile(openSchema(call.resultSchema) as object)
    return Object.assign(call, { valid: fits(call.result), reason: JSON.stringify(fits.errors) })
  }
}

/** Fields that are newer than the document may be there (requestsHash, blockTimestamp); those it knows must be right. */
function openSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(openSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(([name]) => !/^(additional|unevaluated)Properties$/.test(name))
  return Object.fromEntries(kept.map(([name, inner]) => [name, openSchema(inner)]))
}

type RuleCall = Parameters<InstanceType<typeof ExamplesRule>['validateCall']>[0]

interface Call {
  readonly methodName: string
  readonly valid?: boolean
  readonly reason?: string
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}
interface Method {
  readonly name: string
  examples?: { name: string; params: { name: string; value: unknown }[]; result: { name: string; value: unknown } }[]
}

const nothing = () => undefined
const SILENT = { onBegin: nothing, onTestBegin: nothing, onTestEnd: nothing, onEnd: nothing }

let devnet: Devnet
let wallet: HeadlessWallet
let yes = true
let count = 0
let block: { hash: string; number: string }
let transaction: string
const ask = (method: string, params?: unknown, origin = ORIGIN) =>
  wallet.provider.handle({ origin, id: `spec:${++count}`, method, params })

beforeAll(async () => {
  devnet = await startDevnet({ secondsPerSlot: 1 })
  const body = JSON.stringify({ address: ME })
  await fetch(devnet.faucetUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  wallet = await headlessWallet({
    network: devnet.liveProfile(),
    phrase: PHRASE,
    policy: { version: 1, secondApproval: { methods: ASKED } },
    secondApproval: () => yes,
  })
  await ask('eth_requestAccounts')
  const receipt = await poke()
  transaction = receipt.transactionHash
  block = { hash: receipt.blockHash, number: receipt.blockNumber }
})
afterAll(async () => {
  await wallet?.close()
  await devnet?.close()
})

/** Has the fixture contract log something. */
async function poke(): Promise<{ transactionHash: string; blockHash: string; blockNumber: string }> {
  const hash = await ask('eth_sendTransaction', [
    { from: ME, to: FIXTURE_CONTRACT, value: '0x0', data: '0x', gas: '0x186a0' },
  ])
  type Receipt = Awaited<ReturnType<typeof poke>>
  const read = () => ask('eth_getTransactionReceipt', [hash]) as Promise<Receipt | null>
  return vi.waitUntil(read, { timeout: 30_000, interval: 200 })
}

/** The examples speak of other chains; these parameters are of this one. */
function parametersHere(): Readonly<Record<string, readonly unknown[]>> {
  const range = { fromBlock: block.number, toBlock: block.number, address: FIXTURE_CONTRACT, topics: [] }
  const chainId = `0x${devnet.profile.chainId.toString(16)}`
  return {
    wallet_addEthereumChain: [{ chainId, chainName: 'devnet', rpcUrls: ['https://rpc.example'] }],
    wallet_switchEthereumChain: [{ chainId }],
    personal_sign: ['0x506c65617365207369676e', ME],
    eth_sendTransaction: [{ from: ME, to: FRIEND, value: '0x1' }],
    wallet_getCapabilities: [ME, [chainId]],
    wallet_sendCalls: [
      { version: '2.0.0', from: ME, chainId, atomicRequired: false, calls: [{ to: FRIEND, value: '0x1' }] },
    ],
    eth_call: [{ to: FIXTURE_CONTRACT, data: `0x${'1'.padStart(64, '0')}` }, 'latest'],
    eth_estimateGas: [{ from: ME, to: FRIEND, value: '0x1' }],
    eth_feeHistory: ['0x2', 'latest', [20, 30]],
    eth_getBlockByHash: [block.hash, false],
    eth_getBlockByNumber: [block.number, false],
    eth_getBlockTransactionCountByHash: [block.hash],
    eth_getBlockTransactionCountByNumber: [block.number],
    eth_getCode: [FIXTURE_CONTRACT, 'latest'],
    eth_getLogs: [range],
    eth_newFilter: [range],
    eth_getProof: [FIXTURE_CONTRACT, [`0x${'0'.repeat(63)}1`], 'latest'],
    eth_getTransactionByBlockHashAndIndex: [block.hash, '0x0'],
    eth_getTransactionByBlockNumberAndIndex: [block.number, '0x0'],
    eth_getTransactionByHash: [transaction],
    eth_getTransactionReceipt: [transaction],
    eth_getUncleCountByBlockHash: [block.hash],
    eth_getUncleCountByBlockNumber: [block.number],
  }
}

/** Typed data of the example, for this chain and account. */
function typedDataHere(example: unknown): unknown {
  const typed = structuredClone(example) as { domain: { chainId?: unknown } }
  typed.domain.chainId = devnet.profile.chainId
  return typed
}

async function run(
  methods: readonly string[] | null,
  parameters: Readonly<Record<string, readonly unknown[]>>,
): Promise<Call[]> {
  const whole: unknown = await parseOpenRPCDocument(structuredClone(specs) as never)
  const document = structuredClone(whole) as {
    methods: Method[]
    servers: unknown[]
  }
  document.servers = [{ url: 'wallet' }]
  for (const method of document.methods) {
    const first = method.examples?.[0]
    if (!first) continue
    const given = parameters[method.name] ?? first.params.map(({ value }) => value)
    const params = given.map((value, i) => ({ name: first.params[i]?.name ?? `p${i}`, value }))
    // Only the schema counts: results are those of another chain.
    method.examples = [{ ...first, params, result: { ...first.result } }]
  }
  return (await coverage({
    openrpcDocument: document as never,
    reporters: [SILENT] as never,
    rules: [new SchemaRule({ skip: [], only: methods === null ? [] : [...methods] })] as never,
    skip: [
      ...Object.keys(NOT_APPLICABLE),
      ...ASKED_ELSEWHERE,
      ...(methods === null ? ['wallet_revokePermissions'] : []),
    ],
    transport: (async (_url: string, method: string, params: unknown) => {
      try {
        return { result: await ask(method, params) }
      } catch (error) {
        const { code, message } = error as { code: number; message: string }
        return { error: { code, message } }
      }
    }) as never,
  })) as Call[]
}

describe('every example of the document', () => {
  it('is answered in the form of its schema', async () => {
    yes = true
    const filter = { fromBlock: block.number, address: FIXTURE_CONTRACT }
    const id = await ask('eth_newFilter', [filter])
    // An empty list fits more than one of the forms that the schema allows exactly one of.
    await poke()
    const batch = (await ask('wallet_sendCalls', parametersHere().wallet_sendCalls)) as { id: string }
    const spoiled = await ask('eth_newFilter', [filter])
    const example = (specs.methods as unknown as Method[]).find(({ name }) => name === 'eth_signTypedData_v4')!
      .examples![0]!.params[1]!.value
    const calls = await run(null, {
      ...parametersHere(),
      eth_signTypedData_v4: [ME, typedDataHere(example)],
      wallet_getCallsStatus: [batch.id],
      eth_getFilterChanges: [id],
      eth_getFilterLogs: [id],
      eth_uninstallFilter: [spoiled],
    })
    // By itself, for it ends the connection.
    calls.push(...(await run(['wallet_revokePermissions'], {})))
    const failed = calls
      .filter(({ valid }) => !valid)
      .map(({ methodName, reason, error }) => ({ methodName, reason, error }))
    expect(failed).toEqual([])
    expect(calls.length).toBeGreaterThan(35)
  })

  it('is rejected with 4001 where a person says no', async () => {
    yes = false
    const refusals = async (method: string, params: unknown[]) =>
      ask(method, params).then(
        () => 0,
        ({ code }) => code,
      )
    expect(await refusals('eth_requestAccounts', [])).toBe(4001)
    expect(await refusals('wallet_requestPermissions', [{ eth_accounts: {} }])).toBe(4001)
    yes = true
    await ask('eth_requestAccounts')
    yes = false
    const sent = wallet.facade.state.activity.length
    const calls = await run(['personal_sign', 'eth_sendTransaction'], parametersHere())
    expect(calls.map(({ methodName, error }) => [methodName, error?.code])).toEqual([
      ['personal_sign', 4001],
      ['eth_sendTransaction', 4001],
    ])
    const typed = { types: { A: [{ name: 'a', type: 'string' }] }, primaryType: 'A', domain: {}, message: { a: 'x' } }
    expect(await refusals('eth_signTypedData_v4', [ME, typed])).toBe(4001)
    expect(wallet.facade.state.activity).toHaveLength(sent)
  })

  it.each(Object.keys(NOT_APPLICABLE))('%s does not apply and says so', async (method) => {
    await expect(ask(method, [])).rejects.toMatchObject({ code: 4200 })
  })
})
