/** What a site asks of the person rather than of an account: to come back under a name, and to show credentials. */
import { record } from '@glowworm/light-client/application/rpc/parameters'
import type { Core } from '../facade/core.ts'
import type { Approval } from '../facade/facade.ts'
import { NO_IDENTITY } from '../facade/identity-view.ts'
import { type Authentication, signAuthentication } from '../identity/authentication/sign.ts'
import type { VpToken } from '../identity/holder/access.ts'
import { ChoiceMissing } from '../identity/holder/errors.ts'
import { holderKeys, holderSigner } from '../identity/holder/holder-keys.ts'
import { type DidRecord, type KeyPlace, MOST_DIDS } from '../identity/holder/records.ts'
import { Locked, NoWallet } from '../vault/errors.ts'
import { readClaimedSite } from './claimed-site.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import type { Params } from './parameters.ts'

const NONCE = { least: 8, most: 512 }
const MOST_WORDS = 300
const MOST_QUERY = 16_384

/** @returns a DID that only this site ever sees, and a JWT by its key for this site and the nonce */
export async function authenticate(core: Core, origin: string, params: Params): Promise<Authentication> {
  const { keyring, ports } = core
  const fields = record(params[0], 'request')
  const nonce = nonceOf(fields.nonce)
  const statement = wordsOf(fields.statement, 'statement')
  const ask = { id: core.freshId(), revision: 1, kind: 'authenticate', origin, statement, nonce } as const
  return asked(core, ask, async () => {
    if (keyring.records === null) throw new Locked()
    const key: KeyPlace = { secret: 0, party: `did:key:${origin}`, number: 0 }
    const signer = await holderSigner(
      key,
      holderKeys((use) => keyring.withSecrets(use)),
    )
    const now = ports.clock.now()
    const answer = await signAuthentication({ audience: origin, nonce }, Math.floor(now / 1000), signer)
    await keep(core, { did: answer.did, party: origin, key, account: null, createdAt: now })
    return answer
  })
}

/** The name goes to those the user sees. Where there are too many it is not listed: the phrase leads to it all the same. */
async function keep({ keyring }: Core, did: DidRecord): Promise<void> {
  await keyring.update((all) => {
    const identity = all.identity ?? NO_IDENTITY
    const { dids } = identity
    if (dids.some((one) => one.did === did.did) || dids.length >= MOST_DIDS) return all
    return { ...all, identity: { ...identity, dids: [did, ...dids] } }
  })
}

/** @returns `{ vp_token }` as OpenID for Verifiable Presentations 1.0 §8.1 has it; the audience is `origin:` and the site */
export async function present(core: Core, origin: string, params: Params): Promise<{ vp_token: VpToken }> {
  if (!core.ports.loadIdentity) throw new RpcError(RPC.unsupportedMethod, 'This wallet holds no credentials.')
  const fields = record(params[0], 'request')
  const nonce = nonceOf(fields.nonce)
  const purpose = wordsOf(fields.purpose, 'purpose')
  const query = JSON.stringify(record(fields.dcql_query, 'dcql_query'))
  if (query.length > MOST_QUERY) throw invalidParams(`dcql_query: longer than ${MOST_QUERY} characters`)
  const ask = { id: core.freshId(), revision: 1, kind: 'present', origin, nonce, purpose, query } as const
  return asked(core, ask, async (vpToken) => {
    if (!vpToken) throw new ChoiceMissing()
    return { vp_token: vpToken }
  })
}

type Ask = Extract<Approval, { kind: 'authenticate' | 'present' }>

/** One of a kind for each site at a time: the second would stand behind the first, and look like it. */
async function asked<T>(core: Core, approval: Ask, answerTo: (vpToken?: VpToken) => Promise<T>): Promise<T> {
  const { approvals, ports, keyring } = core
  const { kind, origin } = approval
  // A name for one site alone, and credentials shown to it, rest on a browser's word for whose page it is.
  if (readClaimedSite(origin) !== null)
    throw new RpcError(RPC.unsupportedMethod, 'Over a connection to a phone nobody vouches for the page.')
  if (keyring.phase === 'no-wallet') {
    ports.attention?.()
    throw new NoWallet()
  }
  if (approvals.has((waiting) => waiting.kind === kind && waiting.origin === origin))
    throw new RpcError(RPC.alreadyPending, 'A request of this kind is waiting already.')
  const answer = Promise.withResolvers<T>()
  approvals.add({
    approval,
    async approve({ vpToken }) {
      answer.resolve(await answerTo(vpToken))
    },
    rejected: (error) => answer.reject(error),
  })
  ports.attention?.()
  return answer.promise
}

function nonceOf(value: unknown): string {
  if (typeof value !== 'string' || value.length < NONCE.least || value.length > NONCE.most || /\p{C}/u.test(value))
    throw invalidParams(`nonce: expected ${NONCE.least} to ${NONCE.most} characters, new for each request`)
  return value
}

/** Words for the person who is asked. */
function wordsOf(value: unknown, what: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value.length > MOST_WORDS || /\p{C}/u.test(value))
    throw invalidParams(`${what}: expected up to ${MOST_WORDS} characters of plain text`)
  return value.trim() || null
}
