/**
 * Passkeys whose authenticator gives 32 secret bytes for a salt: the PRF extension of WebAuthn Level 3 (§10.1.4). The
 * challenge is not checked by anybody: it is not a sign-in, but a way to have the bytes.
 * @module
 */
import { PRODUCT } from '@glowworm/light-client/product'
import type { Problem } from '@glowworm/wallet-core/facade/facade'

export interface Passkey {
  readonly credential: Uint8Array
  readonly prfSalt: Uint8Array
  /** 32 bytes the caller wipes. */
  readonly output: Uint8Array
}

/** False where there are no passkeys at all; whether the authenticator knows PRF shows when one is made. */
export function passkeysPossible(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && window.isSecureContext
}

/** @throws {PasskeyFailed} */
export async function makePasskey(name: string): Promise<Passkey> {
  const prfSalt = random(32)
  const made = await attempt(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: random(32),
        rp: { name: PRODUCT.name },
        user: { id: random(16), name, displayName: name },
        // ES256, EdDSA, RS256: the signature is of no use here, any will do.
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        extensions: { prf: { eval: { first: prfSalt } } },
      },
    }),
  )
  const { prf } = made.getClientExtensionResults()
  if (prf?.enabled !== true) throw new PasskeyFailed('WITHOUT_PRF')
  const credential = new Uint8Array(made.rawId)
  // Many authenticators evaluate only when they are asked, not when they make the passkey.
  const output = outputOf(prf.results?.first) ?? (await askPasskeys([{ credential, prfSalt }])).output
  return { credential, prfSalt, output }
}

/** Lets the person use one of these passkeys; `credential` tells which. @throws {PasskeyFailed} */
export async function askPasskeys(
  passkeys: readonly { readonly credential: Uint8Array; readonly prfSalt: Uint8Array }[],
): Promise<{ credential: Uint8Array; output: Uint8Array }> {
  const evalByCredential = Object.fromEntries(
    passkeys.map(({ credential, prfSalt }) => [base64url(credential), { first: new Uint8Array(prfSalt) }]),
  )
  const used = await attempt(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: passkeys.map(({ credential }) => ({ type: 'public-key', id: new Uint8Array(credential) })),
        userVerification: 'required',
        extensions: { prf: { evalByCredential } },
      },
    }),
  )
  const output = outputOf(used.getClientExtensionResults().prf?.results?.first)
  if (output === null) throw new PasskeyFailed('WITHOUT_PRF')
  return { credential: new Uint8Array(used.rawId), output }
}

async function attempt(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null
  try {
    credential = await ask()
  } catch (cause) {
    throw new PasskeyFailed('CANCELLED', cause)
  }
  if (credential instanceof PublicKeyCredential) return credential
  throw new PasskeyFailed('CANCELLED')
}

function outputOf(value: BufferSource | undefined): Uint8Array | null {
  if (value === undefined) return null
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value)
  return bytes.length === 32 ? bytes : null
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

export class PasskeyFailed extends Error {
  readonly problem: Problem
  constructor(what: 'CANCELLED' | 'WITHOUT_PRF', cause?: unknown) {
    const message =
      what === 'CANCELLED' ? 'No passkey was used.' : 'This authenticator keeps no secret for a wallet (no PRF).'
    super(message, { cause })
    this.name = 'Passkey.Failed'
    this.problem = { code: `PASSKEY_${what}`, kind: 'usage', message, next: null }
  }
}
