import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { originOf } from '../sites/rule-input.ts'
import { claimedSite, isOtherWallet, readClaimedSite, saidOrigin } from './claimed-site.ts'
import { checkOrigin } from './origin.ts'

const ID = '0123456789abcdef0123456789abcdef'

describe('the name of a page that nobody vouches for', () => {
  it.each([
    'https://app.example',
    'https://app.example:8443',
    'http://127.0.0.1:8080',
    'http://localhost',
    'https://xn--bcher-kva.example',
    `chrome-extension://${'abcdefghijklmnop'.repeat(2)}`,
    'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc',
  ])('says what %s claims, and is a site like others to all rules', (origin) => {
    const site = claimedSite({ origin, id: ID })!
    expect(readClaimedSite(site)).toEqual({ origin, id: ID })
    expect(saidOrigin(site)).toBe(origin)
    expect(checkOrigin(site, undefined)).toBe(site)
    expect(originOf(site)).toBe(site)
    expect(new URL(site).hostname).toMatch(/\.invalid$/)
    expect([isOtherWallet(site), isOtherWallet(origin)]).toEqual([origin.includes('-extension:'), false])
  })

  it.each([
    'http://app.example',
    'https://app.example/',
    'https://app.example/path',
    'https://APP.example',
    'https://bücher.example',
    'https://app.example\u202e',
    'https://<b>app</b>.example',
    'https://app.example"onload="',
    'chrome-extension://abcdefgh',
    'file:///home',
    'null',
    '',
    'http://[::1]:8080',
    `https://${'a.'.repeat(120)}example`,
  ])('is not given to %j', (origin) => {
    expect(claimedSite({ origin, id: ID })).toBeNull()
  })

  it('is not the origin that is claimed, nor that of another connection', () => {
    const claim = (id: string) => claimedSite({ origin: 'https://bank.example', id })
    expect(claim(ID)).not.toBe('https://bank.example')
    expect(claim(ID)).not.toBe(claim(ID.replace('0', '1')))
    expect(saidOrigin('https://bank.example')).toBe('https://bank.example')
  })

  it('is nothing that a real origin reads as', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        expect(readClaimedSite(new URL(url).origin)).toBeNull()
      }),
    )
    // A claim within a claim stays a claim about the inner name, which nobody can have.
    const inner = claimedSite({ origin: 'https://bank.example', id: ID })!
    expect(readClaimedSite(claimedSite({ origin: inner, id: ID })!)?.origin).toBe(inner)
  })
})
