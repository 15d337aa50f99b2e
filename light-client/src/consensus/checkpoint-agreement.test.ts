import { describe, expect, it } from 'vitest'
import { oldestStatement, requireAgreement, requireIndependent } from './checkpoint-agreement.ts'

const root = (digit: string) => `0x${digit.repeat(64)}` as const

describe('independence', () => {
  it('takes different operators', () => {
    expect(() => requireIndependent(['https://a.example', 'https://b.example.org'], 'operators')).not.toThrow()
    expect(() => requireIndependent(['https://one.co.uk', 'https://two.co.uk'], 'operators')).not.toThrow()
    expect(() => requireIndependent(['http://127.0.0.1:1', 'http://127.0.0.1:2'], 'operators')).not.toThrow()
    expect(() => requireIndependent(['http://10.0.0.1', 'http://10.0.0.2'], 'operators')).not.toThrow()
  })
  it.each([
    [['https://a.example']],
    [[]],
    [['https://a.example/one', 'https://a.example/two']],
    [['https://mainnet.node.example', 'https://backup.node.example']],
    [['http://10.0.0.1:1', 'http://10.0.0.1:2']],
    [['https://a.example', 'nonsense']],
  ])('refuses %j', (urls) => {
    expect(() => requireIndependent(urls, 'operators')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})

describe('agreement', () => {
  const a = { by: 'https://a', root: root('a'), slot: 64 }
  const b = { by: 'https://b', root: root('b'), slot: 96 }
  it('is sought on the oldest statement, which all can have', () => {
    expect(oldestStatement([b, a])).toBe(a)
  })
  it('knows no majority', () => {
    const yes = ['https://a', 'https://c', 'https://d'].map((by) => ({ by, confirms: true, says: 'agrees' }))
    expect(() => requireAgreement(a, yes)).not.toThrow()
    const no = { by: 'https://b', confirms: false, says: 'does not know it' }
    expect(() => requireAgreement(a, [...yes, no])).toThrow(
      expect.objectContaining({
        code: 'CHECKPOINT_DISAGREEMENT',
        message: expect.stringContaining('https://b does not know it'),
      }),
    )
  })
})
