import { expect, test } from 'vitest'
import { maySeeWallet } from './surroundings.ts'

const at = (origin: string, ancestorOrigins: string[] = [], isSecureContext = true) =>
  maySeeWallet({ isSecureContext, origin, location: { ancestorOrigins } })

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
