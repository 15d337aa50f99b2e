/** The log as a file with a signed head, and what such a file of earlier says about the log of now. */
import { type Hex, PRODUCT } from '@glowworm/light-client'
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { addressOf } from '../../accounts/address.ts'
import { WalletError } from '../../errors.ts'
import type { LogComparison } from '../../facade/log-values.ts'
import { personalMessageDigest } from '../../signing/personal-message.ts'
import { entryHash, headOf, type Log, type LogEntry, type LogHead } from './log.ts'

const FORMAT = `${PRODUCT.slug}.log.1`

/** What is signed, as `personal_sign` does (EIP-191): anybody can check it, and it is no transaction. */
export function headMessage({ n, hash }: LogHead, at: number): Uint8Array {
  const text = `${PRODUCT.name} activity log\nEntries: ${n}\nHead: ${hash}\nAt: ${new Date(at).toISOString()}`
  return new TextEncoder().encode(text)
}

/** @param signed r ‖ s ‖ parity over {@link headMessage}; null: no key of this account is here */
export function logFile(log: Log, at: number, account: Hex, signed: Uint8Array | null): Uint8Array {
  const head = { ...headOf(log), at, account, signature: signed && toHex(signed) }
  const { n, hash } = head
  return new TextEncoder().encode(
    JSON.stringify({ format: FORMAT, ...log, head: { n, hash, at, account, signature: head.signature } }, null, 1),
  )
}

/** @throws {InvalidLogFile} when its chain or its signature does not hold */
export function compareLog(file: Uint8Array, log: Log, engines: Engines): LogComparison {
  const { start, entries, head } = parse(file)
  const { sha256, keccak256 } = engines.hashes
  let last: LogHead = start
  for (const { n, at, event, hash } of entries) {
    if (n !== last.n + 1 || entryHash(last, n, at, event, sha256) !== hash)
      throw new InvalidLogFile(`entry ${String(n).slice(0, 20)} does not follow from the one before`)
    last = { n, hash }
  }
  if (head.n !== last.n || head.hash !== last.hash) throw new InvalidLogFile('its head is not that of its last entry')
  let signedBy: Hex | null = null
  if (head.signature !== null)
    try {
      const digest = personalMessageDigest(headMessage(head, head.at), keccak256)
      signedBy = addressOf(engines.secp256k1.recover(fromHex(head.signature, 'signature', 65), digest), keccak256)
    } catch {
      throw new InvalidLogFile('its signature cannot be read')
    }
  if (signedBy !== null && signedBy !== head.account) throw new InvalidLogFile('its signature is another account’s')
  return { entries: head.n, at: head.at, signedBy, found: standing(head, log) }
}

function standing({ n, hash }: LogHead, log: Log): LogComparison['found'] {
  if (n > headOf(log).n) return 'missing'
  if (n < log.start.n) return 'older'
  const mine = n === log.start.n ? log.start : log.entries[n - log.start.n - 1]
  return mine?.hash === hash ? 'contained' : 'different'
}

interface LogFile extends Log {
  readonly head: LogHead & { readonly at: number; readonly account: Hex; readonly signature: Hex | null }
}

function parse(file: Uint8Array): LogFile {
  let json: LogFile & { format?: unknown }
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file))
  } catch {
    throw new InvalidLogFile('it is no log')
  }
  const isHead = (value: LogHead | undefined) => Number.isSafeInteger(value?.n) && HASH.test(String(value?.hash))
  const isEntry = ({ at, event, ...head }: LogEntry) =>
    isHead(head as LogHead) && Number.isSafeInteger(at) && Array.isArray(event)
  const ok =
    json?.format === FORMAT &&
    isHead(json.start) &&
    isHead(json.head) &&
    Number.isSafeInteger(json.head.at) &&
    Array.isArray(json.entries) &&
    json.entries.every((entry) => typeof entry === 'object' && entry !== null && isEntry(entry))
  if (!ok || Math.abs(json.head.at) > 8.64e15) throw new InvalidLogFile('it is no log of this wallet')
  return json
}

const HASH = /^0x[0-9a-f]{64}$/

export class InvalidLogFile extends WalletError {
  constructor(why: string) {
    super(
      { name: 'Activity.InvalidLogFile', code: 'INVALID_LOG_FILE', kind: 'usage' },
      `This file does not hold: ${why}.`,
    )
  }
}
