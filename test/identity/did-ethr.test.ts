/** did:ethr on a devnet with the registry of ERC-1056: against ethr-did-resolver, and against nodes that withhold. */
import { createRequire } from 'node:module'
import type { Hex } from '@glowworm/light-client'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { isVerified } from '@glowworm/light-client/ledgers/verified'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { parseDid } from '@glowworm/wallet-core/identity/did/did'
import { createDidEthr } from '@glowworm/wallet-core/identity/did/did-ethr'
import { type DidDocument, RELATIONSHIPS } from '@glowworm/wallet-core/identity/did/document'
import { REGISTRIES } from '@glowworm/wallet-core/identity/did/registries'
import { isProvenByLedger } from '@glowworm/wallet-core/identity/did/resolution'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { Resolver } from 'did-resolver'
import { encodeBytes32String, hexlify, Interface, toUtf8Bytes } from 'ethers'
import { deployments, getResolver } from 'ethr-did-resolver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientOf, engines, type Following, followDevnet } from '../calls/devnet-client.ts'

const artifact = createRequire(import.meta.url)(
  '../../node_modules/ethr-did-registry/artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json',
) as { abi: ConstructorParameters<typeof Interface>[0]; bytecode: Hex }
const abi = new Interface(artifact.abi)
const YEARS = 300_000_000n
const DELEGATES = [1, 2, 3].map((n) => `0x${String(n).repeat(40)}` as Hex)
const ED25519 = '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const SECP256K1 = hexlify(secp256k1.getPublicKey(new Uint8Array(32).fill(9)))
const signal = new AbortController().signal

let following: Following
let registry: Hex
let identity: Hex
let heir: Hex
/** Blocks after each step of the story. */
const versions: bigint[] = []

beforeAll(async () => {
  following = await followDevnet({ forks: { fulu: 0 }, pastPeriods: 1 })
  const { devnet } = following
  ;[identity, heir] = (await devnet.execution<[Hex, Hex]>('eth_accounts')) as [Hex, Hex]
  const [creation] = await mine([{ from: identity, data: artifact.bytecode }])
  registry = creation!
  const attribute = (name: string, value: string, validity: bigint) =>
    act('setAttribute', [identity, encodeBytes32String(name), value, validity])
  await act('addDelegate', [identity, encodeBytes32String('veriKey'), DELEGATES[0], YEARS])
  // Three changes in one block, one of them of another identity.
  await mine([
    {
      from: identity,
      to: registry,
      data: call('addDelegate', [identity, encodeBytes32String('sigAuth'), DELEGATES[1], YEARS]),
    },
    {
      from: heir,
      to: registry,
      data: call('addDelegate', [heir, encodeBytes32String('veriKey'), DELEGATES[2], YEARS]),
    },
    {
      from: identity,
      to: registry,
      data: call('setAttribute', [identity, encodeBytes32String('did/pub/Ed25519/veriKey/hex'), ED25519, YEARS]),
    },
  ])
  await attribute('did/pub/Secp256k1/sigAuth/hex', SECP256K1, YEARS)
  await attribute('did/pub/X25519/enc/hex', ED25519, YEARS)
  await attribute('did/svc/HubService', hexlify(toUtf8Bytes('https://hub.example')), YEARS)
  await attribute('did/svc/Json', hexlify(toUtf8Bytes('{"uri":"https://json.example"}')), YEARS)
  await attribute('nonsense', '0xff', YEARS)
  await act('addDelegate', [identity, encodeBytes32String('veriKey'), DELEGATES[2], 1n]) // expires at once
  await act('revokeDelegate', [identity, encodeBytes32String('veriKey'), DELEGATES[0]])
  await act('revokeAttribute', [
    identity,
    encodeBytes32String('did/svc/HubService'),
    hexlify(toUtf8Bytes('https://hub.example')),
  ])
  await act('changeOwner', [identity, heir])
  await act('addDelegate', [identity, encodeBytes32String('veriKey'), DELEGATES[0], YEARS], heir)
  await devnet.advance(2)
  await following.client.ready()
  await atHead()
})
afterAll(() => following?.close())

const call = (name: string, args: readonly unknown[]) => abi.encodeFunctionData(name, args) as Hex

async function act(name: string, args: readonly unknown[], from = identity): Promise<void> {
  await mine([{ from, to: registry, data: call(name, args) }])
}

/** All in one block. @returns addresses of created contracts */
async function mine(transactions: readonly { from: Hex; to?: Hex; data: Hex }[]): Promise<(Hex | null)[]> {
  const { devnet } = following
  const hashes: Hex[] = []
  for (const transaction of transactions)
    hashes.push(await devnet.execution<Hex>('eth_sendTransaction', { ...transaction, gas: '0x2dc6c0' }))
  await devnet.advance(1)
  const receipts = await Promise.all(
    hashes.map((hash) =>
      devnet.execution<{ status: Hex; blockNumber: Hex; contractAddress: Hex | null }>(
        'eth_getTransactionReceipt',
        hash,
      ),
    ),
  )
  if (receipts.some(({ status }) => status !== '0x1')) throw new Error('a transaction failed')
  versions.push(BigInt(receipts[0]!.blockNumber))
  return receipts.map(({ contractAddress }) => contractAddress)
}

/** Waits until the client has seen the newest block. */
async function atHead(): Promise<void> {
  const newest = versions.at(-1)!
  for (let turns = 0; turns < 500; turns++) {
    const { status } = following.client
    if (status.state === 'following' && status.head.optimistic.blockNumber > newest) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the client does not follow')
}

const resolverOn = (client = following.client, at = registry) => {
  const clock = { now: () => following.devnet.time() * 1000 }
  const registries = { [client.network.chainId]: at }
  const resolve = createDidEthr({ chain: () => client.chain, clock, keccak256: engines.hashes.keccak256, registries })
  return (did: string, options = {}) => resolve(parseDid(did), signal, { at: 'optimistic', ...options })
}
const didOf = (account: string) => `did:ethr:0x${following.client.network.chainId.toString(16)}:${account}`

async function oracle(did: string, version: bigint): Promise<DidDocument> {
  const { chainId } = following.client.network
  const networks = [{ name: 'devnet', chainId, rpcUrl: following.devnet.executionUrl, registry }]
  const { didDocument, didResolutionMetadata } = await new Resolver(getResolver({ networks })).resolve(
    `${did}?versionId=${version}`,
  )
  if (!didDocument) throw new Error(didResolutionMetadata.message as string)
  return didDocument as unknown as DidDocument
}

/** What both implementations must agree on; how keys are written down has changed since that version. */
function essence(document: DidDocument) {
  return {
    methods: document.verificationMethod.map(({ id, controller, blockchainAccountId }) => ({
      id,
      controller,
      blockchainAccountId,
    })),
    relationships: RELATIONSHIPS.map((name) => document[name] ?? []),
    service: document.service ?? [],
  }
}

test('every version is what ethr-did-resolver makes of it', async () => {
  const resolve = resolverOn()
  const asked = [...versions.map((version) => [identity, version] as const), [heir, versions.at(-1)!] as const]
  for (const [account, version] of asked) {
    const { value } = await resolve(didOf(account), { version })
    expect(essence(value), `${account} at ${version}`).toEqual(essence(await oracle(didOf(account), version)))
  }
})

test('the newest document is proven, complete, and says at which block', async () => {
  const { chain } = following.client
  const head = await chain.head('optimistic')
  const answer = await resolverOn()(didOf(identity))
  expect(isProvenByLedger(answer) && isVerified(answer.history)).toBe(true)
  expect(isVerified(answer)).toBe(false)
  expect(answer.history.anchor.hash).toBe(head.anchor.hash)
  expect(answer.history.value.events).toHaveLength(13)
  expect(answer.history.value.owner).toBe(heir)
  expect(answer.version).toBe(versions.at(-1))
  const method = answer.value.verificationMethod.find(({ type }) => type === 'EcdsaSecp256k1VerificationKey2019')!
  const point = secp256k1.Point.fromHex(SECP256K1.slice(2)).toBytes(false)
  expect(method.publicKeyJwk).toMatchObject({
    crv: 'secp256k1',
    x: Buffer.from(point.subarray(1, 33)).toString('base64url'),
  })
})

test('an identity without changes has the document of its address, or of its key', async () => {
  const nobody = `0x${'ab'.repeat(20)}`
  const { value, version, history } = await resolverOn()(didOf(nobody))
  expect(history.value.events).toEqual([])
  expect(version).toBeNull()
  expect(value.verificationMethod).toHaveLength(1)
  const key = didOf(SECP256K1)
  expect(essence((await resolverOn()(key)).value)).toEqual(essence(await oracle(key, versions.at(-1)!)))
})

test('the registries are those of ethr-did-resolver', () => {
  for (const [chainId, address] of Object.entries(REGISTRIES))
    expect(deployments.find((each) => Number(each.chainId) === Number(chainId))?.registry.toLowerCase()).toBe(address)
})

test('a registry that is none, and a chain that is another: refused', async () => {
  await expect(resolverOn(following.client, DELEGATES[0])(didOf(identity))).rejects.toMatchObject({
    code: 'NOT_A_DID_REGISTRY',
  })
  await expect(resolverOn()(`did:ethr:${identity}`)).rejects.toMatchObject({ code: 'UNSUPPORTED_DID' })
  await expect(resolverOn()(`did:ethr:sepolia:${identity}`)).rejects.toMatchObject({ code: 'UNSUPPORTED_DID' })
  await expect(resolverOn()(didOf(identity), { version: 10n ** 9n })).rejects.toMatchObject({ code: 'UNSUPPORTED_DID' })
})

test.each<[string, (receipt: Receipt) => Receipt]>([
  [
    'withholds a change',
    (receipt) => ({ ...receipt, logs: receipt.logs.filter(({ address }) => address !== registry) }),
  ],
  [
    'shortens the list',
    (receipt) => ({
      ...receipt,
      logs: receipt.logs.map((log) => ({ ...log, data: `${log.data.slice(0, -64)}${'0'.repeat(64)}` })),
    }),
  ],
  [
    'changes whose it is',
    (receipt) => ({
      ...receipt,
      logs: receipt.logs.map((log) => ({ ...log, topics: [...log.topics.slice(0, 1), `0x${'0'.repeat(63)}1`] })),
    }),
  ],
])('a node that %s is found out', async (_, lie) => {
  const http: Http = async (request) => {
    const answer = await platformHttp(request)
    if (!request.body?.includes('Receipt')) return answer
    const lied = JSON.stringify(JSON.parse(new TextDecoder().decode(answer.bytes)), (_, value) =>
      Array.isArray(value?.logs) ? lie(value) : value,
    )
    return { ...answer, bytes: new TextEncoder().encode(lied) }
  }
  const client = clientOf(following.devnet, [executionRpcSource({ url: following.devnet.executionUrl, http })])
  try {
    await client.ready()
    await expect(resolverOn(client)(didOf(identity))).rejects.toMatchObject({ code: 'INVALID_BLOCK_CONTENT' })
    expect(client.sources.some(({ lie }) => lie?.code === 'INVALID_BLOCK_CONTENT')).toBe(true)
  } finally {
    await client.close()
  }
})

test.each<[string, (logs: readonly { blockNumber: string }[]) => unknown]>([
  ['none', () => []],
  ['a few', (logs) => logs.slice(3, 5)],
  ['blocks without changes, and none at all', () => [{ blockNumber: '0x1' }, { blockNumber: '0xffffffff' }, null, 7]],
  ['nonsense', () => ({ blocks: 'all' })],
])('a node that names %s when asked where to look changes nothing', async (_, answerWith) => {
  const http: Http = async (request) => {
    const answer = await platformHttp(request)
    if (!request.body?.includes('eth_getLogs')) return answer
    const body = JSON.parse(new TextDecoder().decode(answer.bytes))
    return { ...answer, bytes: new TextEncoder().encode(JSON.stringify({ ...body, result: answerWith(body.result) })) }
  }
  const client = clientOf(following.devnet, [executionRpcSource({ url: following.devnet.executionUrl, http })])
  try {
    await client.ready()
    expect((await resolverOn(client)(didOf(identity))).value).toEqual((await resolverOn()(didOf(identity))).value)
  } finally {
    await client.close()
  }
})

// Last, because it cannot be undone.
test('an identifier that was given up has no methods left', async () => {
  await act('changeOwner', [identity, `0x${'00'.repeat(20)}`], heir)
  await following.devnet.advance(2)
  await atHead()
  const answer = await resolverOn()(didOf(identity))
  expect(answer.deactivated).toBe(true)
  expect(answer.value).toMatchObject({ verificationMethod: [], authentication: [], assertionMethod: [] })
  expect((await resolverOn()(didOf(identity), { version: versions.at(-2) })).deactivated).toBe(false)
})

interface Receipt {
  readonly logs: readonly { readonly address: string; readonly data: string; readonly topics: readonly string[] }[]
}
