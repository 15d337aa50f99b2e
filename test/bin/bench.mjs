#!/usr/bin/env node
// npm run bench -- SUITE [--json]
const SUITES = {
  calls: '../bench/calls.ts',
  crypto: '../bench/crypto.ts',
  'constant-time': '../bench/constant-time/suite.ts',
  sync: '../bench/sync.ts',
}
const args = process.argv.slice(2)
const name = args.find((argument) => !argument.startsWith('-'))
if (args.includes('--help') || !name || !Object.hasOwn(SUITES, name)) {
  process.stdout.write(`npm run bench -- SUITE [--json]\nsuites: ${Object.keys(SUITES).join(', ')}\n`)
  process.exit(args.includes('--help') ? 0 : 2)
}
const { run } = await import(SUITES[name])
const rows = await run()
if (args.includes('--json')) process.stdout.write(`${JSON.stringify(rows)}\n`)
else
  for (const { name: row, ours, peer, peerName, ratio, unit } of rows)
    process.stdout.write(
      `${row.padEnd(44)} ${String(ours).padStart(10)} ${unit.padEnd(4)}${peer === null ? '' : ` ${peerName} ${peer} ${unit}, ratio ${ratio}`}\n`,
    )
