/** The commands about identity: everything behind them is loaded with the first. @module */

import { ApprovalGone } from '../approvals/approvals.ts'
import { CommandFailed, WalletError } from '../errors.ts'
import { registryOf } from '../identity/did/registries.ts'
import type { Identity, LocalAccess } from '../identity/holder/access.ts'
import { holderKeys } from '../identity/holder/holder-keys.ts'
import { accountRecord } from '../sites/sites.ts'
import { Locked } from '../vault/errors.ts'
import type { Core } from './core.ts'
import type { IdentityCommands } from './identity.ts'
import { IDENTITY_COMMANDS } from './identity-command-names.ts'
import { NO_IDENTITY } from './identity-view.ts'

export function createIdentityCommands(core: Core): IdentityCommands {
  const { keyring, ports, transfers, approvals } = core
  let loading: Promise<Identity> | null = null

  const records = () => {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }

  const access: LocalAccess = {
    records: async () => records().identity ?? NO_IDENTITY,
    update: (change) => keyring.update((all) => ({ ...all, identity: change(all.identity ?? NO_IDENTITY) })),
    keys: holderKeys((use) => keyring.withSecrets(use)),
    checkPassword: (password) => keyring.checkPassword(password),
    client: () => core.connection.client(),
    async chain() {
      const { profile } = core.connection.client().chain
      return { chainId: profile.chainId, registry: registryOf(profile) }
    },
    addressOf: async (id) => accountRecord(records(), id).address,
    async propose(id, to, data, change) {
      const request = { to, value: 0n, data, proposed: null }
      const proposed = await transfers.propose(accountRecord(records(), id), request, null)
      core.proposedDidChange(proposed.id, change)
      return { id: proposed.id }
    },
    async siteQuestion(approvalId) {
      const { approval } = approvals.find(approvalId)
      if (approval.kind !== 'present') throw new ApprovalGone()
      const { revision, origin, nonce, purpose, query } = approval
      return { revision, origin, nonce, purpose, query: JSON.parse(query) as unknown }
    },
    answerSite: (approvalId, revision, vpToken) => approvals.approve(approvalId, revision, { vpToken }),
    refuseSite: async (approvalId, problem) => approvals.reject(approvalId, new CommandFailed(problem)),
    freshId: core.freshId,
    ...{ clock: ports.clock, random: ports.random, aead: ports.aead, keccak256: ports.engines.hashes.keccak256 },
  }

  function load(): Promise<Identity> {
    if (!ports.loadIdentity) throw new IdentityUnavailable()
    loading ??= ports.loadIdentity(access).then(
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
  return Object.fromEntries(IDENTITY_COMMANDS.map((name) => [name, command(name)])) as unknown as IdentityCommands
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
