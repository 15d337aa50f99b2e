#!/usr/bin/env node
// Runs the built CLI where there is one, and the TypeScript sources in a checkout, so that the command works before
// anything is built. Plain JavaScript: it must be able to tell an old Node what is wrong.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { restartWithLittleMemory } from './low-memory.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Node 22.18 or newer is needed, this is ${process.versions.node}. Get it from https://nodejs.org.\n`,
  )
  process.exit(2)
}

if (process.argv.includes('--low-memory')) {
  try {
    restartWithLittleMemory()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}

const source = new URL('../src/application/cli/main.ts', import.meta.url)
const built = new URL('../dist/cli.js', import.meta.url)
if (existsSync(source)) {
  module.registerHooks({
    resolve: (name, context, next) => next(name, { ...context, conditions: [...context.conditions, 'source'] }),
  })
}
const { main } = await import(existsSync(source) ? source : built)

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort(new Error(signal)))
// Whoever reads may have read enough (`| head`). Without a reader of results there is nothing left to do; without one of
// progress there is.
process.stdout.on('error', (cause) => interrupted.abort(cause))
process.stderr.on('error', () => {})
process.exitCode = await main(process.argv.slice(2), interrupted.signal)
// What a library still holds open keeps no command from ending; what was printed has this long to be read.
setTimeout(() => process.exit(), 1000).unref()
