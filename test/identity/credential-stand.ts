import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { HttpRequest } from '@glowworm/light-client/infrastructure/ports'
import { expect } from 'vitest'
import { credentialWallet, followWithIdentity } from './credential-wallet.ts'

/** A devnet with issuer and verifier, the wallet that follows it, and what that sends to anybody but the chain's sources. */
export async function openCredentialStand() {
  const following = await followWithIdentity()
  const sent: HttpRequest[] = []
  const facade = await credentialWallet(following, following.client, (request) => {
    sent.push(request)
    return platformHttp(request)
  })
  return { following, facade, sent, people: following.devnet.identity! }
}

/** What a refused command rejects with. */
export const withCode = (expected: string) =>
  expect.objectContaining({ problem: expect.objectContaining({ code: expected }) })
