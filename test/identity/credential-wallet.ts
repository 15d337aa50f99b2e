/** A wallet that follows a devnet with an issuer and a verifier in it. */
import type { LightClient } from '@glowworm/light-client'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Clock, Http } from '@glowworm/light-client/infrastructure/ports'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import type { Wallet } from '@glowworm/wallet-core'
import type { WalletFacade } from '@glowworm/wallet-core/facade/facade'
import type { LoadIdentity } from '@glowworm/wallet-core/identity/holder/access'
import { createLocalIdentity } from '@glowworm/wallet-core/identity/holder/identity'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { CHOICES, PASSWORD, PHRASE, phraseImport, testWallet, utf8 } from '../../wallet-core/test/wallet.ts'
import { type Following, followDevnet } from '../calls/devnet-client.ts'

export { executionRpcSource, PASSWORD, utf8 }

export const followWithIdentity = (): Promise<Following> =>
  followDevnet({ forks: { fulu: 0 }, pastPeriods: 1, identity: true })

/** @param http what the wallet asks issuers and verifiers through */
export async function credentialWallet(
  following: Following,
  client: LightClient,
  http: Http = platformHttp,
): Promise<WalletFacade> {
  const local: LoadIdentity = async (access) => createLocalIdentity(access, { http, loadGroups: loadBls12381Groups })
  return (await walletWith(following, client, local)).facade
}

export async function walletWith(
  { devnet }: Following,
  client: LightClient,
  loadIdentity: LoadIdentity,
): Promise<Wallet> {
  const { wallet } = await testWallet({
    clock: clockOf(devnet),
    network: { name: 'devnet', chainId: 1337, identity: '1337', symbol: 'ETH', checkpoint: null, choices: CHOICES },
    openChain: () => client,
    loadIdentity,
  })
  await wallet.facade.importWallet({ password: utf8(PASSWORD), from: phraseImport(PHRASE) })
  await wallet.facade.chooseSources({ choices: CHOICES, checkpoint: null })
  await client.ready()
  return wallet
}

/** The devnet's time, which passes when it is told to. */
export const clockOf = (devnet: Following['devnet']): Clock => ({
  now: () => devnet.time() * 1000,
  sleep: (_, signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
})
