/** `sign-pack --kind KIND --version N --days D --seed FILE --out FILE ENTRIES`: a data pack out of a list in JSON. @module */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DEV_PACK_SEED, packKeyOf, signPack } from './sign-pack.ts'

const USAGE = `sign-pack --kind phishing|tokens|descriptors|forks --version N [--days 30] [--seed FILE] --out FILE ENTRIES.json
Without --seed it signs with the key of test networks, which everybody knows. FILE holds 64 hexadecimal digits.`

/** @returns the exit code: 0 done, 2 usage */
export function main(args: readonly string[], now: number): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(
        ['kind', 'version', 'days', 'seed', 'out'].map((name) => [name, { type: 'string' as const }]),
      ),
    })
    const [path] = positionals
    const { kind, version, days = '30', seed, out } = values as Record<string, string | undefined>
    if (!kind || !version || !out || path === undefined || positionals.length !== 1)
      throw new Error('an argument is missing')
    const key = seed === undefined ? DEV_PACK_SEED : seedIn(seed)
    const entries: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (!Array.isArray(entries)) throw new Error(`${path}: expected a list`)
    const expiresAt = now + numberOf(days, 'days') * 86_400_000
    writeFileSync(
      out,
      signPack({ kind, version: numberOf(version, 'version'), issuedAt: now, expiresAt, entries }, key),
    )
    process.stdout.write(`${out}: ${entries.length} entries, signed with ${packKeyOf(key)}\n`)
    return 0
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`)
    return 2
  }
}

function numberOf(text: string, what: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${what}: expected a whole number above 0`)
  return number
}

function seedIn(path: string): Uint8Array {
  const text = readFileSync(path, 'utf8').trim()
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new Error(`${path}: expected 64 hexadecimal digits`)
  return new Uint8Array(Buffer.from(text, 'hex'))
}
