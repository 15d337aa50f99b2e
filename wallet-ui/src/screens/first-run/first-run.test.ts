import type { SourceChoice } from '@glowworm/wallet-core/facade/facade'
import { describe, expect, it } from 'vitest'
import { EMPTY_IMPORT, type ImportDraft, importRequest, isFilled, tidyPhrase } from './import-draft.ts'
import { passwordFaults, passwordStrength } from './password-strength.ts'
import { checkCheckpoint, checkSource, lackOf } from './source-address.ts'

const PEER = '/ip4/127.0.0.1/tcp/9001/ws/p2p/12D3KooWPkzZ3mJ1pL7cBx6rWq5yQk7X2d4mVb9sTn8uHfGa2a2a'

describe('checkSource', () => {
  it.each([
    ['beacon', ' https://node.example/ ', 'https://node.example'],
    ['execution', 'https://node.example/v3/key', 'https://node.example/v3/key'],
    ['execution', 'https://node.example:8545/?key=a', 'https://node.example:8545/?key=a'],
    ['beacon', 'http://127.0.0.1:5052', 'http://127.0.0.1:5052'],
    ['beacon', 'http://[::1]:5052', 'http://[::1]:5052'],
    ['peer', PEER, PEER],
    ['turn', 'turn:me:secret@turn.example:3478', 'turn:me:secret@turn.example:3478'],
  ] as const)('takes %s %s', (kind, text, address) => {
    expect(checkSource(kind, text, [])).toEqual({ ok: true, address })
  })

  it.each([
    ['beacon', '', 'empty'],
    ['beacon', 'node.example', 'url'],
    ['beacon', 'javascript:alert(1)', 'url'],
    ['beacon', 'https://user:secret@node.example', 'credentials'],
    ['beacon', 'http://node.example', 'insecure'],
    ['beacon', 'http://127.0.0.1.evil.example', 'insecure'],
    ['peer', 'https://node.example', 'multiaddr'],
    ['peer', '/ip4/127.0.0.1/tcp/9001/ws', 'multiaddr'],
    ['peer', `${PEER}/tcp/1`, 'multiaddr'],
    ['turn', 'turn:turn.example', 'turn'],
    ['turn', 'stun:turn.example', 'turn'],
  ] as const)('refuses %s %s as %s', (kind, text, problem) => {
    expect(checkSource(kind, text, [])).toEqual({ ok: false, problem })
  })

  it('refuses the same source twice, in whatever spelling', () => {
    const existing = [{ kind: 'beacon', address: 'https://node.example' }] as const
    expect(checkSource('beacon', 'https://NODE.example/', existing)).toEqual({ ok: false, problem: 'duplicate' })
    expect(checkSource('execution', 'https://node.example', existing).ok).toBe(true)
  })
})

it('checkCheckpoint takes a block root and nothing else', () => {
  expect(checkCheckpoint(` 0x${'AB'.repeat(32)}\n`)).toBe(`0x${'ab'.repeat(32)}`)
  expect(checkCheckpoint('ab'.repeat(32))).toBeNull()
  expect(checkCheckpoint(`0x${'ab'.repeat(31)}`)).toBeNull()
})

it('lackOf tells what a choice cannot do', () => {
  const choice = (kind: SourceChoice['kind'], chosen = true): SourceChoice => ({
    kind,
    address: kind,
    chosen,
    bundled: true,
  })
  expect(lackOf([])).toBe('follow')
  expect(lackOf([choice('execution')])).toBe('follow')
  expect(lackOf([choice('beacon'), choice('execution', false)])).toBe('state')
  expect(lackOf([choice('beacon'), choice('execution')])).toBeNull()
  expect(lackOf([choice('peer')])).toBeNull()
})

it('passwordStrength grows with what has to be guessed', () => {
  expect(passwordStrength('short')).toBe('short')
  expect(passwordStrength('12345678901234')).toBe('weak')
  expect(passwordStrength('aaaaaaaaaaaaaaaaaaaa')).toBe('weak')
  expect(passwordStrength('sunflower7')).toBe('fair')
  expect(passwordStrength('correct horse battery staple')).toBe('strong')
})

it('a password that is too short does not hide that the two differ', () => {
  expect(passwordFaults('abc', 'abd')).toEqual({ short: true, weak: false, mismatch: true })
  expect(passwordFaults('abc', 'abc')).toEqual({ short: true, weak: false, mismatch: false })
  expect(passwordFaults('long enough', 'long enouhg')).toEqual({ short: false, weak: false, mismatch: true })
  for (const guessed of ['12345678', 'qwertyui', 'password'])
    expect(passwordFaults(guessed, guessed)).toEqual({ short: false, weak: true, mismatch: false })
  expect(passwordFaults('long enough', 'long enough')).toEqual({ short: false, weak: false, mismatch: false })
})

it('tidyPhrase takes a phrase as people paste it', () => {
  expect(tidyPhrase('  Ribbon\tlake\n\n cotton ')).toBe('ribbon lake cotton')
})

describe('what is imported', () => {
  const draft = (change: Partial<ImportDraft>): ImportDraft => ({ ...EMPTY_IMPORT, ...change })
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

  it('a passphrase goes in its NFKD form, and never tidied: spaces and capitals count', async () => {
    const from = await importRequest(draft({ phrase: ' Ribbon  lake ', passphrase: ' É ﬁ ' }))
    if (from?.kind !== 'phrase') throw new Error('not a phrase')
    expect(text(from.phrase)).toBe('ribbon lake')
    expect(text(from.passphrase)).toBe(' E\u0301 fi ')
  })

  it('the password of another program goes as it was typed', async () => {
    const from = await importRequest(draft({ kind: 'metamask', vault: '{}', password: 'É' }))
    expect(from?.kind === 'metamask' && text(from.password)).toBe('É')
  })

  it('shares go as the places of their words, one share a line; an unknown word is named by its place', async () => {
    const from = await importRequest(draft({ kind: 'slip39', phrase: ' Academic zero\n\nacid academic \n' }))
    expect(from).toEqual({
      kind: 'slip39',
      shares: [Uint8Array.of(0, 0, 3, 255), Uint8Array.of(0, 1, 0, 0)],
      passphrase: new Uint8Array(0),
    })
    const unknown = importRequest(draft({ kind: 'slip39', phrase: 'academic\nacid ribbon' }))
    await expect(unknown).rejects.toMatchObject({ problem: { code: 'INVALID_IMPORT' }, message: /word 2 of share 2/ })
  })

  it('a file goes as a copy: the core wipes what it gets, and a second attempt needs it again', async () => {
    const file = Uint8Array.of(1, 2, 3)
    const from = await importRequest(draft({ kind: 'keystore', file }))
    if (from?.kind !== 'keystore') throw new Error('not a keystore')
    from.file.fill(0)
    expect([...file]).toEqual([1, 2, 3])
  })

  it('is asked for in full: keystores may have an empty password, vaults and backups not', async () => {
    const file = Uint8Array.of(1)
    expect([
      isFilled(draft({ kind: 'keystore', file })),
      isFilled(draft({ kind: 'keystore' })),
      isFilled(draft({ kind: 'backup', file })),
      isFilled(draft({ kind: 'backup', file, password: 'x' })),
      isFilled(draft({ kind: 'metamask', vault: '{}' })),
      isFilled(draft({ kind: 'private-key', key: ' ' })),
    ]).toEqual([true, false, false, true, false, false])
    expect(await importRequest(draft({ kind: 'backup', file, password: 'x' }))).toBeNull()
  })
})
