/** The address book: pure changes to the records. */
import { WalletError } from '../errors.ts'
import type { ContactRecord, Records } from '../vault/content.ts'
import { looksLike } from './look-alike.ts'
import { knownAddresses } from './recipients.ts'

const MOST_CONTACTS = 1000

export const contactsOf = (records: Records): readonly ContactRecord[] => records.contacts ?? []

/** @throws {ContactExists} {@link LooksLikeKnown} {@link TooManyContacts} */
export function withContact(records: Records, contact: ContactRecord, despite: boolean): Records {
  const contacts = contactsOf(records)
  if (contacts.length >= MOST_CONTACTS) throw new TooManyContacts()
  const same = contacts.find(({ address, name }) => address === contact.address || sameName(name, contact.name))
  if (same) throw new ContactExists(same.name)
  const like = knownAddresses(records).find(({ address }) => looksLike(address, contact.address))
  if (like && !despite) throw new LooksLikeKnown(like.name ?? like.address)
  return { ...records, contacts: [...contacts, contact] }
}

/** @throws {UnknownContact} {@link ContactExists} */
export function withContactName(records: Records, id: string, name: string): Records {
  contactRecord(records, id)
  const same = contactsOf(records).find((contact) => contact.id !== id && sameName(contact.name, name))
  if (same) throw new ContactExists(same.name)
  const rename = (contact: ContactRecord) => (contact.id === id ? { ...contact, name } : contact)
  return { ...records, contacts: contactsOf(records).map(rename) }
}

/** @throws {UnknownContact} */
export function withoutContact(records: Records, id: string): Records {
  contactRecord(records, id)
  return { ...records, contacts: contactsOf(records).filter((contact) => contact.id !== id) }
}

function contactRecord(records: Records, id: string): ContactRecord {
  const found = contactsOf(records).find((contact) => contact.id === id)
  if (!found) throw new UnknownContact()
  return found
}

/** Two names that a glance does not tell apart are one. */
const sameName = (a: string, b: string): boolean => fold(a) === fold(b)
const fold = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()

export class ContactExists extends WalletError {
  constructor(name: string) {
    super(
      { name: 'Safety.ContactExists', code: 'CONTACT_EXISTS', kind: 'usage' },
      `This name or address is in the address book already, as “${name}”.`,
    )
  }
}

export class LooksLikeKnown extends WalletError {
  constructor(known: string) {
    super(
      { name: 'Safety.LooksLikeKnown', code: 'LOOKS_LIKE_KNOWN', kind: 'refused' },
      `This address begins and ends like that of ${known}, and is another one. Such addresses are made to deceive.`,
      { next: 'Compare every character with the one you were given in a way that nobody could change.' },
    )
  }
}

export class UnknownContact extends WalletError {
  constructor() {
    super({ name: 'Safety.UnknownContact', code: 'UNKNOWN_CONTACT', kind: 'usage' }, 'There is no such contact.')
  }
}

export class TooManyContacts extends WalletError {
  constructor() {
    super(
      { name: 'Safety.TooManyContacts', code: 'TOO_MANY_CONTACTS', kind: 'usage' },
      `The address book has ${MOST_CONTACTS} entries already.`,
      { next: 'Remove one first.' },
    )
  }
}
