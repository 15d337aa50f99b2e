/** Changes to a did:ethr as the wallet signs them: their encoding against ethers, what they do against ethr-did-resolver. */
import { createRequire } from 'node:module'
import type { Hex } from '@glowworm/light-client'
import type { WalletFacade } from '@glowworm/wallet-core/facade/facade'
import type { DidChange } from '@glowworm/wallet-core/facade/identity'
import { decodeChange, encodeChange } from '@glowworm/wallet-core/identity/did/did-ethr-writing'
import type { DidDocument } from '@glowworm/wallet-core/identity/did/document'
import { Resolver } from 'did-resolver'
import { encodeBytes32String, hexlify, Interface } from 'ethers'
import { getResolver } from 'ethr-did-resolver'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type Following } from '../calls/devnet-client.ts'
import { credentialWallet, followWithIdentity } from './credential-wallet.ts'

const artifact = createRequire(import.meta.url)(
  '../../node_modules/ethr-did-registry/artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json',
) as { abi: ConstructorParameters<typeof Interface>[0] }
const abi = new Interface(artifact.abi)
const { keccak256 } = engines.hashes
const NOBODY = `0x${'00'.repeat(20)}` as Hex
const DELEGATE = `0x${'22'.repeat(20)}` as Hex

const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => hexlify(bytes) as Hex)
  .filter((one) => one !== NOBODY)
const use = fc.constantFrom('veriKey' as const, 'sigAuth' as const)
const name = fc.constantFrom('did/pub/Secp256k1/veriKey/hex', 'did/svc/Hub', 'did/pub/Ed25519/sigAuth')
const value = fc.uint8Array({ minLength: 1, maxLength: 200 })
const validity = fc.integer({ min: 1, max: 3_000_000_000 })
const change: fc.Arbitrary<DidChange> = fc.oneof(
  fc.record({ kind: fc.constant('change-owner' as const), owner: address }),
  fc.record({ kind: fc.constant('add-delegate' as const), use, delegate: address, validity }),
  fc.record({ kind: fc.constant('revoke-delegate' as const), use, delegate: address }),
  fc.record({ kind: fc.constant('set-attribute' as const), name, value, validity }),
  fc.record({ kind: fc.constant('revoke-attribute' as const), name, value }),
  fc.constant({ kind: 'deactivate' as const }),
)

function withEthers(identity: Hex, one: DidChange): string {
  switch (one.kind) {
    case 'deactivate':
      return abi.encodeFunctionData('changeOwner', [identity, NOBODY])
    case 'change-owner':
      return abi.encodeFunctionData('changeOwner', [identity, one.owner])
    case 'add-delegate':
      return abi.encodeFunctionData('addDelegate', [identity, encodeBytes32String(one.use), one.delegate, one.validity])
    case 'revoke-delegate':
      return abi.encodeFunctionData('revokeDelegate', [identity, encodeBytes32String(one.use), one.delegate])
    case 'set-attribute':
      return abi.encodeFunctionData('setAttribute', [identity, encodeBytes32String(one.name), one.value, one.validity])
    case 'revoke-attribute':
      return abi.encodeFunctionData('revokeAttribute', [identity, encodeBytes32String(one.name), one.value])
  }
}

describe('a change', () => {
  test('is encoded as ethers does, and read back as what it was', () => {
    fc.assert(
      fc.property(address, change, (identity, one) => {
        const data = encodeChange(identity, one, keccak256)
        expect(data).toBe(withEthers(identity, one))
        expect(decodeChange(data, keccak256)).toEqual({ identity, change: one })
      }),
    )
  })

  test('with a byte more, less or other is not read as one, or as another one', () => {
    fc.assert(
      fc.property(address, change, fc.nat(), fc.constantFrom(...'0123456789abcdef'), (identity, one, at, digit) => {
        const data = encodeChange(identity, one, keccak256)
        expect(decodeChange(`${data}00`, keccak256)).toBeNull()
        const place = 2 + (at % (data.length - 2))
        const other = `${data.slice(0, place)}${digit}${data.slice(place + 1)}` as Hex
        const read = decodeChange(other, keccak256)
        if (read) expect(encodeChange(read.identity, read.change, keccak256)).toBe(other)
      }),
    )
  })

  test('that no resolver would understand is refused, naming what is wrong', () => {
    const refused = (one: DidChange, argument: string) =>
      expect(() => encodeChange(DELEGATE, one, keccak256)).toThrow(
        expect.objectContaining({ code: 'INVALID_DID_CHANGE', message: expect.stringContaining(`${argument}:`) }),
      )
    refused({ kind: 'change-owner', owner: NOBODY }, 'owner')
    refused({ kind: 'change-owner', owner: '0x12' }, 'owner')
    refused({ kind: 'add-delegate', use: 'enc' as 'sigAuth', delegate: DELEGATE, validity: 1 }, 'use')
    refused({ kind: 'add-delegate', use: 'sigAuth', delegate: DELEGATE }, 'validity')
    refused({ kind: 'add-delegate', use: 'sigAuth', delegate: DELEGATE, validity: 0.5 }, 'validity')
    refused({ kind: 'set-attribute', name: 'shoe/size', value: Uint8Array.of(1), validity: 1 }, 'name')
    refused({ kind: 'set-attribute', name: `did/pub/${'x'.repeat(40)}`, value: Uint8Array.of(1), validity: 1 }, 'name')
    refused({ kind: 'set-attribute', name: 'did/svc/Hub', value: new Uint8Array(), validity: 1 }, 'value')
  })
})

describe('on a devnet', () => {
  let following: Following
  let facade: WalletFacade
  beforeAll(async () => {
    following = await followWithIdentity()
    facade = await credentialWallet(following, following.client)
  })
  afterAll(() => following?.close())

  const account = () => facade.state.accounts[0]!
  const did = () => `did:ethr:0x${following.client.network.chainId.toString(16)}:${account().address}`

  /** Signed as any transaction of the wallet is. */
  async function make(one: DidChange): Promise<void> {
    const { approvalId } = await facade.prepareDidChange({ accountId: account().id, change: one })
    expect(facade.state.identity.didChanges[approvalId]).toEqual(one)
    const approval = facade.state.approvals.find(({ id }) => id === approvalId)
    if (approval?.kind !== 'send-transaction') throw new Error('nothing waits for approval')
    expect(approval.blocked).toBeNull()
    expect(approval.to).toBe(following.devnet.profile.didRegistry)
    await facade.approve({ id: approvalId, revision: approval.revision })
    await sent()
    await following.devnet.advance(2)
    await atHead()
  }

  async function sent(): Promise<void> {
    for (let turns = 0; turns < 300; turns++) {
      if (facade.state.activity[0]?.state === 'sent') return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`not sent: ${JSON.stringify(facade.state.activity[0]?.problem)}`)
  }

  async function atHead(): Promise<void> {
    const number = BigInt(await following.devnet.execution<string>('eth_blockNumber'))
    for (let turns = 0; turns < 500; turns++) {
      const { status } = following.client
      if (status.state === 'following' && status.head.optimistic.blockNumber >= number - 1n) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error('the client does not follow')
  }

  async function both(): Promise<{ ours: DidDocument; theirs: DidDocument; deactivated: boolean }> {
    const { chainId } = following.client.network
    const registry = following.devnet.profile.didRegistry!
    const networks = [{ name: 'devnet', chainId, rpcUrl: following.devnet.executionUrl, registry }]
    const { didDocument } = await new Resolver(getResolver({ networks })).resolve(did())
    const { document, deactivated, trust } = await facade.resolveDid({ did: did() })
    expect(trust).toMatchObject({ kind: 'proven' })
    return { ours: JSON.parse(document), theirs: didDocument as unknown as DidDocument, deactivated }
  }
  const methods = ({ verificationMethod }: DidDocument) => verificationMethod.map(({ id }) => id.split('#')[1])

  test('delegates and attributes come and go, an owner changes, as ethr-did-resolver sees it', async () => {
    const delegate = { use: 'veriKey', delegate: DELEGATE } as const
    await make({ kind: 'add-delegate', ...delegate, validity: 86_400 })
    let documents = await both()
    expect(methods(documents.ours)).toEqual(['controller', 'delegate-1'])
    expect(methods(documents.ours)).toEqual(methods(documents.theirs))

    await make({ kind: 'revoke-delegate', ...delegate })
    const hub = { name: 'did/svc/Hub', value: new TextEncoder().encode('https://hub.example') }
    await make({ kind: 'set-attribute', ...hub, validity: 86_400 })
    documents = await both()
    expect(methods(documents.ours)).toEqual(['controller'])
    expect(documents.ours.service).toEqual(documents.theirs.service)
    expect(documents.ours.service).toHaveLength(1)

    await make({ kind: 'revoke-attribute', ...hub })
    await make({ kind: 'deactivate' })
    documents = await both()
    expect(documents.deactivated).toBe(true)
    expect(documents.ours.verificationMethod).toEqual([])
  })

  test('names are made for one party each, and made again by the phrase alone', async () => {
    const party = 'https://forum.example'
    const first = await facade.createDid({ method: 'key', party })
    const second = await facade.createDid({ method: 'key', party })
    const other = await facade.createDid({ method: 'jwk', party: 'https://other.example' })
    expect(new Set([first.did, second.did, other.did]).size).toBe(3)
    await facade.removeDid({ did: first.did })
    const third = await facade.createDid({ method: 'key', party })
    expect([first.did, second.did]).not.toContain(third.did)
    await facade.removeDid({ did: third.did })
    for (const { did: one } of [first, second, other]) {
      const { trust } = await facade.resolveDid({ did: one })
      expect(trust.kind).toBe('self-certified')
      await facade.removeDid({ did: one })
    }
    expect(facade.state.identity.dids).toEqual([])
    expect((await facade.createDid({ method: 'key', party })).did).toBe(first.did)
    await expect(facade.createDid({ method: 'key', party: ' ' })).rejects.toMatchObject({
      problem: { code: 'INVALID_PARTY' },
    })
  })
})
