import { describe, expect, test } from 'vitest'
import { maySeeWallet } from './surroundings.ts'

const at = (origin: string, ancestorOrigins: string[] = [], isSecureContext = true) =>
  maySeeWallet({ isSecureContext, origin, location: { ancestorOrigins }, parent: null })

test('pages of their own and frames within one origin see the wallet', () => {
  expect(at('https://dapp.example')).toBe(true)
  expect(at('http://127.0.0.1:8080')).toBe(true)
  expect(at('https://dapp.example', ['https://dapp.example', 'https://dapp.example'])).toBe(true)
})

test('frames of another site, insecure and opaque pages do not', () => {
  expect(at('https://dapp.example', ['https://evil.example'])).toBe(false)
  expect(at('https://dapp.example', ['https://dapp.example', 'https://evil.example'])).toBe(false)
  expect(at('https://dapp.example', ['https://dapp.example:8443'])).toBe(false)
  expect(at('http://dapp.example', [], false)).toBe(false)
  expect(at('null')).toBe(false)
})

describe('where the browser does not say who stands around', () => {
  type Frame = { isSecureContext: boolean; readonly origin: string; location: object; parent: unknown }
  /** From the top inwards; null for a frame that this page may not look at. */
  function frames(...origins: (string | null)[]): Frame {
    let parent: unknown = null
    let frame: Frame | null = null
    for (const origin of origins) {
      const made: Frame = {
        isSecureContext: true,
        get origin(): string {
          if (origin === null) throw new DOMException('cross-origin', 'SecurityError')
          return origin
        },
        location: {},
        parent,
      }
      if (parent === null) made.parent = made
      parent = made
      frame = made
    }
    return frame!
  }

  test('it looks itself, all the way up', () => {
    const own = 'https://dapp.example'
    expect(maySeeWallet(frames(own))).toBe(true)
    expect(maySeeWallet(frames(own, own, own))).toBe(true)
    expect(maySeeWallet(frames(null, own))).toBe(false)
    expect(maySeeWallet(frames(own, null, own))).toBe(false)
    expect(maySeeWallet(frames(null, own, own))).toBe(false)
    expect(maySeeWallet(frames('https://dapp.example:8443', own))).toBe(false)
  })
})
