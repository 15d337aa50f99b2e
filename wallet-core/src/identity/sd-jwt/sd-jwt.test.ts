/** SD-JWT VC: what is issued is held, shown in part and verified; everything else is refused, by name. */

import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import { SDJwtInstance } from '@sd-jwt/core'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeVectors, vectorJson, vectorNames } from '../../../test/vectors.ts'
import { NOW, person, ports, random, signal } from '../credential/people.test-kit.ts'
import { verifySignature } from '../jose/algorithms.ts'
import type { JsonObject } from '../jose/jws.ts'
import { signJws } from '../jose/sign-jws.ts'
import { issueSdJwt, type ToIssue } from './issue.ts'
import { disclosuresFor, presentSdJwt } from './present.ts'
import { type ClaimPath, digestOf, readSdJwt } from './read.ts'
import { rememberTaken } from './take-once.ts'
import { verifyPresentation, verifySdJwt } from './verify.ts'

const issuer = person('ES256', 1)
const holder = person('ES256', 2)
const seconds = NOW / 1000
const CLAIMS = { given_name: 'Erika', birthdate: '1963-08-12', address: { locality: 'Köln', country: 'DE' } }
const FRAME = { _sd: ['given_name', 'birthdate', 'address'], address: { _sd: ['locality', 'country'] } }
const QUESTION = { audience: 'decentralized_identifier:did:web:bar.example', nonce: 'n-0S6_WzA2Mj' }
const hasher = (data: string | ArrayBuffer) =>
  sha256(typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data))
const library = new SDJwtInstance({ hasher })

const issue = (changes: Partial<ToIssue> = {}, signer = issuer) =>
  issueSdJwt(
    {
      ...{ issuer: signer.did, keyId: signer.keyId, type: 'https://id.example/person', claims: CLAIMS, frame: FRAME },
      ...{ holderKey: holder.publicJwk, issuedAt: seconds, expiresAt: seconds + 1000 },
      ...changes,
    },
    signer,
    random,
  )
const show = async (text: string, paths: readonly ClaimPath[], by = holder, issuedAt = seconds, asked = QUESTION) => {
  const sdJwt = readSdJwt(text)
  return presentSdJwt(sdJwt, disclosuresFor(sdJwt, paths), { ...asked, issuedAt }, by)
}
const check = (text: string, expected = QUESTION, once = rememberTaken({ now: () => NOW })) =>
  verifyPresentation(text, expected, once, ports, signal)
const refused = (fault: string) => expect.objectContaining({ code: `CREDENTIAL_${fault}` })
/** An issuer-signed JWT of any shape, with disclosures as they are given. */
const crafted = async (payload: JsonObject, disclosures: readonly unknown[] = [], header: JsonObject = {}) => {
  const base = { iss: issuer.did, vct: 'x', cnf: { jwk: holder.publicJwk } }
  const jwt = await signJws({ typ: 'dc+sd-jwt', kid: issuer.keyId, ...header }, { ...base, ...payload }, issuer)
  return `${[jwt, ...disclosures.map(encoded)].join('~')}~`
}
const encoded = (value: unknown) => base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(value)))
const digest = (disclosure: unknown) => digestOf({}, encoded(disclosure))

test.each(['ES256', 'ES384', 'ES256K', 'EdDSA'] as const)('%s: issued, held, shown in part, verified', async (alg) => {
  const [signer, bearer] = [person(alg, 5), person(alg, 6)]
  const text = await issue({ holderKey: bearer.publicJwk }, signer)
  const held = await verifySdJwt(text, ports, signal)
  expect(held.sdJwt.claims).toMatchObject(CLAIMS)
  expect(held).toMatchObject({ type: 'https://id.example/person', validFrom: NOW, validUntil: NOW + 1_000_000 })
  const shown = await show(text, [['address', 'country']], bearer)
  const { sdJwt, issuer: signatory } = await check(shown)
  const { iss: _iss, vct: _vct, iat: _iat, nbf: _nbf, exp: _exp, cnf: _cnf, ...rest } = sdJwt.claims
  expect(rest).toEqual({ address: { country: 'DE' } })
  expect(signatory.did).toBe(signer.did)
})

test('what is not disclosed does not leave', async () => {
  const shown = await show(await issue(), [['given_name']])
  const bytes = [shown, ...shown.split(/[.~]/).map((part) => Buffer.from(part, 'base64url').toString())].join('\n')
  expect(bytes).toContain('Erika')
  for (const secret of ['1963-08-12', 'Köln', 'birthdate', 'locality', 'address']) expect(bytes).not.toContain(secret)
})

test('@sd-jwt/sd-jwt-vc takes what is shown here, and what it issues and shows is taken here', async () => {
  const sign = (by: typeof issuer) => async (data: string) =>
    base64urlnopad.encode(await by.sign(new TextEncoder().encode(data)))
  const verifier = (by: typeof issuer) => async (data: string, signature: string) =>
    verifySignature('ES256', by.publicJwk, new TextEncoder().encode(data), base64urlnopad.decode(signature))
  const theirs = new SDJwtVcInstance({
    ...{ hasher, hashAlg: 'sha-256', signAlg: 'ES256', kbSignAlg: 'ES256' },
    ...{ signer: sign(issuer), verifier: verifier(issuer), kbSigner: sign(holder), kbVerifier: verifier(holder) },
    saltGenerator: (length) => base64urlnopad.encode(random.bytes(length)),
  })
  const ours = await show(await issue(), [['given_name']])
  const taken = await theirs.verify(ours, { keyBindingNonce: QUESTION.nonce, currentDate: seconds })
  expect(taken.payload).toMatchObject({ given_name: 'Erika' })
  const text = await theirs.issue(
    { ...CLAIMS, iss: issuer.did, vct: 'x', iat: seconds, cnf: { jwk: holder.publicJwk } },
    FRAME as object,
    { header: { kid: issuer.keyId } },
  )
  const kb = { payload: { aud: QUESTION.audience, nonce: QUESTION.nonce, iat: seconds } }
  const shown = await check(await theirs.present(text, { birthdate: true }, { kb }))
  expect(shown.sdJwt.claims).toMatchObject({ birthdate: '1963-08-12' })
  expect(shown.sdJwt.claims).not.toHaveProperty('given_name')
})

describe('refused is', () => {
  test('another algorithm than the key’s, none, and a shared secret', async () => {
    const [jwt, ...rest] = (await issue()).split('~') as [string, ...string[]]
    const [, payload, signature] = jwt.split('.')
    for (const alg of ['none', 'HS256', 'RS256', 'ES384', 'ES256K', 'EdDSA', 'es256', 7]) {
      const header = encoded({ alg, typ: 'dc+sd-jwt', kid: issuer.keyId })
      const forged = [`${header}.${payload}.${signature}`, ...rest].join('~')
      await expect(verifySdJwt(forged, ports, signal), String(alg)).rejects.toThrow(refused('ALGORITHM'))
    }
    await expect(verifySdJwt(await crafted({}, [], { crit: ['x'], x: 1 }), ports, signal)).rejects.toThrow(
      refused('ALGORITHM'),
    )
  })

  test('a disclosure twice, one too many, one that overwrites, one of the wrong kind, and a digest twice', async () => {
    const [name, other] = [
      ['salt', 'name', 'Erika'],
      ['salt2', 'name', 'Max'],
    ]
    const cases: [string, Promise<string>][] = [
      ['twice', crafted({ _sd: [digest(name)] }, [name, name])],
      ['too many', crafted({ _sd: [digest(name)] }, [name, ['s', 'more', 1]])],
      ['two of one name', crafted({ _sd: [digest(name), digest(other)] }, [name, other])],
      ['overwrites', crafted({ name: 'Eve', _sd: [digest(name)] }, [name])],
      ['digest twice', crafted({ _sd: [digest(name), digest(name)] }, [])],
      ['digest at two places', crafted({ _sd: [digest(name)], a: { _sd: [digest(name)] } }, [name])],
      ['element among claims', crafted({ _sd: [digest(['s', 1])] }, [['s', 1]])],
      ['claim among elements', crafted({ a: [{ '...': digest(name) }] }, [name])],
      ['reserved', crafted({ _sd: [digest(['s', '_sd', []])] }, [['s', '_sd', []]])],
      ['inner "..."', crafted({ a: { '...': 'x', b: 1 } }, [])],
      ['inner _sd_alg', crafted({ a: { _sd_alg: 'sha-256' } }, [])],
      ['hidden issuer', crafted({ _sd: [digest(['s', 'exp', 1])] }, [['s', 'exp', 1]])],
    ]
    for (const [what, text] of cases)
      await expect(
        text.then((made) => verifySdJwt(made, ports, signal)),
        what,
      ).rejects.toThrow(refused('DISCLOSURE'))
  })

  test('expired, not yet valid, issued in the future; a minute of difference between clocks is not', async () => {
    const at = (payload: JsonObject) => crafted(payload).then((text) => verifySdJwt(text, ports, signal))
    await expect(at({ exp: seconds - 60 })).rejects.toThrow(refused('EXPIRED'))
    await expect(at({ nbf: seconds + 61 })).rejects.toThrow(refused('NOT_YET_VALID'))
    await expect(at({ iat: seconds + 61 })).rejects.toThrow(refused('NOT_YET_VALID'))
    await at({ exp: seconds - 59, nbf: seconds + 60, iat: seconds + 60 })
    await expect(at({ exp: 'never' })).rejects.toMatchObject({ code: 'MALFORMED_CREDENTIAL' })
  })

  test('an issuer that is not who signed, and a key it does not list', async () => {
    const eve = person('ES256', 9)
    await expect(verifySdJwt(await crafted({ iss: eve.did }), ports, signal)).rejects.toThrow(refused('ISSUER'))
    await expect(verifySdJwt(await crafted({}, [], { kid: '#other' }), ports, signal)).rejects.toThrow(
      refused('ISSUER'),
    )
    const forged = await issueSdJwt(
      {
        ...{ issuer: issuer.did, keyId: issuer.keyId, type: 'x', claims: {}, frame: {} },
        ...{ holderKey: null, issuedAt: seconds, expiresAt: null },
      },
      eve,
      random,
    )
    await expect(verifySdJwt(forged, ports, signal)).rejects.toThrow(refused('SIGNATURE'))
    await expect(verifySdJwt(await crafted({ iss: 'https://id.example' }), ports, signal)).rejects.toMatchObject({
      code: 'UNSUPPORTED_CREDENTIAL',
    })
    await expect(verifySdJwt(await crafted({}, [], { typ: 'JWT' }), ports, signal)).rejects.toThrow(refused('TYPE'))
  })

  test('a key binding for somebody else, for another question, of other disclosures, by another key, replayed or old', async () => {
    const text = await issue()
    const shown = await show(text, [['given_name']])
    await expect(check(shown, { ...QUESTION, audience: 'other' })).rejects.toThrow(refused('AUDIENCE'))
    await expect(check(shown, { ...QUESTION, nonce: 'other' })).rejects.toThrow(refused('NONCE'))
    await expect(check(await show(text, [], person('ES256', 9)))).rejects.toThrow(refused('SIGNATURE'))
    await expect(check(await show(text, [], person('EdDSA', 9)))).rejects.toThrow(refused('ALGORITHM'))
    await expect(check(text)).rejects.toThrow(refused('KEY_BINDING'))
    const more = await show(text, [['given_name'], ['birthdate']])
    const swapped = `${more.slice(0, more.lastIndexOf('~') + 1)}${shown.slice(shown.lastIndexOf('~') + 1)}`
    await expect(check(swapped)).rejects.toThrow(refused('KEY_BINDING'))
    const once = rememberTaken({ now: () => NOW })
    await check(shown, QUESTION, once)
    await expect(check(shown, QUESTION, once)).rejects.toThrow(refused('REPLAYED'))
    // Anybody can make another signature of one of ECDSA: it is the same showing.
    const at = shown.lastIndexOf('.') + 1
    const { r, s } = p256.Signature.fromBytes(base64urlnopad.decode(shown.slice(at)))
    const turned = new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes()
    await expect(check(`${shown.slice(0, at)}${base64urlnopad.encode(turned)}`, QUESTION, once)).rejects.toThrow(
      refused('REPLAYED'),
    )
    await expect(check(await show(text, [], holder, seconds - 400))).rejects.toThrow(refused('REPLAYED'))
    await expect(check(await show(text, [], holder, seconds + 100))).rejects.toThrow(refused('NOT_YET_VALID'))
    const unbound = await issue({ holderKey: null })
    await expect(check(await show(unbound, []))).rejects.toThrow(refused('HOLDER'))
  })

  test('anything else that is changed: whatever character it is', async () => {
    const shown = await show(await issue(), [['given_name']])
    await fc.assert(
      fc.asyncProperty(fc.nat(shown.length - 1), fc.constantFrom(...'AZaz09-_.~ä'), async (at, character) => {
        if (shown[at] === character) return
        const changed = `${shown.slice(0, at)}${character}${shown.slice(at + 1)}`
        const outcome = await check(changed).then(
          () => 'accepted',
          (error: { code?: string }) => error.code ?? String(error),
        )
        expect(outcome).toMatch(/^(CREDENTIAL_|MALFORMED_|UNSUPPORTED_)/)
      }),
      { numRuns: 150 },
    )
  })
})

describeVectors('SD-JWT vectors', () => {
  test('each string reads as @sd-jwt/core reads it, or says why not', async () => {
    const strings = vectorJson<{ sd_jwt: string }[]>('did-vc/sd-jwt/sd-jwt-strings.json').map(({ sd_jwt }) => sd_jwt)
    let [read, refusals] = [0, 0]
    for (const text of new Set(strings)) {
      let ours: ReturnType<typeof readSdJwt>
      try {
        ours = readSdJwt(text)
      } catch (error) {
        expect((error as { code: string }).code).toMatch(/^(MALFORMED_CREDENTIAL|CREDENTIAL_(ALGORITHM|DISCLOSURE))$/)
        refusals++
        continue
      }
      expect(ours.claims).toEqual(await library.getClaims(text))
      read++
    }
    expect({ read, refusals }).toEqual({ read: 8, refusals: 3 })
  })

  test.each(vectorNames('did-vc/sd-jwt/claims'))('%s: issued with its frame, shown with its frame', async (name) => {
    const vector = vectorJson<{
      claims: JsonObject
      disclosureFrame: JsonObject
      presentationFrames: JsonObject
      presentedClaims: JsonObject
    }>(`did-vc/sd-jwt/claims/${name}`)
    const text = await issue({ claims: vector.claims, frame: vector.disclosureFrame })
    const held = await verifySdJwt(text, ports, signal)
    expect(held.sdJwt.claims).toMatchObject(vector.claims)
    expect(held.sdJwt.claims).toEqual(await library.getClaims(text))
    const { sdJwt } = held
    // The library's frames disclose what is named, not what lies below it: so does an exact path here.
    const named = pathsOf(vector.presentationFrames).map((path) => path.join('.'))
    const chosen = sdJwt.disclosures.filter(({ path }) => named.includes(path.join('.')))
    const shown = await presentSdJwt(sdJwt, chosen, { ...QUESTION, issuedAt: seconds }, holder)
    expect((await check(shown)).sdJwt.claims).toMatchObject(vector.presentedClaims)
    expect((await check(shown)).sdJwt.claims).toEqual(
      await library.getClaims(await library.present(text, vector.presentationFrames as Record<string, boolean>)),
    )
  })
})

function pathsOf(frame: JsonObject, before: ClaimPath = []): ClaimPath[] {
  return Object.entries(frame).flatMap(([name, inner]) => {
    const path = [...before, name]
    return typeof inner === 'object' && inner !== null ? [path, ...pathsOf(inner as JsonObject, path)] : [path]
  })
}

test('an element is found at its place among those that are known, also behind digests of nothing', async () => {
  const disclosures = [
    ['salt-0', 'reader'],
    ['salt-1', 'chair'],
  ]
  const [reader, chair] = disclosures.map((one) => ({ '...': digest(one) }))
  const decoy = (salt: string) => ({ '...': digest([salt, 'nobody']) })
  const held = readSdJwt(
    await crafted({ roles: [decoy('salt-2'), reader, 'member', decoy('salt-3'), chair] }, disclosures),
  )
  expect(held.claims.roles).toEqual(['reader', 'member', 'chair'])
  expect(held.disclosures.map(({ path }) => path)).toEqual([
    ['roles', 0],
    ['roles', 2],
  ])
  expect(disclosuresFor(held, [['roles', 2]]).map(({ value }) => value)).toEqual(['chair'])
  expect(disclosuresFor(held, [['roles', 1]])).toEqual([])
})
