/** Offers and questions that are open, and what becomes of them. Nothing is kept of them but here, until they are settled. */
import type { IdentityCommands, RequestView } from '../../facade/identity.ts'
import { ownAddress } from '../credential/address.ts'
import { handoverOf, isQuestion, type OpenQuestion, readQuestion, sendAnswer } from '../exchange/answer.ts'
import type { CallbackPorts } from '../exchange/callbacks.ts'
import { type Query, readQuery } from '../exchange/dcql.ts'
import { ExchangeFailed, ExchangeGone, UnknownExchange } from '../exchange/errors.ts'
import {
  answers,
  authorize,
  isOffer,
  type OpenOffer,
  readOffer,
  requestCredential,
  tokenByCode,
  tokenByRedirect,
  viewOf,
} from '../exchange/receive.ts'
import type { Signer } from '../jose/algorithms.ts'
import type { JsonObject } from '../jose/jws.ts'
import type { Handover } from '../mdoc/present.ts'
import type { StatusPorts } from '../status/check-status.ts'
import { type Accepted, accept, checkBoundTo, checkOffered, refuseTakenBack } from './accept.ts'
import type { IdentityAccess, VpToken } from './access.ts'
import { consentView, isLinkable, type Want, wantsOf } from './consent.ts'
import { changed, keep, PATIENCE, recordOf, type ToKeep } from './credentials.ts'
import { ChoiceMissing } from './errors.ts'
import { freshSigners } from './fresh-signers.ts'
import { type CredentialRecord, type KeyPlace, MOST_PRESENTATIONS, type PresentationRecord } from './records.ts'
import type { Showing, ShowingPorts } from './showing.ts'
import { trustOf } from './trust.ts'

export type ExchangeCommands = Pick<
  IdentityCommands,
  'readExchange' | 'readSiteQuestion' | 'acceptOffer' | 'resumeOffer' | 'present' | 'dropExchange'
>

type Open =
  | { readonly kind: 'offer'; readonly open: OpenOffer }
  | { readonly kind: 'request'; readonly question: Question; readonly wants: readonly Want[] | null }

/** Whoever asks, and the way the answer goes. */
interface Question extends Pick<OpenQuestion, 'clientId' | 'nonce' | 'query' | 'purpose' | 'signatory'> {
  readonly host: string
  readonly site: boolean
  handover(): Handover
  /** @returns where its page goes on, if it says so */
  send(vpToken: VpToken): Promise<string | null>
}

/** Characters: more than any code, or address line, holds. */
const MOST_LINK = 1 << 18
/** The oldest is forgotten. */
const MOST_OPEN = 8
/** An issuer's page is given this long. */
const LONGEST_AUTHORIZATION = 3_600_000

export function createExchanges(
  access: IdentityAccess,
  ports: CallbackPorts & StatusPorts,
): ExchangeCommands & { clear(): void } {
  const open = new Map<string, Open>()
  const showing: ShowingPorts = { keys: access.keys, ...ports }
  const patience = () => AbortSignal.timeout(PATIENCE)

  function remember(exchange: Open): string {
    const id = access.freshId()
    open.set(id, exchange)
    if (open.size > MOST_OPEN) open.delete(open.keys().next().value!)
    return id
  }

  function opened<Kind extends Open['kind']>(id: string, kind: Kind): Extract<Open, { kind: Kind }> {
    const exchange = open.get(id)
    if (exchange?.kind !== kind) throw new ExchangeGone()
    return exchange as Extract<Open, { kind: Kind }>
  }

  /** While it is settled nobody else settles it, e.g. by pressing twice. What throws leaves it open, to be tried again. */
  async function settling<T>(id: string, exchange: Open, work: () => Promise<T>): Promise<T> {
    open.delete(id)
    try {
      return await work()
    } catch (error) {
      open.set(id, exchange)
      throw error
    }
  }

  async function receive(
    offered: OpenOffer,
    accessToken: string,
    signal: AbortSignal,
  ): Promise<{ credentials: string[] }> {
    const issuedBy = offered.offer.credential_issuer
    const kept: ToKeep[] = []
    for (const id of offered.offer.credential_configuration_ids) {
      const places = new Map<Signer, KeyPlace>()
      const makeSigners = async (count: number) => {
        const made = await freshSigners(access, issuedBy, count)
        for (const { signer, place } of made) places.set(signer, place)
        return made.map(({ signer }) => signer)
      }
      const got = await requestCredential(offered, id, accessToken, makeSigners, ports, signal)
      const { copies, name } = got
      const accepted: Accepted[] = []
      for (const { credential, signer } of copies) {
        // The status of all copies is the same person's: one list is asked for one of them.
        const one = await accept(credential, accepted.length === 0, ports, signal)
        checkOffered(one, got)
        checkBoundTo(one, signer?.publicJwk ?? null)
        refuseTakenBack(one.status)
        accepted.push(one)
      }
      const places_ = copies.map(({ signer }) => (signer === null ? null : places.get(signer)!))
      kept.push({
        ...{ accepted: accepted[0]!, name, issuedBy },
        copies: accepted.map(({ raw }, i) => ({ raw, key: places_[i]!, shownTo: null })),
      })
    }
    return { credentials: await keep(access, kept) }
  }

  async function showOne({ record, copy, present }: Showing, question: Question): Promise<string | JsonObject> {
    if (!recordOf(await access.records(), record.id).copies.some(({ raw }) => raw === copy.raw))
      throw new ChoiceMissing()
    const issuedAt = Math.floor(access.clock.now() / 1000)
    const { clientId: audience, nonce, handover } = question
    return present({ audience, nonce, issuedAt, handover })
  }

  async function siteQuery(approvalId: string, query: unknown): Promise<Query> {
    try {
      return readQuery(query)
    } catch (error) {
      if (error instanceof UnknownExchange) await access.refuseSite(approvalId, error.problem)
      throw error
    }
  }

  async function askedBy(question: Question, name: string | null): Promise<RequestView> {
    const wants = await wantsOf(question, (await access.records()).credentials, showing)
    const id = remember({ kind: 'request', question, wants })
    const { signatory, clientId, host, site } = question
    const trust = signatory && trustOf(signatory.resolution, access.clock.now())
    return { kind: 'request', id, verifier: { id: clientId, name, host, site, trust }, ...consentView(question, wants) }
  }

  /** What will be sent. It stands in the log before: what has left is never missing there. */
  async function made(question: Question, wants: readonly Want[] | null, choices: Choices): Promise<VpToken> {
    const showings = (wants ?? []).map((want): [string, Showing] => {
      const choice = choices.find((one) => one.want === want.id)
      const showing = want.showings.find(({ record }) => record.id === choice?.credentialId)
      if (!showing) throw new ChoiceMissing()
      return [want.id, showing]
    })
    if (showings.length === 0) throw new ChoiceMissing()
    const signal = patience()
    for (const [, { record }] of showings) refuseTakenBack(recordOf(await access.records(), record.id).status)
    const shown = await Promise.all(showings.map(([, showing]) => logged(showing, signal)))
    const vpToken: Record<string, [string | JsonObject]> = {}
    for (const [want, showing] of showings) vpToken[want] = [await showOne(showing, question)]
    const { signatory, clientId: verifier, purpose, host } = question
    const verifierTrust = signatory && trustOf(signatory.resolution, access.clock.now())
    const entry = { id: access.freshId(), at: access.clock.now(), verifier, host, purpose, verifierTrust, shown }
    await access.update((all) => {
      for (const [, showing] of showings) refuseSeenMeanwhile(showing, recordOf(all, showing.record.id), verifier)
      return {
        ...showings.reduce((next, [, showing]) => changed(next, showing.record.id, seenBy(showing, verifier)), all),
        presentations: [entry, ...all.presentations].slice(0, MOST_PRESENTATIONS),
      }
    })
    return vpToken
  }

  /** What the issuer rests on now; where the ledger cannot be asked, what it rested on when it was last checked. */
  async function logged(
    { record, seen, issuerKey }: Showing,
    signal: AbortSignal,
  ): Promise<PresentationRecord['shown'][number]> {
    const stored = recordOf(await access.records(), record.id)
    // Asking an issuer's host now would tell it when and where the credential is used; a ledger tells nobody.
    const asked = record.issuer.startsWith('did:web:') ? null : await resolved(issuerKey, record.issuer, signal)
    return {
      ...{ credentialId: record.id, type: record.type, issuer: record.issuer, status: stored.status },
      claims: seen.selectable.map(({ path }) => path.join('.')),
      issuerTrust: asked ?? stored.trust,
    }
  }

  async function resolved(keyId: string | null, did: string, signal: AbortSignal) {
    try {
      const { resolution } = await ports.findSignatory({ did, keyId, relationship: 'assertionMethod' }, signal)
      return trustOf(resolution, access.clock.now())
    } catch (error) {
      // That the key is no longer the issuer's is proven; that nobody could be asked is not the credential's fault.
      if ((error as { code?: string }).code === 'CREDENTIAL_ISSUER') throw error
      return null
    }
  }

  return {
    async readExchange({ text }) {
      const link = typeof text === 'string' ? text.trim() : ''
      if (link.length > MOST_LINK) throw new UnknownExchange('it is too long')
      if (isOffer(link)) {
        const offered = await readOffer(link, ports, patience())
        return { kind: 'offer', id: remember({ kind: 'offer', open: offered }), ...viewOf(offered) }
      }
      if (!isQuestion(link)) throw new UnknownExchange('it does not begin like one')
      const read = await readQuestion(link, ports, patience())
      const { host } = read.responseUri
      const send = (vpToken: VpToken) => sendAnswer(read, vpToken, ports, patience())
      const handover = () => handoverOf(read)
      return askedBy({ ...read, host, send, site: false, handover }, read.name)
    },
    async readSiteQuestion({ approvalId }) {
      const { origin, revision, query, nonce, purpose } = await access.siteQuestion(approvalId)
      // As for the Digital Credentials API (OpenID4VP Appendix A): the browser says who asks.
      const read = await siteQuery(approvalId, query)
      const asked = { clientId: `origin:${origin}`, nonce, purpose, query: read, signatory: null }
      const send = async (vpToken: VpToken) => {
        await access.answerSite(approvalId, revision, vpToken)
        return null
      }
      return askedBy(
        { ...asked, host: new URL(origin).host, send, site: true, handover: () => ({ kind: 'site', origin, nonce }) },
        null,
      )
    },
    async acceptOffer({ id, code, returnTo }) {
      const exchange = opened(id, 'offer')
      const { open: offered } = exchange
      const signal = patience()
      if (viewOf(offered).redirects) {
        return settling(id, exchange, async () => {
          const back = ownAddress(returnTo, 'where the issuer’s page leads back to').href
          const { url, state, context } = await authorize(offered, back, ports, signal)
          const startedAt = access.clock.now()
          await access.update((all) => ({ ...all, authorization: { state, startedAt, context } }))
          return { url }
        })
      }
      const accessToken = await settling(id, exchange, () => tokenByCode(offered, code, ports, signal))
      // A code is good once, whatever comes after it.
      return receive(offered, accessToken, signal)
    },
    async resumeOffer({ url }) {
      const { authorization } = await access.records()
      if (authorization === null) throw new ExchangeGone()
      const { context, state, startedAt } = authorization
      const old = startedAt + LONGEST_AUTHORIZATION < access.clock.now()
      // Any page can lead here: what answers something else does not close what is open.
      if (!old && (typeof url !== 'string' || !answers(url, state))) {
        throw new ExchangeFailed('the issuer', 'its page answered another question')
      }
      await access.update((all) => ({ ...all, authorization: null }))
      if (old) throw new ExchangeGone()
      const signal = patience()
      const { open: offered, accessToken } = await tokenByRedirect(context, url, ports, signal)
      return receive(offered, accessToken, signal)
    },
    async present({ id, choices }) {
      const opening = opened(id, 'request')
      const { question, wants } = opening
      const vpToken = await settling(id, opening, () => made(question, wants, choices))
      try {
        return { redirect: await question.send(vpToken) }
      } catch (error) {
        // E.g. the user's rule wants a second yes. A verifier's question is good once.
        if (question.site) open.set(id, opening)
        throw error
      }
    },
    async dropExchange({ id }) {
      open.delete(id)
    },
    clear: () => open.clear(),
  }
}

/** Another question was open too, and its answer took the copy that nobody had seen: consent was given to something else. */
function refuseSeenMeanwhile(showing: Showing, record: CredentialRecord, verifier: string): void {
  if (isLinkable({ ...showing, record }, verifier) && !isLinkable(showing, verifier)) throw new ExchangeGone()
}

type Choices = Parameters<IdentityCommands['present']>[0]['choices']

const seenBy =
  ({ copy }: Showing, verifier: string) =>
  (record: Parameters<Parameters<typeof changed>[2]>[0]) => ({
    ...record,
    copies: record.copies.map((one) => (one.raw === copy.raw ? { ...one, shownTo: one.shownTo ?? verifier } : one)),
  })
