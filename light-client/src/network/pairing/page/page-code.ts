/**
 * The codes between a page and the phone whose wallet it wants to use. The page's may name a mailbox for the answer.
 * `docs/phone-sessions.md` has the layout.
 * @module
 */
import {
  codeReader,
  codeText,
  endpointBytes,
  InvalidPairingCode,
  numberBytes,
  ROLES,
  readEndpoint,
  readRole,
  textBytes,
} from '../code-text.ts'
import type { Endpoint, Role } from '../session-description.ts'

/** Where the phone may leave its answer. */
export interface Mailbox {
  /** Address of a bridge's mailboxes, as {@link mailboxAddress} gives it. */
  readonly bridge: string
  /** 16 random bytes that only the code holds: name and key of the box are made of them. */
  readonly secret: Uint8Array
}

export interface PageCode {
  readonly role: Role
  /** Seconds since the Unix epoch after which nobody waits behind it any more. */
  readonly expires: number
  /** Of an answer: the first 8 bytes of the offer's fingerprint. */
  readonly answers: Uint8Array | null
  readonly endpoint: Endpoint
  /** Of an offer; null: the answer is carried back by people. */
  readonly mailbox: Mailbox | null
}

const SECRET_BYTES = 16
const MOST_ADDRESS = 120

export function writePageCode({ role, expires, answers, endpoint, mailbox }: PageCode): string {
  const end = mailbox ? [...textBytes(mailbox.bridge), ...mailbox.secret] : [0]
  return codeText('page', [
    ROLES.indexOf(role),
    ...numberBytes(expires, 4),
    ...(answers ?? []),
    ...endpointBytes(endpoint),
    ...(role === 'offer' ? end : []),
  ])
}

/** White space and letter case do not matter. @throws {InvalidPairingCode} {@link OtherPurpose} */
export function readPageCode(text: string): PageCode {
  const reader = codeReader('page', text)
  const role = readRole(reader)
  const expires = reader.number(4)
  const answers = role === 'answer' ? reader.take(8) : null
  const endpoint = readEndpoint(reader)
  const named = role === 'offer' ? reader.text() : ''
  const bridge = named === '' ? null : mailboxAddress(named)
  if (named !== '' && bridge !== named) throw new InvalidPairingCode('it names no bridge that could take the answer')
  const mailbox = bridge === null ? null : { bridge, secret: reader.take(SECRET_BYTES) }
  reader.end()
  return { role, expires, answers, endpoint, mailbox }
}

/**
 * The address of a bridge's mailboxes in its one form: `https`, or `http` on this device, no query, no slash at the end.
 * Null for anything else.
 */
export function mailboxAddress(given: string): string | null {
  if (!URL.canParse(given)) return null
  const { protocol, hostname, origin, pathname, search, hash, username, password } = new URL(given)
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) return null
  if (`${search}${hash}${username}${password}` !== '') return null
  const address = `${origin}${pathname.replace(/\/+$/, '')}`
  return address.length <= MOST_ADDRESS ? address : null
}
