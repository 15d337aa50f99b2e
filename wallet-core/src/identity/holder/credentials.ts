/** The credentials that are held: added, looked at, checked again, removed, exported, erased. @module */
import { WalletError } from '../../errors.ts'
import type { IdentityCommands } from '../../facade/identity.ts'
import { NO_IDENTITY } from '../../facade/identity-view.ts'
import { readSdJwt } from '../sd-jwt/read.ts'
import type { StatusPorts } from '../status/check-status.ts'
import { type Accepted, accept, checkBoundTo, refuseTakenBack } from './accept.ts'
import type { IdentityAccess } from './access.ts'
import { detailOf } from './claims.ts'
import { type CredentialRecord, type IdentityRecords, MOST_CREDENTIAL_BYTES, MOST_CREDENTIALS } from './records.ts'
import { documentDetail } from './show-document.ts'

export type CredentialCommands = Pick<
  IdentityCommands,
  | 'credential'
  | 'checkCredential'
  | 'addCredential'
  | 'removeCredential'
  | 'removePresentations'
  | 'exportIdentity'
  | 'eraseIdentity'
>

/** Milliseconds for asking everybody that has to be asked about one credential. */
export const PATIENCE = 60_000

export function createCredentials(access: IdentityAccess, ports: StatusPorts): CredentialCommands {
  return {
    async credential({ id }) {
      const record = recordOf(await access.records(), id)
      const { raw } = record.copies[0]!
      if (record.format === 'dc+sd-jwt') return detailOf(readSdJwt(raw))
      if (record.format === 'mso_mdoc') return (await import('./show-mdoc.ts')).mdocDetail(record.copies[0]!)
      return documentDetail(record.copies[0]!, access.clock.now())
    },
    async checkCredential({ id }) {
      const { copies } = recordOf(await access.records(), id)
      const { trust, status } = await accept(copies[0]!.raw, true, ports, AbortSignal.timeout(PATIENCE))
      await access.update((all) => changed(all, id, (one) => ({ ...one, trust, status: status ?? one.status })))
      refuseTakenBack(status)
    },
    async addCredential({ text }) {
      const accepted = await accept(textOf(text), true, ports, AbortSignal.timeout(PATIENCE))
      refuseTakenBack(accepted.status)
      // Nobody here has the key it may be bound to.
      checkBoundTo(accepted, null)
      const copies = [{ raw: accepted.raw, key: null, shownTo: null }]
      const [id] = await keep(access, [{ accepted, copies, name: null, issuedBy: null }])
      return { id: id! }
    },
    async removeCredential({ id }) {
      recordOf(await access.records(), id)
      await access.update((all) => ({ ...all, credentials: all.credentials.filter((one) => one.id !== id) }))
    },
    async removePresentations({ id }) {
      await access.update((all) => ({
        ...all,
        presentations: id === null ? [] : all.presentations.filter((one) => one.id !== id),
      }))
    },
    async exportIdentity({ password }) {
      try {
        await access.checkPassword(password)
        const { credentials, presentations, dids } = await access.records()
        const content = { version: 1, exportedAt: access.clock.now(), credentials, presentations, dids }
        const text = JSON.stringify(
          content,
          (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value),
          2,
        )
        return { file: new TextEncoder().encode(text) }
      } finally {
        password.fill(0)
      }
    },
    async eraseIdentity({ password }) {
      try {
        await access.checkPassword(password)
        await access.update(() => NO_IDENTITY)
      } finally {
        password.fill(0)
      }
    },
  }
}

export interface ToKeep extends Pick<CredentialRecord, 'name' | 'issuedBy' | 'copies'> {
  readonly accepted: Accepted
}

/** All of them or none. @returns their ids @throws {TooManyCredentials} */
export async function keep(access: IdentityAccess, received: readonly ToKeep[]): Promise<string[]> {
  const records = received.map(({ accepted, copies, name, issuedBy }): CredentialRecord => {
    const { format, type, issuer, validFrom, validUntil, trust, status } = accepted
    return {
      ...{ id: access.freshId(), format, type, issuer, validFrom, validUntil, trust, status, copies },
      ...{ addedAt: access.clock.now(), name, issuedBy },
    }
  })
  await access.update((all) => {
    const credentials = [...records.toReversed(), ...all.credentials]
    const bytes = credentials.flatMap((one) => one.copies).reduce((sum, { raw }) => sum + raw.length, 0)
    if (credentials.length > MOST_CREDENTIALS || bytes > MOST_CREDENTIAL_BYTES) throw new TooManyCredentials()
    return { ...all, credentials }
  })
  return records.map(({ id }) => id)
}

/** @throws {UnknownCredential} */
export function recordOf({ credentials }: IdentityRecords, id: string): CredentialRecord {
  const record = credentials.find((one) => one.id === id)
  if (!record) throw new UnknownCredential()
  return record
}

export function changed(
  all: IdentityRecords,
  id: string,
  change: (record: CredentialRecord) => CredentialRecord,
): IdentityRecords {
  return { ...all, credentials: all.credentials.map((one) => (one.id === id ? change(one) : one)) }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export class UnknownCredential extends WalletError {
  constructor() {
    super(
      { name: 'Identity.UnknownCredential', code: 'UNKNOWN_CREDENTIAL', kind: 'usage' },
      'There is no such credential in this wallet.',
    )
  }
}

export class TooManyCredentials extends WalletError {
  constructor() {
    super(
      { name: 'Identity.TooManyCredentials', code: 'TOO_MANY_CREDENTIALS', kind: 'usage' },
      `A wallet keeps at most ${MOST_CREDENTIALS} credentials, and ${MOST_CREDENTIAL_BYTES >> 20} MiB of them.`,
      { next: 'Remove some that you no longer need. Nothing was added.' },
    )
  }
}
