/** The façade's commands. Each checks what it was given, since it comes over a wire, and speaks in typed errors. */
import type { Hex } from '@glowworm/light-client'
import { parseAddress } from '../accounts/address.ts'
import { withEntry } from '../activity/activity.ts'
import { ApprovalGone } from '../approvals/approvals.ts'
import { WalletError, withProblem } from '../errors.ts'
import { readPolicy } from '../policy/policy.ts'
import { checkSources } from '../settings.ts'
import { checkSignature, InvalidSignatureText } from '../signing/check-signature.ts'
import { personalMessageDigest } from '../signing/personal-message.ts'
import { deviceRequest, NeedsNoDevice } from '../signing/sign-as.ts'
import { expiryOf, originOf } from '../sites/rule-input.ts'
import { accountRecord } from '../sites/sites.ts'
import { InvalidAmount } from '../transfer/errors.ts'
import { NotUnderWay } from '../transfer/replacement.ts'
import { Locked } from '../vault/errors.ts'
import { checkName, createAccountCommands } from './account-commands.ts'
import { createBelongingsCommands } from './belongings.ts'
import { CannotPair } from './cannot-pair.ts'
import { createCheckpointCommands } from './checkpoint-commands.ts'
import type { Core } from './core.ts'
import type { WalletFacade, WalletState } from './facade.ts'
import { createIdentityCommands } from './identity-commands.ts'
import { nameLeadingTo } from './name-leading-to.ts'
import { createPhoneCommands } from './phone.ts'
import { createPhoneSignerCommands } from './phone-signer.ts'
import { createSafetyCommands } from './safety-commands.ts'
import { networkKey } from './state.ts'
import { type Stop, unlessStopped } from './stopped.ts'
import { createVaultCommands } from './vault-commands.ts'

type Commands = Omit<WalletFacade, 'state' | 'subscribe'>

export function createCommands(core: Core): Commands {
  const { keyring, ports, approvals, transfers } = core
  const { keccak256 } = ports.engines.hashes
  const network = networkKey(ports.network)

  const records = () => {
    const now = keyring.records
    if (now === null) throw new Locked()
    return now
  }

  const pairing = () => {
    if (ports.pairing === null) throw new CannotPair()
    return ports.pairing
  }

  const commands: Commands = {
    ...createVaultCommands(core),
    ...createAccountCommands(core),
    ...createCheckpointCommands(core),
    ...createIdentityCommands(core),
    ...createBelongingsCommands(core),
    ...createSafetyCommands(core),
    ...createPhoneCommands(core),
    ...createPhoneSignerCommands(core),
    async putVaultBack() {
      await keyring.putBack()
      await core.keepSettings()
    },
    async erase() {
      approvals.rejectAll(new Locked())
      core.phone.loaded?.endAll()
      ports.phoneSigner?.end()
      await core.connection.close()
      await keyring.erase()
      await core.ports.forgetEvidence?.()
      await core.setSettings({ sources: null })
      await core.setPadding(false)
    },
    async chooseSources({ choices, checkpoint }) {
      const wanted = checkpoint === null ? null : (checkpoint.toLowerCase() as Hex)
      checkSources(choices, wanted)
      // The profile's own checkpoint is not the user's: it may move on with the profile.
      const own = wanted === ports.network.checkpoint ? null : wanted
      await core.setSettings({ sources: { choices, checkpoint: own } })
      await core.follow()
    },
    async lookUpName({ text }) {
      await keyring.touch()
      records()
      return core.lookUpName(textOf(text))
    },
    async prepareSend({ accountId, to, value, name }, stop) {
      await keyring.touch()
      const account = accountRecord(records(), accountId)
      if (typeof value !== 'bigint' || value < 0n || value >= 1n << 256n) throw new InvalidAmount()
      const recipient = parseAddress(to, keccak256)
      const toName = name === undefined ? null : await nameLeadingTo(core.lookUpName, textOf(name), recipient)
      const request = { to: recipient, value, data: '0x', proposed: null } as const
      const { id } = await transfers.propose(account, request, null, toName, stop)
      return { approvalId: id }
    },
    async prepareReplacement({ id, how }) {
      await keyring.touch()
      if (how !== 'speed-up' && how !== 'cancel') throw new NotUnderWay()
      return { approvalId: (await transfers.replace(id, how)).id }
    },
    async feeOptions({ id }) {
      const request = approvals.find(id)
      if (!request.feeOptions) throw new ApprovalGone()
      return request.feeOptions()
    },
    async setFees({ id, ...fees }) {
      await keyring.touch()
      await approvals.setFees(id, fees)
    },
    async deviceRequest({ id, revision }) {
      await keyring.touch()
      const { signable } = approvals.shown(id, revision)
      if (!signable) throw new NeedsNoDevice()
      const asked = signable()
      return deviceRequest({ engines: ports.engines, chainId: ports.network.chainId }, asked.account, asked.signable)
    },
    async checkSignature({ address, message, signature }, stop) {
      if (!(message instanceof Uint8Array)) throw new InvalidSignatureText('the message is not bytes')
      const who = parseAddress(String(address), keccak256)
      const digest = personalMessageDigest(message, keccak256)
      const question = { who, digest, signature }
      return unlessStopped(checkSignature(core.connection.client(), core.handles, ports.engines, question), stop)
    },
    async approve({ id, revision, accounts, freshAccount, answer }) {
      await keyring.touch()
      if (freshAccount !== undefined) checkName(freshAccount)
      await approvals.approve(id, revision, { accounts, freshAccount, answer })
    },
    async reject({ id }) {
      approvals.reject(id)
    },
    async resend({ id }) {
      await keyring.touch()
      await transfers.resend(id)
    },
    async requestFaucet({ accountId }) {
      await keyring.touch()
      const account = accountRecord(records(), accountId)
      if (ports.faucet === null) throw new NoFaucet(ports.network.name)
      const hash = (await ports.faucet(account.address)).toLowerCase() as Hex
      if (!/^0x[0-9a-f]{64}$/.test(hash)) throw new FaucetFailed('it did not name a transaction')
      await keyring.update((all) =>
        withEntry(all, network, {
          id: core.freshId(),
          accountId,
          kind: 'faucet',
          to: account.address,
          value: null,
          hash,
          at: ports.clock.now(),
          origin: null,
          state: 'sent',
          problem: null,
          request: null,
          signed: null,
        }),
      )
    },
    async disconnectSite({ origin }) {
      await keyring.touch()
      // A page on another screen is gone with its connection, even where the vault cannot be written.
      await core.disconnect(origin).finally(() => core.phone.loaded?.endSite(origin))
    },
    async setSiteRule({ origin, blocked, expiresAt, policy }) {
      await keyring.touch()
      await core.setSiteRule({
        origin: originOf(origin),
        blocked: blocked === true,
        expiresAt: expiryOf(expiresAt, ports.clock.now()),
        policy: policy === null || policy === undefined ? null : readPolicy(policy),
      })
    },
    async setAutoLock({ minutes }) {
      await keyring.touch()
      await keyring.setAutoLock(minutes)
    },
    pairOffer: async () => pairing().offer(),
    pairAnswer: async ({ code }) => pairing().answer(textOf(code)),
    pairAccept: async ({ code }) => ({ sourceId: await pairing().accept(textOf(code)) }),
    pairConnected: async () => ({ sourceId: await pairing().connected() }),
    async pairCancel() {
      pairing().cancel()
    },
    async setPadding({ on }) {
      await keyring.touch()
      await core.setPadding(on === true)
    },
    async refresh() {
      if (keyring.phase === 'unlocked') await keyring.touch()
      // A client that stalled recovers by itself; one that could not be opened has to be opened again.
      if (core.connection.pulse.state === 'stalled' && !core.connection.opened) await core.follow()
      await core.refresh()
    },
  }
  return commands
}

/** The commands as a façade: errors carry `problem`, whatever their origin. */
export function facadeOf(
  commands: Commands,
  watched: { readonly value: WalletState; subscribe(listener: (state: WalletState) => void): () => void },
): WalletFacade {
  const guarded = Object.fromEntries(
    Object.entries(commands).map(([name, command]: [string, (request: never, stop: Stop) => Promise<unknown>]) => [
      name,
      async (request: never, stop: Stop) => {
        try {
          return await command(request, stop)
        } catch (error) {
          throw withProblem(error)
        }
      },
    ]),
  ) as unknown as Commands
  return {
    ...guarded,
    get state() {
      return watched.value
    },
    subscribe: (listener) => watched.subscribe(listener),
  }
}

const textOf = (code: unknown): string => (typeof code === 'string' ? code : '')

export class NoFaucet extends WalletError {
  constructor(network: string) {
    super(
      { name: 'Wallet.NoFaucet', code: 'NO_FAUCET', kind: 'usage' },
      `There is no faucet for ${network}. Only test networks have one.`,
    )
  }
}

export class FaucetFailed extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Wallet.FaucetFailed', code: 'FAUCET_FAILED', kind: 'unreachable' },
      `The faucet gave nothing: ${reason}.`,
      { next: 'Try again later.' },
    )
  }
}
