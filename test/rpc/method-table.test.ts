/** docs/json-rpc.md lists every method as the code has it: a table that is wrong is worse than none. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { METHODS, REFUSED } from '@glowworm/light-client/application/rpc/methods'
import { ANSWER_METHOD } from '@glowworm/light-client/application/rpc/rpc'
import { expect, it } from 'vitest'

/** They stand with the connection, not in the table of methods. */
const OF_A_CONNECTION = ['eth_subscribe', 'eth_unsubscribe', ANSWER_METHOD]

it('the table of methods is that of the code', () => {
  const text = readFileSync(fileURLToPath(new URL('../../docs/json-rpc.md', import.meta.url)), 'utf8')
  const rows = [...text.matchAll(/^\| `([\w*]+)` +\| (verified|local|attested|refused) +\| (.+?) +\|$/gm)].map(
    ([, name, standing, how]) => [name, standing, how] as const,
  )
  expect(rows.filter(([name]) => !OF_A_CONNECTION.includes(name!))).toEqual([
    ...Object.entries(METHODS).map(([name, { standing, how }]) => [name, standing, how]),
    ...Object.entries(REFUSED).map(([name, why]) => [name, 'refused', why]),
  ])
  expect(rows.map(([name]) => name).filter((name) => OF_A_CONNECTION.includes(name!))).toEqual(OF_A_CONNECTION)
})
