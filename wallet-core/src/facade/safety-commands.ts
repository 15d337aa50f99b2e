/** The commands of the address book and of spending limits. */
import { checksummed, parseAddress } from '../accounts/address.ts'
import { readPolicy } from '../policy/policy.ts'
import { withContact, withContactName, withoutContact } from '../safety/contacts.ts'
import { recipientView } from '../safety/recipients.ts'
import { Locked } from '../vault/errors.ts'
import { checkName } from './account-commands.ts'
import type { Core } from './core.ts'
import type { SafetyCommands } from './safety-values.ts'
import { networkKey } from './state.ts'

/** As policies are written: amounts as text. What is no list stays, and is refused by its reader. */
function asWritten(limits: unknown): unknown {
  if (!Array.isArray(limits)) return limits
  return limits.map((limit: { most?: unknown } | null) => ({ ...limit, most: String(limit?.most) }))
}

export function createSafetyCommands({ keyring, ports, freshId, approvals }: Core): SafetyCommands {
  const { keccak256 } = ports.engines.hashes
  return {
    async addContact({ name, address, despite }) {
      await keyring.touch()
      checkName(name)
      const contact = {
        id: freshId(),
        name: name.trim(),
        address: parseAddress(String(address), keccak256),
        addedAt: ports.clock.now(),
      }
      await keyring.update((all) => withContact(all, contact, despite === true))
    },
    async renameContact({ id, name }) {
      await keyring.touch()
      checkName(name)
      await keyring.update((all) => withContactName(all, id, name.trim()))
    },
    async removeContact({ id }) {
      await keyring.touch()
      await keyring.update((all) => withoutContact(all, id))
    },
    async lookAtRecipient({ address }) {
      const { records } = keyring
      if (records === null) throw new Locked()
      const who = parseAddress(String(address), keccak256)
      return recipientView(records, networkKey(ports.network), who, (one) => checksummed(one, keccak256))
    },
    async setSpendingLimits({ limits, password }) {
      await keyring.touch()
      const read = readPolicy({ version: 1, limits: asWritten(limits) }).limits ?? []
      await keyring.checkPassword(password)
      await keyring.update((all) => ({ ...all, spendingLimits: read }))
      await approvals.renewAll()
    },
  }
}
