/** Making compact JSON Web Signatures (RFC 7515 §3.1): apart from reading them, so that it brings no curves along. @module */
import { base64urlnopad } from '@scure/base'
import type { Signer } from './algorithms.ts'
import type { JsonObject } from './jws.ts'

export async function signJws(header: JsonObject, payload: JsonObject, signer: Signer): Promise<string> {
  const part = (value: JsonObject) => base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(value)))
  const input = `${part({ ...header, alg: signer.algorithm })}.${part(payload)}`
  const signature = await signer.sign(new TextEncoder().encode(input))
  return `${input}.${base64urlnopad.encode(signature)}`
}
