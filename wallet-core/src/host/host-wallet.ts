/**
 * The wallet in the trusted thread of a browser: a web worker behind the page, or the extension's worker. Keys,
 * verification and storage live here; peer connections do not, they come over `carrier` from a document.
 * @module
 */
import { createLightClient, InvalidInput, type LightClient } from '@glowworm/light-client'
import { forgetAccounts } from '@glowworm/light-client/application/kept-accounts'
import type { ContractLayer } from '@glowworm/light-client/contract/contract-layer'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { indexedDbStore } from '@glowworm/light-client/infrastructure/indexeddb-store'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import type { Channel } from '@glowworm/light-client/network/message-channel'
import { type CommandedPeers, commandPairing, commandPeers } from '@glowworm/light-client/network/peer-carriage'
import { readTurnAddress } from '@glowworm/light-client/network/turn-address'
import { PRODUCT } from '@glowworm/light-client/product'
import type { Engines } from '@glowworm/wasm-core'
import { argon2id } from '@glowworm/wasm-core/argon2id'
import { loadEngines } from '@glowworm/wasm-core/load-engines'
import type { RemotePhoneSession } from '../devices/phone/phone-carriage.ts'
import type { LoadBelongings } from '../facade/belongings.ts'
import { createWallet, type Wallet } from '../facade/create-wallet.ts'
import { networkOf } from '../facade/network.ts'
import type { LoadIdentity } from '../identity/holder/access.ts'
import { webAead, webImportCiphers, webRandom } from '../infrastructure/web-crypto.ts'
import type { Normalize } from '../intent/names/normalize.ts'
import type { LoadPhone, OpenChain } from '../ports.ts'
import type { Session } from '../session/session.ts'
import { writeSettings } from '../settings.ts'
import { operatorsOf } from './ask-operators.ts'
import { httpFaucet } from './http-faucet.ts'
import { type ProofMaker, proofMaker } from './proof-maker.ts'

/** `onReopen` tells that the document was lost; the one in its place has to be commanded anew. */
export type CarrierChannel = Channel & { onReopen?(handler: () => void): () => void }

export interface HostOptions {
  readonly profile: NetworkProfile
  /** To the document that carries peer connections (`carryPeers`). */
  readonly carrier: CarrierChannel
  readonly session: Session
  readonly attention?: () => void
  /** For workers that cannot load modules later. */
  readonly loadContractLayer?: () => Promise<ContractLayer>
  readonly loadNormalize?: () => Promise<Normalize>
  readonly loadNoble?: Parameters<typeof loadEngines>[1]
  /** `host/load-identity.ts`, where modules can be loaded later; without it there is no identity. */
  readonly loadIdentity?: LoadIdentity
  /** `host/load-belongings.ts`, or what it loads where nothing can be loaded later; without it there are no tokens. */
  readonly loadBelongings?: LoadBelongings
  /** `host/load-phone.ts`, where the wallet may serve pages on other screens. */
  readonly loadPhone?: LoadPhone
  /** Where a phone may sign for this wallet. */
  readonly phoneSigner?: RemotePhoneSession
}

const VAULT = `${PRODUCT.slug}-wallet`
const EVIDENCE = `${PRODUCT.slug}-evidence`

export async function hostWallet({
  profile,
  carrier,
  session,
  attention,
  loadContractLayer,
  loadNormalize,
  loadNoble,
  loadIdentity,
  loadBelongings,
  loadPhone,
  phoneSigner,
}: HostOptions): Promise<Wallet> {
  // Opened while the kernels load: a worker that was woken by a page is waited for.
  const store = indexedDbStore(VAULT)
  const engines = await loadEngines(undefined, loadNoble)
  const proofs = proofMaker(profile, engines)
  return createWallet({
    store,
    session,
    clock: platformClock,
    random: webRandom,
    engines,
    argon2id,
    aead: webAead,
    importCiphers: webImportCiphers,
    network: networkOf(profile),
    openChain: chainOpener(profile, engines, carrier, proofs, loadContractLayer),
    prove: proofs.prove,
    forgetEvidence: () => forgetAccounts(indexedDbStore(EVIDENCE), profile),
    askOperators: operatorsOf(profile, engines),
    pairing: commandPairing(carrier, profile),
    ...(loadIdentity ? { loadIdentity } : {}),
    ...(loadBelongings ? { loadBelongings } : {}),
    ...(loadPhone ? { loadPhone } : {}),
    ...(phoneSigner ? { phoneSigner } : {}),
    faucet: profile.faucet ? httpFaucet(profile.faucet, platformHttp) : null,
    ...(loadNormalize ? { loadNormalize } : {}),
    ...(attention ? { attention } : {}),
  })
}

/** Forgets which sources were chosen, e.g. because they belong to another network. For while no wallet runs. */
export const forgetSources = (): Promise<void> => writeSettings(indexedDbStore(VAULT), { sources: null })

/** Makes the light client out of the sources the user has chosen: HTTP nodes from here, peers by the document. */
function chainOpener(
  profile: NetworkProfile,
  engines: Engines,
  carrier: CarrierChannel,
  proofs: ProofMaker,
  loadContractLayer: HostOptions['loadContractLayer'],
): OpenChain {
  return ({ choices, checkpoint, maxAgeDays }) => {
    if (!checkpoint)
      throw new InvalidInput('checkpoint', 'none is known for this network', 'Paste a finalized block root you trust.')
    const addresses = (kind: string) => choices.filter((choice) => choice.kind === kind).map(({ address }) => address)
    let peers: CommandedPeers | null = null
    const nodes = [
      ...addresses('beacon').map((url) =>
        beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp }),
      ),
      ...addresses('execution').map((url) => executionRpcSource({ url, http: platformHttp })),
    ]
    const client = createLightClient({
      profile,
      engines,
      trust: { checkpoint, ...(maxAgeDays === undefined ? {} : { maxAgeDays }) },
      // The document holds the connections, and should not hold those of liars.
      onLie: ({ source }) => peers?.bar(source.id),
      ...(loadContractLayer ? { loadContractLayer } : {}),
      store: indexedDbStore(EVIDENCE),
      keepAccounts: true,
      sources: nodes,
    })
    proofs.follow(checkpoint, client, nodes)
    // Without bridges too: a device that was paired is a peer.
    const bridges = addresses('peer')
    const command = () =>
      commandPeers(
        carrier,
        { bridges, network: profile, turn: addresses('turn').flatMap((address) => readTurnAddress(address) ?? []) },
        {
          clock: platformClock,
          onSource(source) {
            client.addSource(source)
            proofs.add(source)
            // one that was caught in an earlier run, or before the document was lost
            const { id } = source.description
            if (client.sources.some(({ description, lie }) => lie !== null && description.id === id)) peers?.bar(id)
          },
          onSourceGone(id) {
            client.removeSource(id)
            proofs.remove(id)
          },
          validate: (kind, bytes) => client.offer(kind, bytes),
          served: client.served,
        },
      )
    peers = command()
    const unlisten = carrier.onReopen?.(() => {
      peers?.close()
      peers = command()
    })
    return closingWith(client, () => {
      unlisten?.()
      peers?.close()
    })
  }
}

/** The same client; its peers leave when it closes. */
function closingWith(client: LightClient, leave: () => void): LightClient {
  const { close } = client
  return Object.assign(client, {
    close() {
      leave()
      return close()
    },
  })
}
