import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { MalformedAnswer, Rejected, SourceUnreachable } from '@glowworm/light-client/network/evidence-source'
import type { Faucet } from '../ports.ts'

/** A test network's faucet over HTTP: POST {"address"} → {"hash"}. */
export function httpFaucet(url: string, http: Http): Faucet {
  const name = `the faucet at ${new URL(url).host}`
  return async (address) => {
    const answer = await http({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address }),
      maxBytes: 10_000,
      signal: AbortSignal.timeout(15_000),
    }).catch((cause) => {
      throw new SourceUnreachable(name, (cause as Error).message, { cause })
    })
    const body = parse(answer.bytes)
    if (answer.status !== 200)
      throw new Rejected(name, typeof body.message === 'string' ? body.message : `HTTP ${answer.status}`)
    try {
      fromHex(body.hash, 'hash', 32)
    } catch (cause) {
      throw new MalformedAnswer(name, 'no transaction hash', { cause })
    }
    return body.hash as Hex
  }
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
