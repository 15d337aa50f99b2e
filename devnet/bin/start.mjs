#!/usr/bin/env node
// What `npm start` runs. Plain JavaScript, so that an old Node can still say what it is missing.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Glowworm needs Node 22.18 or newer, this is ${process.versions.node}. Run npm ci first, which brings one, or install a newer Node.\n`,
  )
  process.exit(1)
}
const { main } = await import('../src/start/main.ts')
// Exits here rather than when nothing is left to do: libraries may hold sockets that are no work of ours.
process.exit(await main(process.argv.slice(2)))
