/** Identity in memory, for the fake façade: made-up credentials, offers and questions. */
import type { WalletState } from '@glowworm/wallet-core/facade/facade'
import type {
  CredentialDetail,
  CredentialView,
  IdentityCommands,
  IdentityView,
  OfferView,
  RequestView,
  TrustView,
} from '@glowworm/wallet-core/facade/identity'
import { now } from '../infrastructure/clock.ts'
import { HASH } from './fake-values.ts'

const DAY = 86_400_000
const DID = 'did:ethr:0x539:0x90f79bf6eb2c4f870365e785982e1f101e93b906'
export const NO_IDENTITY: IdentityView = {
  credentials: [],
  presentations: [],
  dids: [],
  authorizing: false,
  didChanges: {},
}

const trust = (minutesAgo = 0): TrustView => ({
  ...{ kind: 'proven', height: 24_784_163n, hash: HASH, time: now() - minutesAgo * 60_000, final: true },
  ...{ words: 'finalized', checkedAt: now() - minutesAgo * 60_000 },
})

export const fakeCredential = (change: Partial<CredentialView> = {}): CredentialView => ({
  ...{ id: 'c1', format: 'dc+sd-jwt', type: 'https://town.example/residence', name: 'Residence permit' },
  ...{ issuer: DID, issuedBy: 'https://office.town.example', addedAt: now() - 20 * DAY },
  ...{ validFrom: now() - 20 * DAY, validUntil: now() + 345 * DAY, copies: 5, unseen: 3, trust: trust(2) },
  status: {
    ...{ state: 'valid', listedAt: now() - 7_200_000, checkedAt: now() - 3_600_000 },
    ...{ by: 'office.town.example', anchored: null },
  },
  ...change,
})

const DETAIL: CredentialDetail = {
  selectable: [
    { path: ['given_name'], value: 'Erika' },
    { path: ['family_name'], value: 'Mustermann' },
    { path: ['birthdate'], value: '1964-08-12' },
    { path: ['age_over_18'], value: 'true' },
    { path: ['address', 'locality'], value: 'Köln' },
    { path: ['address', 'country'], value: 'DE' },
  ],
  always: [
    { path: ['iss'], value: DID },
    { path: ['vct'], value: 'https://town.example/residence' },
    { path: ['exp'], value: '1794000000' },
  ],
}

const shows = (names: readonly string[]) => DETAIL.selectable.filter(({ path }) => names.includes(path.join('.')))

export const QUESTION: RequestView = {
  kind: 'request',
  id: 'q1',
  verifier: {
    id: `decentralized_identifier:${DID}`,
    name: 'City library',
    host: 'library.example',
    ...{ site: false, trust: trust() },
  },
  purpose: 'To lend you books without a deposit',
  wants: [
    {
      ...{ id: 'residence', required: true },
      choices: [
        {
          ...{ credentialId: 'c1', name: 'Residence permit', type: 'https://town.example/residence', issuer: DID },
          ...{
            learns: shows(['age_over_18', 'address.country']),
            always: DETAIL.always,
            linkable: true,
            bearer: false,
          },
          hidden: DETAIL.selectable
            .map(({ path }) => path)
            .filter((path) => !['age_over_18', 'address.country'].includes(path.join('.'))),
        },
      ],
    },
  ],
  blocked: null,
}

const OFFER: OfferView = {
  ...{ kind: 'offer', id: 'o1', issuer: { url: 'https://office.town.example', name: 'Town of Example' } },
  credentials: [{ id: 'residence', name: 'Residence permit', type: 'https://town.example/residence' }],
  ...{ code: { length: 4, numeric: true, text: null }, redirects: false },
}

export const HELD: IdentityView = {
  ...NO_IDENTITY,
  credentials: [
    fakeCredential(),
    fakeCredential({
      ...{ id: 'c2', name: 'Library card', type: 'https://library.example/card', copies: 1, unseen: 0 },
      status: {
        ...{ state: 'revoked', listedAt: now() - 600_000, checkedAt: now() - 60_000, by: 'library.example' },
        anchored: null,
      },
      trust: { kind: 'attested', by: 'library.example (DNS and TLS)', checkedAt: now() - 60_000 },
    }),
  ],
  presentations: [
    {
      ...{ id: 'p1', at: now() - 3 * DAY, verifier: QUESTION.verifier.id, host: 'library.example' },
      ...{ purpose: QUESTION.purpose, verifierTrust: trust(3 * 1440) },
      shown: [
        {
          ...{ credentialId: 'c1', type: 'https://town.example/residence', issuer: DID },
          ...{ claims: ['age_over_18', 'address.country'], issuerTrust: trust(3 * 1440) },
          status: fakeCredential().status,
        },
      ],
    },
  ],
  dids: [
    {
      did: 'did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP',
      party: 'forum.example',
      createdAt: now() - DAY,
    },
  ],
}

export function fakeIdentity(deps: {
  state: () => WalletState
  set: (change: Partial<WalletState>) => void
  wait: () => Promise<void>
  check: (password: Uint8Array) => void
  problem: (code: string, message: string) => Error
}): IdentityCommands {
  const { state, wait, check, problem } = deps
  const set = (change: Partial<IdentityView>) => deps.set({ identity: { ...state().identity, ...change } })
  return {
    async readExchange({ text }) {
      await wait()
      if (text.startsWith('openid-credential-offer:')) return OFFER
      if (text.startsWith('openid4vp:')) return QUESTION
      throw problem('UNKNOWN_EXCHANGE', 'It does not begin like one.')
    },
    async readSiteQuestion() {
      await wait()
      const site = {
        id: 'origin:https://library.example',
        name: null,
        host: 'library.example',
        site: true,
        trust: null,
      }
      return { ...QUESTION, verifier: site }
    },
    async acceptOffer({ code }) {
      await wait()
      if (code !== '4711') throw problem('EXCHANGE_FAILED', 'office.town.example: the code is wrong')
      set({ credentials: [fakeCredential(), ...state().identity.credentials] })
      return { credentials: ['c1'] }
    },
    async resumeOffer() {
      await wait()
      set({ authorizing: false })
      return { credentials: ['c1'] }
    },
    async present() {
      await wait()
      set({ presentations: HELD.presentations })
      return { redirect: null }
    },
    async dropExchange() {},
    async credential() {
      await wait()
      return DETAIL
    },
    async checkCredential({ id }) {
      await wait()
      if (id === 'c2') throw problem('CREDENTIAL_REVOKED', 'Its issuer took it back.')
    },
    async addCredential() {
      await wait()
      return { id: 'c1' }
    },
    async removeCredential({ id }) {
      set({ credentials: state().identity.credentials.filter((one) => one.id !== id) })
    },
    async removePresentations({ id }) {
      set({ presentations: id === null ? [] : state().identity.presentations.filter((one) => one.id !== id) })
    },
    async exportIdentity({ password }) {
      await wait()
      check(password)
      return { file: new TextEncoder().encode('{}') }
    },
    async eraseIdentity({ password }) {
      await wait()
      check(password)
      set(NO_IDENTITY)
    },
    async createDid({ party }) {
      await wait()
      const did = `did:key:zDnaFake${party.length}`
      set({ dids: [{ did, party, createdAt: now() }, ...state().identity.dids] })
      return { did }
    },
    async removeDid({ did }) {
      set({ dids: state().identity.dids.filter((one) => one.did !== did) })
    },
    async resolveDid({ did }) {
      await wait()
      if (!did.startsWith('did:')) throw problem('MALFORMED_DID', 'It is no DID.')
      return { did, trust: trust(), document: JSON.stringify({ id: did }, null, 2), deactivated: false }
    },
    async prepareDidChange() {
      await wait()
      throw problem('NOT_PROVEN', 'Nothing is signed here.')
    },
  }
}
