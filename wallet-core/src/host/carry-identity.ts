/** Identity for a worker that cannot load modules: run by the document beside it, and loaded there when first needed. */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Channel } from '@glowworm/light-client/network/message-channel'
import { carryIdentity } from '../identity/carriage/carry-identity.ts'
import { webAead, webRandom } from '../infrastructure/web-crypto.ts'

/** @param channel to the worker that runs `commandIdentity` */
export function carryIdentityFor(channel: Channel & { onLost?(handler: () => void): () => void }): void {
  const keccak256 = (data: Uint8Array) => {
    if (hash === null) throw new TypeError('keccak256 is loaded with identity')
    return hash(data)
  }
  let hash: ((data: Uint8Array) => Uint8Array) | null = null
  const nearby = { clock: platformClock, random: webRandom, aead: webAead, keccak256 }
  carryIdentity(channel, nearby, async (access, readHistory) => {
    const [{ createCarriedIdentity }, { loadBls12381Groups }, { keccak_256 }] = await Promise.all([
      import('../identity/holder/identity.ts'),
      import('@glowworm/wasm-core/load-bls12381-groups'),
      import('@noble/hashes/sha3.js'),
    ])
    hash = keccak_256
    return createCarriedIdentity(access, { http: platformHttp, loadGroups: loadBls12381Groups }, readHistory)
  })
}
