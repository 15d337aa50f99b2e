/** The commands about identity: everything behind them is loaded with the first. @module */
import { WalletError } from '../errors.ts'
import type { Identity, IdentityAccess } from '../identity/holder/access.ts'
import { accountRecord } from '../sites/sites.ts'
import { Locked } from '../vault/errors.ts'
import type { Core } from './core.ts'
import type { IdentityCommands } from './identity.ts'
import { NO_IDENTITY } from './identity-view.ts'

const NAMES: readonly (keyof IdentityCommands)[] = [
  ...(['readExchange', 'acceptOffer', 'resumeOffer', 'present', 'dropExchange', 'credential'] as const),
  ...(['checkCredential', 'addCredential', 'removeCredential', 'removePresentations', 'exportIdentity'] as const),
  ...(['eraseIdentity', 'createDid', 'removeDid', 'resolveDid', 'prepareDidChange'] as const),
]

export function createIdentityCommands(core: Core): IdentityCommands {
  const { keyring, ports, transfers } = core
  let loading: Promise<Identity> | null = null

  const records = () => {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }

  const access: IdentityAccess = {
    records: () => records().identity ?? NO_IDENTITY,
    update: (change) => keyring.update((all) => ({ ...all, identity: change(all.identity ?? NO_IDENTITY) })),
    account: (id) => accountRecord(records(), id),
    withSecrets: (use) => keyring.withSecrets(use),
    checkPassword: (password) => keyring.checkPassword(password),
    client: () => core.connection.client(),
    freshId: core.freshId,
    async propose(account, to, data) {
      return transfers.propose(account, { to, value: 0n, data, proposed: null }, null)
    },
    ...{ clock: ports.clock, random: ports.random, aead: ports.aead, keccak256: ports.engines.hashes.keccak256 },
  }

  function load(): Promise<Identity> {
    if (!ports.loadIdentity) throw new IdentityUnavailable()
    loading ??= ports.loadIdentity(access, core.proposedDidChange).then(
      (identity) => {
        core.onLock(identity.clear)
        return identity
      },
      (error: unknown) => {
        loading = null // e.g. the network was away while the module was to be fetched
        throw error
      },
    )
    return loading
  }

  const command = (name: keyof IdentityCommands) => async (request: never) => {
    await keyring.touch()
    const run = (await load())[name] as (request: never) => Promise<unknown>
    return run(request)
  }
  return Object.fromEntries(NAMES.map((name) => [name, command(name)])) as unknown as IdentityCommands
}

/** This shell runs where modules cannot be loaded later. */
export class IdentityUnavailable extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.IdentityUnavailable', code: 'IDENTITY_UNAVAILABLE', kind: 'usage' },
      'Credentials are not available in this form of the wallet.',
      { next: 'Open the wallet as a page in the browser.' },
    )
  }
}
