/** The codes two wallets show each other to exchange evidence; short enough for a QR code. @module */
import { codeReader, codeText, endpointBytes, numberBytes, ROLES, readEndpoint, readRole } from './code-text.ts'
import type { Endpoint, Role } from './session-description.ts'

export interface PairingCode {
  readonly role: Role
  /** 4 bytes: the first of the genesis validators root. */
  readonly network: Uint8Array
  /** Seconds since the Unix epoch after which nobody waits behind it any more. */
  readonly expires: number
  /** Of an answer: the first 8 bytes of the offer's fingerprint. */
  readonly answers: Uint8Array | null
  readonly endpoint: Endpoint
}

export function writeCode({ role, network, expires, answers, endpoint }: PairingCode): string {
  return codeText('device', [
    ROLES.indexOf(role),
    ...network,
    ...numberBytes(expires, 4),
    ...(answers ?? []),
    ...endpointBytes(endpoint),
  ])
}

/** White space and letter case do not matter. @throws {InvalidPairingCode} {@link OtherPurpose} */
export function readCode(text: string): PairingCode {
  const reader = codeReader('device', text)
  const role = readRole(reader)
  const network = reader.take(4)
  const expires = reader.number(4)
  const answers = role === 'answer' ? reader.take(8) : null
  const endpoint = readEndpoint(reader)
  reader.end()
  return { role, network, expires, answers, endpoint }
}
