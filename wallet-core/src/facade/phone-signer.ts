/** Accounts of a wallet on a phone: connecting it, and asking it for signatures. @module */
import type { Hex } from '@glowworm/light-client'
import { deviceOf } from '../accounts/account-kind.ts'
import { parseAddress } from '../accounts/address.ts'
import { DeviceRejected, PhoneAway, PhoneRefused, UnreadableAnswer } from '../devices/errors.ts'
import type { PhoneOutcome } from '../devices/phone/phone-session.ts'
import { MOST_ACCOUNTS, TooManyAccounts } from '../imports/read-import.ts'
import { deviceRequest, NeedsNoDevice } from '../signing/sign-as.ts'
import type { AccountRecord } from '../vault/content.ts'
import { Locked } from '../vault/errors.ts'
import { checkName } from './account-commands.ts'
import { CannotPair } from './cannot-pair.ts'
import type { Core } from './core.ts'
import type { PhoneSignerCommands } from './phone-values.ts'
import { goOnUnless, unlessStopped } from './stopped.ts'

/** EIP-1193: the person said no. */
const REJECTED = 4001

export function createPhoneSignerCommands({ keyring, ports, approvals, freshId, refresh }: Core): PhoneSignerCommands {
  const phone = () => {
    if (!ports.phoneSigner) throw new CannotPair()
    return ports.phoneSigner
  }
  const records = () => {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }
  const addressesIn = (result: unknown): Hex[] => {
    if (!Array.isArray(result) || result.length === 0) throw new UnreadableAnswer('it names no accounts')
    return [...new Set(result.map((address) => parseAddress(String(address), ports.engines.hashes.keccak256)))]
  }

  return {
    async phoneSignerOffer() {
      await keyring.touch()
      records()
      return phone().offer()
    },
    async phoneSignerAccept({ code, name }, stop) {
      await keyring.touch()
      checkName(name)
      await phone().accept(typeof code === 'string' ? code : '')
      const result = resultOf(await unlessStopped(phone().ask('eth_requestAccounts', []), stop))
      goOnUnless(stop)
      const given = addressesIn(result)
      const { accounts } = records()
      const fresh = given.filter((address) => !accounts.some((account) => account.address === address))
      if (accounts.length + fresh.length > MOST_ACCOUNTS) throw new TooManyAccounts()
      const added = fresh.map(
        (address, i): AccountRecord => ({
          id: `phone-${freshId()}`,
          name: fresh.length === 1 ? name.trim() : `${name.trim()} ${i + 1}`,
          key: { kind: 'phone' },
          address,
          publicKey: null,
          hidden: false,
          site: null,
        }),
      )
      // Those that were hidden come back instead of standing there twice.
      await keyring.update((all) => ({
        ...all,
        accounts: [
          ...all.accounts.map((one) =>
            one.key.kind === 'phone' && given.includes(one.address) ? { ...one, hidden: false } : one,
          ),
          ...added,
        ],
      }))
      void refresh()
      return { added: added.length }
    },
    async phoneSignerCancel() {
      ports.phoneSigner?.cancel()
    },
    async askPhone({ id, revision }, stop) {
      await keyring.touch()
      const { signable } = approvals.shown(id, revision)
      const asked = signable?.()
      if (!asked || deviceOf(asked.account.key) === null) throw new NeedsNoDevice()
      const where = { engines: ports.engines, chainId: ports.network.chainId }
      const request = deviceRequest(where, asked.account, asked.signable)
      if (request.device !== 'phone') throw new NeedsNoDevice()
      const outcome = await unlessStopped(phone().ask(request.method, request.params), stop)
      return { device: 'phone', result: resultOf(outcome) }
    },
  }
}

/** @throws {PhoneAway} {@link DeviceRejected} {@link PhoneRefused} */
function resultOf(outcome: PhoneOutcome): unknown {
  if ('away' in outcome) throw new PhoneAway()
  if ('result' in outcome) return outcome.result
  throw outcome.refused.code === REJECTED ? new DeviceRejected() : new PhoneRefused(outcome.refused.message)
}
