import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { expect, test } from 'vitest'
import { bundledProfile, readEntered } from './profile-sources.ts'

test('bundled profiles survive their way through text', () => {
  expect(parseProfile(JSON.parse(bundledProfile('mainnet'))).chainId).toBe(1)
  expect(parseProfile(JSON.parse(bundledProfile('sepolia'))).chainId).toBe(11155111)
})

test('an address is fetched over https or from this computer, everything else is taken for the profile itself', () => {
  expect(readEntered('  ')).toEqual({ kind: 'empty' })
  expect(readEntered(' https://net.example/profile.json ')).toEqual({
    kind: 'address',
    url: 'https://net.example/profile.json',
  })
  expect(readEntered('http://127.0.0.1:4310/network.json').kind).toBe('address')
  expect(readEntered('http://localhost:1/').kind).toBe('address')
  expect(readEntered('http://net.example/profile.json')).toEqual({ kind: 'insecure' })
  expect(readEntered('http://127.0.0.1.evil.example/').kind).toBe('insecure')
  expect(readEntered('{"name": "x"}')).toEqual({ kind: 'json', text: '{"name": "x"}' })
  expect(readEntered('file:///etc/passwd').kind).toBe('json')
})
