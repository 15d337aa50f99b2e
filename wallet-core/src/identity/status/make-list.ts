/** Making a token status list: for issuers, here those of the devnet and of tests. @module */
import { base64urlnopad } from '@scure/base'
import type { Signer } from '../jose/algorithms.ts'
import { signJws } from '../jose/sign-jws.ts'

export interface ListToMake {
  readonly uri: string
  readonly keyId: string
  readonly issuedAt: number
  readonly ttl: number
  /** One bit each. */
  readonly revoked: readonly boolean[]
}

export async function makeTokenStatusList(list: ListToMake, signer: Signer): Promise<string> {
  const bytes = new Uint8Array(Math.ceil(list.revoked.length / 8))
  for (const [i, revoked] of list.revoked.entries()) if (revoked) bytes[i >> 3]! |= 1 << (i & 7)
  const lst = base64urlnopad.encode(await compressed(bytes, 'deflate'))
  const payload = { sub: list.uri, iat: list.issuedAt, ttl: list.ttl, status_list: { bits: 1, lst } }
  return signJws({ typ: 'statuslist+jwt', kid: list.keyId }, payload, signer)
}

export async function compressed(bytes: Uint8Array, format: 'gzip' | 'deflate'): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream(format))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
