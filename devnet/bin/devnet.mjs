#!/usr/bin/env node
// Runs the devnet alone. Plain JavaScript, so that an old Node can still say what it is missing.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Glowworm needs Node 22.18 or newer, this is ${process.versions.node}. Install a newer Node, or run npm ci, which brings one.\n`,
  )
  process.exit(1)
}
const { main } = await import('../src/main.ts')
process.exitCode = await main(process.argv.slice(2))
