/**
 * Sign-In with Ethereum (EIP-4361): the message's grammar, and the check that a site asks for a sign-in to itself.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { checksummed } from '../accounts/address.ts'
import { WalletError } from '../errors.ts'

export interface SignInMessage {
  readonly scheme: string | null
  readonly domain: string
  /** EIP-55 form, as written. */
  readonly address: string
  readonly statement: string | null
  readonly uri: string
  readonly version: '1'
  readonly chainId: number
  readonly nonce: string
  readonly issuedAt: string
  readonly expirationTime: string | null
  readonly notBefore: string | null
  readonly requestId: string | null
  readonly resources: readonly string[]
}

const OPENING = ' wants you to sign in with your Ethereum account:'

// RFC 3986: the characters of an authority and of a URI with a scheme.
const AUTHORITY = /^(?:[\w.~!$&'()*+,;=:%-]*@)?(?:\[[0-9a-fA-F:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::[0-9]+)?$/
const URI = /^[a-zA-Z][a-zA-Z0-9+.-]*:[\w.~!$&'()*+,;=:@/?#[\]%-]+$/
const STATEMENT = /^[\w.~:/?#[\]@!$&'()*+,;= -]+$/
const REQUEST_ID = /^[\w.~!$&'()*+,;=:@%-]*$/
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))$/

/** Who asks, and for what it may be signed. */
export interface Asker {
  /** Serialised origin of the asking page, e.g. `https://example.com`. */
  readonly origin: string
  readonly address: string
  readonly chainId: number
}

/** ms by which the clocks of a site and of this device may differ. */
const MOST_CLOCK_DIFFERENCE = 24 * 3_600_000

/** True for everything that a reader, or a careless server, could take for a sign-in message. */
export function looksLikeSignIn(text: string): boolean {
  return /wants\s+you\s+to\s+sign\s+in\s+with\s+your\s+ethereum\s+account/i.test(text)
}

/** Reads a message by the ABNF of EIP-4361. @throws {MalformedSignIn} naming the field. */
export function parseSignIn(text: string, keccak256: (data: Uint8Array) => Uint8Array): SignInMessage {
  const lines = text.split('\n')
  let at = 0
  const next = (what: string): string => {
    const line = lines[at++]
    if (line === undefined) throw new MalformedSignIn(what, 'the message ends early')
    return line
  }
  const empty = (what: string) => {
    if (next(what) !== '') throw new MalformedSignIn(what, 'expected an empty line')
  }
  const field = (label: string): string => {
    const line = next(label)
    if (!line.startsWith(`${label}: `)) throw new MalformedSignIn(label, `expected “${label}: ” in its place`)
    return line.slice(label.length + 2)
  }
  const optional = (label: string): string | null => (lines[at]?.startsWith(`${label}: `) ? field(label) : null)

  const opening = next('domain')
  if (!opening.endsWith(OPENING)) throw new MalformedSignIn('domain', `expected it before “${OPENING.trim()}”`)
  const whose = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/)?(.*)$/.exec(opening.slice(0, -OPENING.length))
  const domain = matching(AUTHORITY, whose?.[2] ?? '', 'domain', 'expected an RFC 3986 authority')
  const address = next('address')
  requireChecksum(address, keccak256)
  empty('statement')
  const statement = lines[at] === '' ? null : matching(STATEMENT, next('statement'), 'statement', 'expected one line')
  empty('statement')
  const uri = matching(URI, field('URI'), 'URI', 'expected an RFC 3986 URI')
  const version = field('Version')
  if (version !== '1') throw new MalformedSignIn('Version', `expected 1, got ${version.slice(0, 20)}`)
  const chainId = Number(matching(/^(0|[1-9][0-9]{0,14})$/, field('Chain ID'), 'Chain ID', 'expected a decimal number'))
  const nonce = matching(/^[a-zA-Z0-9]{8,}$/, field('Nonce'), 'Nonce', 'expected at least 8 letters and digits')
  const issuedAt = dateTime(field('Issued At'), 'Issued At')
  const expiration = optional('Expiration Time')
  const notBefore = optional('Not Before')
  const requestId = optional('Request ID')
  if (requestId !== null) matching(REQUEST_ID, requestId, 'Request ID', 'expected RFC 3986 path characters')
  const resources: string[] = []
  if (lines[at] === 'Resources:')
    for (at++; at < lines.length; at++)
      resources.push(
        matching(URI, /^- (.*)$/.exec(lines[at]!)?.[1] ?? '', 'Resources', 'expected “- ” and a URI a line'),
      )
  if (at !== lines.length) throw new MalformedSignIn('the end', `did not expect line ${at + 1}`)
  return {
    scheme: whose?.[1] ?? null,
    domain,
    address,
    statement,
    uri,
    version,
    chainId,
    nonce,
    issuedAt,
    expirationTime: expiration === null ? null : dateTime(expiration, 'Expiration Time'),
    notBefore: notBefore === null ? null : dateTime(notBefore, 'Not Before'),
    requestId,
    resources,
  }
}

/**
 * A sign-in may be signed only for the site that asks, by the account it names, for the chain the wallet is on, within
 * its time.
 * @throws {ForeignSignIn} {@link SignInForOtherAccount} {@link SignInForOtherChain} {@link SignInOutOfTime}
 */
export function checkSignIn(message: SignInMessage, asker: Asker, now: number): void {
  const { origin, address, chainId } = asker
  const { protocol, host } = new URL(origin)
  const scheme = protocol.slice(0, -1)
  const port = scheme === 'https' ? '443' : scheme === 'http' ? '80' : ''
  // `host` leaves a default port out; the message may write it.
  const domain =
    new URL(origin).port === '' && message.domain.endsWith(`:${port}`)
      ? message.domain.slice(0, -port.length - 1)
      : message.domain
  if (domain.toLowerCase() !== host) throw new ForeignSignIn(message.domain, host)
  if (message.scheme !== null && message.scheme.toLowerCase() !== scheme)
    throw new ForeignSignIn(`${message.scheme}://${message.domain}`, origin)
  if (message.address.toLowerCase() !== address.toLowerCase()) throw new SignInForOtherAccount(message.address)
  if (message.chainId !== chainId) throw new SignInForOtherChain(message.chainId, chainId)
  if (message.expirationTime !== null && Date.parse(message.expirationTime) <= now)
    throw new SignInOutOfTime(`it expired at ${message.expirationTime}`)
  if (message.notBefore !== null && Date.parse(message.notBefore) > now)
    throw new SignInOutOfTime(`it is not valid before ${message.notBefore}`)
  if (Date.parse(message.issuedAt) > now + MOST_CLOCK_DIFFERENCE)
    throw new SignInOutOfTime(`it says it was issued at ${message.issuedAt}, which is yet to come`)
}

function matching(pattern: RegExp, text: string, what: string, expected: string): string {
  if (!pattern.test(text)) throw new MalformedSignIn(what, expected)
  return text
}

/** RFC 3339, on a day that exists. */
function dateTime(text: string, what: string): string {
  const [, year, month, day, hour, minute, second, offsetHour, offsetMinute] = (DATE_TIME.exec(text) ?? []).map(Number)
  if (year === undefined || month === undefined || day === undefined)
    throw new MalformedSignIn(what, 'expected an RFC 3339 date and time')
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const fits = month >= 1 && month <= 12 && day >= 1 && day <= days && hour! <= 23 && minute! <= 59 && second! <= 60
  if (!fits || (offsetHour! > 23 && !Number.isNaN(offsetHour)) || (offsetMinute! > 59 && !Number.isNaN(offsetMinute)))
    throw new MalformedSignIn(what, 'there is no such time')
  return text
}

/** Only the EIP-55 form itself will do; the grammar knows no other. */
function requireChecksum(address: string, keccak256: (data: Uint8Array) => Uint8Array): void {
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) throw new MalformedSignIn('address', 'expected 0x and 40 hex digits')
  if (checksummed(address.toLowerCase() as Hex, keccak256) !== address)
    throw new MalformedSignIn('address', 'expected the EIP-55 form')
}

/** The message looks like a sign-in but is not one by EIP-4361. It is refused: some server might accept it. */
export class MalformedSignIn extends WalletError {
  constructor(field: string, reason: string, cause?: unknown) {
    super(
      { name: 'Signing.MalformedSignIn', code: 'MALFORMED_SIGN_IN', kind: 'refused' },
      `The sign-in message is malformed at “${field}”: ${reason}.`,
      { cause, next: 'Do not sign in here. The site must send a correct EIP-4361 message.' },
    )
  }
}

/** A site asks for a sign-in to another site: the classic theft of a session. */
export class ForeignSignIn extends WalletError {
  constructor(domain: string, host: string) {
    super(
      { name: 'Signing.ForeignSignIn', code: 'FOREIGN_SIGN_IN', kind: 'refused' },
      `${host} asks you to sign in to ${domain.slice(0, 255)}. That was refused.`,
      { next: 'Leave this site: it may be trying to sign in as you elsewhere.' },
    )
  }
}

export class SignInForOtherAccount extends WalletError {
  constructor(address: string) {
    super(
      { name: 'Signing.SignInForOtherAccount', code: 'SIGN_IN_FOR_OTHER_ACCOUNT', kind: 'refused' },
      `The sign-in message is for ${address}, not for the account that should sign it.`,
      { next: 'Select that account, or start the sign-in again.' },
    )
  }
}

/** A contract account is looked up on the chain of the message, so that a sign-in for another chain is another account's. */
export class SignInForOtherChain extends WalletError {
  constructor(chain: number, own: number) {
    super(
      { name: 'Signing.SignInForOtherChain', code: 'SIGN_IN_FOR_OTHER_CHAIN', kind: 'refused' },
      `The sign-in message is for chain ${chain}; this wallet is on chain ${own}.`,
      { next: 'Choose this chain on the site, and start the sign-in again.' },
    )
  }
}

export class SignInOutOfTime extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Signing.SignInOutOfTime', code: 'SIGN_IN_OUT_OF_TIME', kind: 'refused' },
      `The sign-in message cannot be used now: ${reason}.`,
      { next: 'Start the sign-in again, and check the clock of this device.' },
    )
  }
}
