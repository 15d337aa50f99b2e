import { nobleEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { createSiweMessage, parseSiweMessage } from 'viem/siwe'
import { describe, expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../test/vectors.ts'
import { WalletError } from '../errors.ts'
import { checkSignIn, looksLikeSignIn, MalformedSignIn, parseSignIn } from './sign-in.ts'

const { keccak256 } = nobleEngines().hashes
const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const NOW = Date.parse('2024-06-01T00:00:00Z')
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)

const messages = fc
  .record({
    domain: fc.tuple(word, word).map((parts) => `${parts.join('.')}.example`),
    path: word,
    chainId: fc.integer({ min: 1, max: 2 ** 31 }),
    nonce: fc.stringMatching(/^[a-zA-Z0-9]{8,20}$/),
    statement: fc.option(fc.stringMatching(/^[A-Za-z][A-Za-z .,:;!?-]{0,40}$/), { nil: undefined }),
    requestId: fc.option(word, { nil: undefined }),
    resources: fc.array(
      word.map((w) => `https://example.com/${w}`),
      { maxLength: 3 },
    ),
    scheme: fc.option(fc.constantFrom('https', 'http'), { nil: undefined }),
  })
  .map(({ path, resources, ...rest }) => ({
    ...rest,
    ...(resources.length > 0 ? { resources } : {}),
    address: ADDRESS as `0x${string}`,
    uri: `https://${rest.domain}/${path}`,
    version: '1' as const,
    issuedAt: new Date(NOW - 1000),
    expirationTime: new Date(NOW + 1000),
    notBefore: new Date(NOW - 500),
  }))

describe('sign-in messages', () => {
  test('written by viem are read as viem reads them', () => {
    fc.assert(
      fc.property(messages, (fields) => {
        const text = createSiweMessage(fields)
        const ours = parseSignIn(text, keccak256)
        const theirs = parseSiweMessage(text)
        expect(ours).toMatchObject({
          domain: fields.domain,
          scheme: fields.scheme ?? null,
          address: theirs.address,
          statement: fields.statement ?? null,
          uri: theirs.uri,
          chainId: theirs.chainId,
          nonce: theirs.nonce,
          requestId: fields.requestId ?? null,
          resources: theirs.resources ?? [],
        })
        expect(looksLikeSignIn(text)).toBe(true)
        const origin = `${fields.scheme ?? 'https'}://${fields.domain}`
        checkSignIn(ours, { origin, address: ADDRESS, chainId: fields.chainId }, NOW)
      }),
    )
  })

  test('changed by one character are read as something else, or not at all', () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.constantFrom('\n', ' ', 'x', ':', '\u0000'), (fields, place, character) => {
        const text = createSiweMessage(fields)
        const at = place % text.length
        const changed = text.slice(0, at) + character + text.slice(at)
        let read: unknown
        try {
          read = parseSignIn(changed, keccak256)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedSignIn)
          return
        }
        expect(read).not.toEqual(parseSignIn(text, keccak256))
      }),
    )
  })

  test('are for one site, one account, one chain and one time', () => {
    const base = { address: ADDRESS, uri: 'https://a.example', version: '1', chainId: 1, nonce: 'abcdefgh' } as const
    const code = (domain: string, origin: string, more: object = {}, account: string = ADDRESS) => {
      const text = createSiweMessage({
        ...base,
        domain: 'placeholder.example',
        issuedAt: new Date(NOW),
        ...more,
      }).replace('placeholder.example', domain)
      try {
        checkSignIn(parseSignIn(text, keccak256), { origin, address: account, chainId: 1 }, NOW)
        return 'fine'
      } catch (error) {
        return error instanceof WalletError ? error.code : String(error)
      }
    }
    expect(code('a.example', 'https://a.example')).toBe('fine')
    expect(code('A.example', 'https://a.example')).toBe('fine')
    expect(code('a.example:443', 'https://a.example')).toBe('fine')
    expect(code('localhost:3000', 'http://localhost:3000')).toBe('fine')
    expect(code('a.example', 'https://a.example:8443')).toBe('FOREIGN_SIGN_IN')
    expect(code('a.example:80', 'https://a.example')).toBe('FOREIGN_SIGN_IN')
    expect(code('a.example:443', 'https://a.example:8443')).toBe('FOREIGN_SIGN_IN')
    expect(code('b.example', 'https://a.example')).toBe('FOREIGN_SIGN_IN')
    expect(code('example', 'https://a.example')).toBe('FOREIGN_SIGN_IN')
    expect(code('x.a.example', 'https://a.example')).toBe('FOREIGN_SIGN_IN')
    expect(code('a.example', 'https://a.example', { scheme: 'http' })).toBe('FOREIGN_SIGN_IN')
    expect(code('a.example', 'https://a.example', {}, '0x70997970C51812dc3A010C7d01b50e0d17dc79C8')).toBe(
      'SIGN_IN_FOR_OTHER_ACCOUNT',
    )
    expect(code('a.example', 'https://a.example', { expirationTime: new Date(NOW) })).toBe('SIGN_IN_OUT_OF_TIME')
    expect(code('a.example', 'https://a.example', { notBefore: new Date(NOW + 1) })).toBe('SIGN_IN_OUT_OF_TIME')
    expect(code('a.example', 'https://a.example', { issuedAt: new Date(NOW + 3_600_000) })).toBe('fine')
    expect(code('a.example', 'https://a.example', { issuedAt: new Date(NOW + 90_000_000) })).toBe('SIGN_IN_OUT_OF_TIME')
    expect(code('a.example', 'https://a.example', { chainId: 10 })).toBe('SIGN_IN_FOR_OTHER_CHAIN')
  })
})

describeVectors('EIP-4361 vectors', () => {
  test('what is correct is read', () => {
    const cases = vectorJson<Record<string, { message: string; fields: object }>>('wallet/siwe/parsing_positive.json')
    expect(Object.keys(cases)).toHaveLength(19)
    for (const [name, { message, fields }] of Object.entries(cases))
      expect(parseSignIn(message, keccak256), name).toMatchObject(fields)
  })

  test('what is not is refused', () => {
    const cases = vectorJson<Record<string, string>>('wallet/siwe/parsing_negative.json')
    expect(Object.keys(cases).length).toBeGreaterThan(25)
    for (const [name, message] of Object.entries(cases)) {
      expect(() => parseSignIn(message, keccak256), name).toThrow(MalformedSignIn)
      expect(looksLikeSignIn(message), name).toBe(true)
    }
  })

  test('times and domains of the verification cases', () => {
    const cases = vectorJson<Record<string, Record<string, string | number>>>('wallet/siwe/verification_negative.json')
    const codeOf = (name: string) => {
      const f = cases[name]!
      const optional = [
        ['Expiration Time', f.expirationTime],
        ['Not Before', f.notBefore],
      ].flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []))
      const lines = [
        `${f.domain} wants you to sign in with your Ethereum account:`,
        f.address,
        '',
        f.statement,
        '',
        `URI: ${f.uri}`,
        `Version: ${f.version}`,
        `Chain ID: ${f.chainId}`,
        `Nonce: ${f.nonce}`,
        `Issued At: ${f.issuedAt}`,
        ...optional,
      ]
      try {
        const message = parseSignIn(lines.join('\n'), keccak256)
        const origin = `https://${f.domainBinding ?? f.domain}`
        checkSignIn(message, { origin, address: String(f.address), chainId: message.chainId }, NOW)
        return 'fine'
      } catch (error) {
        return error instanceof WalletError ? error.code : String(error)
      }
    }
    expect(codeOf('expired message')).toBe('SIGN_IN_OUT_OF_TIME')
    expect(codeOf('not yet valid')).toBe('SIGN_IN_OUT_OF_TIME')
    expect(codeOf('domain binding')).toBe('FOREIGN_SIGN_IN')
    for (const field of ['issuedAt', 'notBefore', 'expirationTime'])
      expect(codeOf(`invalid ${field}`), field).toBe('MALFORMED_SIGN_IN')
    expect(codeOf('malformed signature')).toBe('fine')
  })
})
