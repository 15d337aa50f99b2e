import { expect, test } from 'vitest'
import { isOwnPage, siteOrigin } from './sender.ts'

const own = { id: 'abc', origin: 'chrome-extension://abc' }
const page = { id: 'abc', origin: own.origin, url: `${own.origin}/popup.html` }
const site = { id: 'abc', origin: 'https://dapp.example', url: 'https://dapp.example/', tab: { windowId: 1 } }

test('only pages of this extension may command the wallet', () => {
  expect(isOwnPage(page, own)).toBe(true)
  expect(isOwnPage({ ...page, tab: { windowId: 1 } }, own)).toBe(true)
  expect(isOwnPage(site, own)).toBe(false)
  expect(isOwnPage({ ...page, id: 'def' }, own)).toBe(false)
  expect(isOwnPage({ ...page, origin: 'https://dapp.example' }, own)).toBe(false)
  expect(isOwnPage({ ...page, url: 'chrome-extension://abcdef/popup.html' }, own)).toBe(false)
  expect(isOwnPage({ id: 'abc', url: page.url }, own)).toBe(false)
  expect(isOwnPage(undefined, own)).toBe(false)
})

test('a site is named by the origin the browser gives, and only when it sits in a tab', () => {
  expect(siteOrigin(site, own)).toBe('https://dapp.example')
  expect(siteOrigin({ ...site, url: `${own.origin}/popup.html` }, own)).toBe('https://dapp.example')
  expect(siteOrigin({ ...site, id: 'def' }, own)).toBeNull()
  expect(siteOrigin({ id: 'abc', origin: site.origin }, own)).toBeNull()
  expect(siteOrigin({ ...site, origin: undefined }, own)).toBeNull()
  expect(siteOrigin({ ...page, tab: { windowId: 1 } }, own)).toBeNull()
})
