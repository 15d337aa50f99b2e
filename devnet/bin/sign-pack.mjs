#!/usr/bin/env node
const { main } = await import('../src/packs/main.ts')
process.exitCode = main(process.argv.slice(2), Date.now())
