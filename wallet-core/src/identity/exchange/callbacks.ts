/** The crypto that the OpenID libraries leave to whoever uses them. @module */

import { GlowwormError } from '@glowworm/light-client/errors'
import type { Http, Random } from '@glowworm/light-client/infrastructure/ports'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { type CallbackContext, clientAuthenticationAnonymous, setGlobalConfig } from '@openid4vc/oauth2'
import { config } from 'zod'
import { CommandFailed, WalletError } from '../../errors.ts'
import type { Aead } from '../../ports.ts'
import { CredentialRefused } from '../credential/errors.ts'
import type { FindSignatory, Signatory } from '../credential/issuer.ts'
import { checkSignedBy } from '../credential/signed-by.ts'
import { didKeyOf } from '../did/did-key-writing.ts'
import type { PublicJwk } from '../did/jwk.ts'
import type { Signer } from '../jose/algorithms.ts'
import { encryptJwe } from '../jose/jwe.ts'
import { isObject, readJws } from '../jose/jws.ts'
import { signJws } from '../jose/sign-jws.ts'
import { checkTimes } from '../jose/validity.ts'
import { ExchangeFailed } from './errors.ts'
import { fetchThrough, type MayAsk, withinReach } from './fetching.ts'

// The libraries' parsers would try to compile code, which the page's policy refuses and reports.
config({ jitless: true })
// Which addresses may be asked is decided by `fetchThrough`: HTTPS, and this device itself.
setGlobalConfig({ allowInsecureUrls: true })

export interface CallbackPorts {
  readonly http: Http
  readonly random: Random
  readonly clock: { now(): number }
  readonly keccak256: (data: Uint8Array) => Uint8Array
  readonly findSignatory: FindSignatory
  readonly aead: Aead
}

export interface Callbacks {
  readonly callbacks: Omit<CallbackContext, 'getX509CertificateMetadata'>
  /** Who signed what the libraries had verified last; null: nothing was signed. */
  readonly signatory: () => Signatory | null
  /** Of an address that was named and is to be asked later. */
  readonly mayAsk: MayAsk
  /** Does the libraries' work: their errors become ours, and ours stay what they are, also those they swallow. */
  exchanged<T>(host: string, work: () => Promise<T>): Promise<T>
}

const HASHES = { 'sha-256': sha256, 'sha-384': sha384, 'sha-512': sha512 } as const

/**
 * @param begun where the exchange began; null: it begins here
 * @param signers whose keys may be signed with: proofs of possession name theirs in full
 */
export function callbacksFor(
  ports: CallbackPorts,
  begun: string | null,
  signers: readonly Signer[],
  signal: AbortSignal,
): Callbacks {
  let signatory: Signatory | null = null
  let fault: WalletError | null = null
  const mayAsk = withinReach(begun)
  const ask = fetchThrough(ports.http, mayAsk, signal)
  const refuse = () => {
    throw new ExchangeFailed('the other side', 'it asks for encryption that is not known here')
  }
  return {
    signatory: () => signatory,
    mayAsk,
    async exchanged(host, work) {
      fault = null
      try {
        return await work()
      } catch (error) {
        if (error instanceof WalletError || error instanceof CommandFailed) throw error
        signal.throwIfAborted()
        if (fault) throw fault
        throw (
          ownError(error) ??
          new ExchangeFailed(host, error instanceof Error ? firstLine(error.message) : 'it failed', error)
        )
      }
    },
    callbacks: {
      fetch: (...asked) =>
        ask(...asked).catch((error: unknown) => {
          if (error instanceof WalletError) fault = error
          throw error
        }),
      clientAuthentication: clientAuthenticationAnonymous(),
      hash: (data, algorithm) => HASHES[algorithm](data),
      generateRandom: (length) => ports.random.bytes(length),
      async encryptJwe({ publicJwk, enc, apu, apv }, data) {
        const jwe = await encryptJwe(data, { jwk: publicJwk, kid: publicJwk.kid, enc, apu, apv }, ports)
        return { jwe, encryptionJwk: publicJwk }
      },
      decryptJwe: refuse,
      async signJwt(by, { header, payload }) {
        const named = ({ publicJwk }: Signer) =>
          by.method === 'jwk'
            ? by.publicJwk.x === publicJwk.x
            : by.method === 'did' && by.didUrl.startsWith(`${didKeyOf(publicJwk)}#`)
        const signer = signers.find(named)
        if (!signer) throw new TypeError('jwt: expected one of the keys that were given')
        return { jwt: await signJws(header, payload, signer), signerJwk: { ...signer.publicJwk } }
      },
      async verifyJwt(by, { compact, payload }) {
        // Fetched by the library in a way of its own; nobody needs it.
        if (isObject(payload) && payload.client_metadata_uri !== undefined) {
          throw new ExchangeFailed('the verifier', 'what it is called would have to be asked elsewhere')
        }
        if (by.method !== 'did')
          throw new CredentialRefused('ISSUER', 'the question is signed by nobody who can be found')
        const jws = readJws(compact)
        const [did] = by.didUrl.split('#') as [string]
        signatory = await ports.findSignatory({ did, keyId: by.didUrl, relationship: 'authentication' }, signal)
        checkSignedBy(jws, signatory.method, ports.keccak256)
        checkTimes(jws.payload, ports.clock.now())
        // Only its thumbprint is of interest to the library, and only for keys it is given.
        return { verified: true, signerJwk: { ...(signatory.method.publicKeyJwk ?? ACCOUNT_KEY) } }
      },
    },
  }
}

/** Stands for the key of an account, which is known by its address alone. */
const ACCOUNT_KEY: Pick<PublicJwk, 'kty'> = { kty: 'EC' }

/** What was thrown by a callback, and wrapped on its way; errors of the light client too. */
function ownError(error: unknown): Error | null {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    if (cause instanceof WalletError || cause instanceof GlowwormError || cause instanceof CommandFailed) return cause
  }
  return null
}

const firstLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 200)
