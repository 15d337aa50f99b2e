/** docs/walletbeat.md names tests: they must be there, by these words. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const rows = readFileSync(new URL('docs/walletbeat.md', root), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
const ids = rows.flatMap((row) => /^\| `(\w+)` \|/.exec(row)?.[1] ?? [])

/** A file in backticks, and the titles in quotation marks that follow it. */
const named = rows.flatMap((row) =>
  [...row.matchAll(/`([\w./-]+\.(?:test|spec)\.tsx?)`((?:,? "[^"]+")*)/g)].flatMap(([, file, titles]) => {
    const all = [...titles!.matchAll(/"([^"]+)"/g)].map(([, title]) => title!)
    return all.length === 0 ? [{ file: file!, title: '' }] : all.map((title) => ({ file: file!, title }))
  }),
)

describe('what is claimed of Walletbeat', () => {
  it('names each criterion of the ladder once', () => {
    expect(ids).toHaveLength(33)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(named)('$file has “$title”', ({ file, title }) => {
    const url = new URL(file, root)
    expect(existsSync(url)).toBe(true)
    expect(readFileSync(url, 'utf8')).toContain(title)
  })

  it('is shown wherever it says yes, but for what the repository itself shows', () => {
    const without = rows
      .filter((row) => /\| yes \|/.test(row) && !/\.(test|spec)\.ts/.test(row))
      .flatMap((row) => /`(\w+)`/.exec(row)?.[1] ?? [])
    expect(without).toEqual(['source_available', 'foss'])
  })
})
