import type { Signer } from '../jose/algorithms.ts'
import type { IdentityAccess } from './access.ts'
import type { KeyPlace } from './records.ts'

/** Keys that no credential had before: their numbers are drawn, so that erasing and asking again gives others. */
export async function freshSigners(access: IdentityAccess, issuer: string, count: number) {
  const places = Array.from({ length: count }, (): KeyPlace => {
    const [a, b, c, d] = access.random.bytes(4) as unknown as [number, number, number, number]
    return { secret: 0, party: `openid4vci:${issuer}`, number: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0 }
  })
  const keys = await access.keys.publicKeys(places)
  return places.map((place, i) => {
    const sign = (message: Uint8Array) => access.keys.sign(place, message)
    return { place, signer: { algorithm: 'ES256', publicJwk: keys[i]!, sign } satisfies Signer }
  })
}
