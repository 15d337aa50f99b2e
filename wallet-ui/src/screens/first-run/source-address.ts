/** Is this the address of a source? Shape only: whether it answers is seen after the choice, never before. */
import { readTurnAddress } from '@glowworm/light-client/network/turn-address'
import type { SourceChoice } from '@glowworm/wallet-core/facade/facade'

export type SourceProblem = 'empty' | 'url' | 'credentials' | 'insecure' | 'multiaddr' | 'turn' | 'duplicate'

export type CheckedSource =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly problem: SourceProblem }

export function checkSource(
  kind: SourceChoice['kind'],
  text: string,
  existing: readonly Pick<SourceChoice, 'kind' | 'address'>[],
): CheckedSource {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: false, problem: 'empty' }
  const checked = kind === 'peer' ? checkMultiaddr(trimmed) : kind === 'turn' ? checkTurn(trimmed) : checkUrl(trimmed)
  if (checked.ok && existing.some((source) => source.kind === kind && source.address === checked.address))
    return { ok: false, problem: 'duplicate' }
  return checked
}

/** A server's address as typed: https, or plain http on this device. */
export function checkWebAddress(text: string): CheckedSource {
  const trimmed = text.trim()
  return trimmed === '' ? { ok: false, problem: 'empty' } : checkUrl(trimmed)
}

function checkUrl(text: string): CheckedSource {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return { ok: false, problem: 'url' }
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return { ok: false, problem: 'credentials' }
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && !local) return { ok: false, problem: 'insecure' }
  url.hash = ''
  return { ok: true, address: url.pathname === '/' && url.search === '' ? url.origin : url.href }
}

/** `/transport/value…/p2p/identity`, identities in base58 (12D3…, Qm…, 16Uiu2…) or as a CID. */
function checkMultiaddr(text: string): CheckedSource {
  return /^(\/[\w.:%+=~-]+)+\/p2p\/[1-9A-HJ-NP-Za-z]{40,}$/.test(text)
    ? { ok: true, address: text }
    : { ok: false, problem: 'multiaddr' }
}

function checkTurn(text: string): CheckedSource {
  return readTurnAddress(text) ? { ok: true, address: text } : { ok: false, problem: 'turn' }
}

/** A starting checkpoint as pasted: block root in 0x-hex, or null when it is none. */
export function checkCheckpoint(text: string): `0x${string}` | null {
  const trimmed = text.trim().toLowerCase()
  return /^0x[0-9a-f]{64}$/.test(trimmed) ? `0x${trimmed.slice(2)}` : null
}

/** What a choice still lacks: something that follows the chain, something that delivers state. */
export function lackOf(choices: readonly SourceChoice[]): 'follow' | 'state' | null {
  const kinds = new Set(choices.filter((choice) => choice.chosen).map((choice) => choice.kind))
  if (!kinds.has('beacon') && !kinds.has('peer')) return 'follow'
  return kinds.has('execution') || kinds.has('peer') ? null : 'state'
}
