import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ADDRESS, engines, fundedWallet, settle, utf8 } from '../../../test/wallet.ts'
import { loadBelongings } from '../../host/load-belongings.ts'
import type { Records } from '../../vault/content.ts'
import { EMPTY_LOG, headOf, type Log, withLogged } from './log.ts'
import { compareLog, logFile } from './log-file.ts'

const { sha256 } = engines.hashes
const TO = '0x52908400098527886e0f7030069857d2e4169ee7'
const BLANK: Records = {
  ...{ version: 3, accounts: [], selected: null, hasPhrase: false, backedUp: false, autoLockMinutes: 15 },
  ...{ drills: { phrase: null, file: null }, sites: [], activity: {} },
}
/** A log with so many entries, each a contact that comes and goes. */
function logOf(count: number): Log {
  let records = BLANK
  for (let i = 0; i < count; i++) {
    const contacts = i % 2 === 0 ? [{ id: 'c', name: `N${i}`, address: TO, addedAt: i } as const] : []
    records = withLogged(records, { ...records, contacts }, i, sha256)
  }
  return records.log ?? EMPTY_LOG
}

describe('the chain', () => {
  it('carries what happened, and nothing where nothing did', async () => {
    const t = await fundedWallet({ loadBelongings })
    const { facade } = t.wallet
    await facade.renameAccount({ id: 'eth-0', name: 'Other' })
    await facade.addContact({ name: 'Friend', address: TO, despite: false })
    const { approvalId } = await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 5n })
    await facade.approve({ id: approvalId, revision: 1 })
    await settle()
    const { file } = await facade.exportLog({ accountId: 'eth-0' })
    const { entries, head } = JSON.parse(new TextDecoder().decode(file)) as {
      entries: { n: number; event: string[] }[]
      head: { n: number }
    }
    expect(entries.map(({ event }) => event[0])).toEqual(['contact', 'transaction', 'transaction'])
    expect(entries.slice(1).map(({ event }) => event[4])).toEqual(['signed', 'sent'])
    expect(entries[1]!.event).toEqual(expect.arrayContaining([ADDRESS, TO, '5']))
    expect(head.n).toBe(3)
    expect(await facade.compareLog({ file })).toMatchObject({ entries: 3, signedBy: ADDRESS, found: 'contained' })
    await facade.removeContact({ id: facade.state.contacts[0]!.id })
    expect(await facade.compareLog({ file })).toMatchObject({ entries: 3, found: 'contained' })
  })

  it('keeps the newest two thousand, and goes on from the last that went', () => {
    const log = logOf(2010)
    expect(log.entries).toHaveLength(2000)
    expect(log.start.n).toBe(10)
    expect(log.entries[0]!.n).toBe(11)
    expect(headOf(log).n).toBe(2010)
    expect(compareLog(logFile(log, 5, TO, null), log, engines).found).toBe('contained')
    expect(compareLog(logFile(logOf(9), 5, TO, null), log, engines).found).toBe('older')
    expect(compareLog(logFile(logOf(10), 5, TO, null), log, engines).found).toBe('contained')
  })
})

describe('a file of earlier', () => {
  const log = logOf(12)
  const file = logFile(log, 1_700_000_000_000, TO, null)

  it('shows that something was taken away, or put in another’s place', () => {
    const shorter: Log = { ...log, entries: log.entries.slice(0, 8) }
    expect(compareLog(file, shorter, engines).found).toBe('missing')
    expect(compareLog(file, EMPTY_LOG, engines).found).toBe('missing')
    const other: Log = {
      ...log,
      entries: log.entries.map((one) => ({ ...one, hash: `0x${'ab'.repeat(32)}` as const })),
    }
    expect(compareLog(file, other, engines).found).toBe('different')
  })

  it('changed in any entry does not hold', () => {
    const text = new TextDecoder().decode(file)
    const start = text.indexOf('"entries"')
    const end = text.indexOf('"head"')
    fc.assert(
      fc.property(fc.integer({ min: start + 12, max: end - 1 }), (at) => {
        if (!/[a-z0-9]/i.test(text[at]!)) return
        const changed = text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1)
        expect(() => compareLog(utf8(changed), log, engines)).toThrowError(/does not hold/)
      }),
      { numRuns: 200 },
    )
  })

  it.each(['', '{}', '[]', 'null', '{"format":"glowworm.log.1"}', text(-1), text(9e15)])(
    'that is %j is none',
    (bad) => {
      expect(() => compareLog(utf8(bad), log, engines)).toThrowError(/does not hold/)
    },
  )
})

function text(at: number): string {
  const head = { n: 0, hash: `0x${'0'.repeat(64)}`, at, account: TO, signature: '0x00' }
  return JSON.stringify({ format: 'glowworm.log.1', start: head, entries: [], head })
}
