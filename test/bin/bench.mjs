#!/usr/bin/env node
// npm run bench -- SUITE [--json] [--only PART]
const SUITES = {
  calls: '../bench/calls.ts',
  crypto: '../bench/crypto/suite.ts',
  'constant-time': '../bench/constant-time/suite.ts',
  extension: '../bench/extension/suite.ts',
  identity: '../bench/identity/suite.ts',
  p2p: '../bench/p2p/suite.ts',
  simulation: '../bench/simulation/suite.ts',
  sync: '../bench/sync/suite.ts',
  ui: '../bench/ui/suite.ts',
}
const USAGE = `npm run bench -- SUITE [--json] [--only PART]
suites: ${Object.keys(SUITES).join(', ')}
--only PART measures the lines of "crypto" and "identity" that have PART in their names; for "sync" PART is node or chromium,
for "simulation" another number of peers than 10000, for "p2p" size, node, chromium, tab, load or soak (ten minutes),
for "ui" page or popup
`
const args = process.argv.slice(2)
const only = args.includes('--only') ? (args.splice(args.indexOf('--only'), 2)[1] ?? '') : ''
const name = args.find((argument) => !argument.startsWith('-'))
if (args.includes('--help') || !name || !Object.hasOwn(SUITES, name)) {
  process.stdout.write(USAGE)
  process.exit(args.includes('--help') ? 0 : 2)
}
const { run, present = lines } = await import(SUITES[name])
const rows = await run(only)
process.stdout.write(args.includes('--json') ? `${JSON.stringify(rows)}\n` : await present(rows))

/** For suites that have no table of their own. */
function lines(rows) {
  return rows
    .map(({ name: row, ours, peer, peerName, ratio, unit }) => {
      const compared = peer === null ? '' : ` ${peerName} ${peer} ${unit}, ratio ${ratio}`
      return `${row.padEnd(44)} ${String(ours).padStart(10)} ${unit.padEnd(4)}${compared}\n`
    })
    .join('')
}
