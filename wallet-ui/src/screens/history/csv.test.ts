import type { TransferView } from '@glowworm/wallet-core/facade/facade'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeEntry } from '../../dev/fake-objects.ts'
import { activityTable, cell } from './csv.ts'

const ME = { id: 'a0', address: `0x${'11'.repeat(20)}` } as const
const OTHER = `0x${'22'.repeat(20)}` as const
const entry = fakeEntry({
  ...{
    id: 'e1',
    accountId: 'a0',
    kind: 'send',
    to: OTHER,
    value: 5n,
    hash: `0x${'ab'.repeat(32)}`,
    at: 0,
    state: 'sent',
  },
  origin: null,
})
const transfer: TransferView = {
  ...{ key: 't', accountId: 'a0', contract: OTHER, from: OTHER, to: ME.address, id: null, amount: 7n, block: 9n },
  ...{ time: 1000, hash: `0x${'cd'.repeat(32)}`, bait: null },
}
/** A reader of RFC 4180 of its own. */
function read(text: string): string[][] {
  const rows: string[][] = [[]]
  let at = 0
  while (at < text.length) {
    let field = ''
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++
        field += text[at]
      }
      at++
    } else while (at < text.length && !/[,\r]/.test(text[at]!)) field += text[at++]
    rows.at(-1)!.push(field)
    if (text[at] === ',') at++
    else {
      at += 2
      rows.push([])
    }
  }
  return rows.slice(0, -1)
}

describe('the table', () => {
  it('has a row for what was signed, what was found, and what that is complete for', () => {
    const others = { ...entry, accountId: 'a1' }
    const coverage = [{ accountId: 'a0', ranges: [{ from: 3n, to: 12n }] }]
    const [head, ...rows] = read(activityTable(ME, [entry, others], [transfer], coverage))
    expect(rows).toHaveLength(3)
    const [sent, received, complete] = rows.map((row) => Object.fromEntries(row.map((field, i) => [head![i], field])))
    expect(sent).toMatchObject({
      kind: 'send',
      from: ME.address,
      to: OTHER,
      asset: 'native',
      amount: '5',
      state: 'sent',
    })
    expect(received).toMatchObject({ kind: 'transfer-in', asset: OTHER, amount: '7', block: '9', proof: 'final' })
    expect(complete).toMatchObject({ kind: 'transfers-complete', block: '3-12', amount: '' })
  })

  it('names the recipient of a token, not the contract', () => {
    const moves = { contract: OTHER, recipient: ME.address, id: 4n, amount: 1n }
    const [head, row] = read(activityTable(ME, [{ ...entry, moves }], [], []))
    expect(row![head!.indexOf('to')]).toBe(ME.address)
    expect(row![head!.indexOf('item')]).toBe('4')
  })

  it('leaves nothing that a spreadsheet would carry out, and loses no text', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '=HYPERLINK("x","y")', '＝1', '"=1'),
    )
    fc.assert(
      fc.property(text, (site) => {
        const table = activityTable(ME, [{ ...entry, origin: site }], [], [])
        const [head, row] = read(table)
        const field = row![head!.indexOf('site')]!
        expect(field === site || field === `'${site}`).toBe(true)
        expect(/^\s*[=+\-@＝＋－＠]/.test(field)).toBe(false)
      }),
    )
    expect(cell(null)).toBe('')
  })
})
