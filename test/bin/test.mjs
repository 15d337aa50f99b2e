#!/usr/bin/env node
// The whole test run. Plain JavaScript up to the version check, so that an old Node gets a clear message.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Node 22.18 or newer is needed, this is ${process.versions.node}. On Linux "npm ci" brings one along; elsewhere get it from https://nodejs.org.\n`,
  )
  process.exit(2)
}
const { runTests } = await import('../run/run-tests.ts')
process.exitCode = await runTests(process.argv.slice(2))
