/** Records of the version before, and of versions that are not known. */
import { describe, expect, test } from 'vitest'
import { WalletError } from '../errors.ts'
import { decodeContent, encodeContent, type Records } from './content.ts'
import { phraseSecret } from './secrets.ts'

const PUBLIC_KEY = `0x02${'11'.repeat(32)}`
const secrets = [phraseSecret(new Uint8Array(16))]
const stored = (records: object) => encodeContent({ slotKeys: [], secrets, records: records as Records })
const VERSION_2 = {
  version: 2,
  accounts: [
    { id: 'eth-0', name: 'One', secret: 0, index: 0, address: '0xaa', publicKey: PUBLIC_KEY },
    { id: 'eth-1-key', name: 'Two', secret: 1, index: null, address: '0xbb', publicKey: PUBLIC_KEY },
  ],
  selected: 'eth-1-key',
  hasPhrase: true,
  backedUp: true,
  drills: { phrase: 5, file: null },
  autoLockMinutes: 7,
  sites: [{ origin: 'https://app.example', accounts: ['eth-0'], connectedAt: 1 }],
  activity: { net: [{ id: 'a', value: 5n }] },
}

describe('records', () => {
  test('of version 2 are read with all they held, and written as version 3', () => {
    const { records } = decodeContent(stored(VERSION_2))
    expect(records).toEqual({
      ...VERSION_2,
      version: 3,
      accounts: [
        {
          id: 'eth-0',
          name: 'One',
          key: { kind: 'derived', secret: 0, index: 0 },
          address: '0xaa',
          publicKey: PUBLIC_KEY,
          hidden: false,
          site: null,
        },
        {
          id: 'eth-1-key',
          name: 'Two',
          key: { kind: 'imported', secret: 1 },
          address: '0xbb',
          publicKey: PUBLIC_KEY,
          hidden: false,
          site: null,
        },
      ],
    })
    expect(decodeContent(stored(records)).records).toEqual(records)
  })

  test.each([
    [4, 'UNKNOWN_VAULT_VERSION'],
    [1, 'VAULT_CORRUPTED'],
    ['3', 'VAULT_CORRUPTED'],
    [undefined, 'VAULT_CORRUPTED'],
  ])('of version %s are left alone: %s', (version, code) => {
    expect.assertions(2)
    try {
      decodeContent(stored({ ...VERSION_2, version }))
    } catch (error) {
      expect(error).toBeInstanceOf(WalletError)
      expect((error as WalletError).code).toBe(code)
    }
  })
})
