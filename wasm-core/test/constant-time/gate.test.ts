import { beforeAll, describe, expect, it } from 'vitest'
import { readEd25519File } from '../../src/infrastructure/ed25519-file.ts'
import { readWasmFile } from '../../src/infrastructure/wasm-files.ts'
import { decodeModule } from './decode-module.ts'
import { ed25519Operations } from './ed25519-operations.ts'
import { type Coverage, findingsOf, type GuardedTarget, gapsOf, type Prepared, reach } from './gate.ts'
import { secp256k1Operations } from './secp256k1-operations.ts'

/** Every target with operations on secrets. One that is added belongs here. */
const targets: [GuardedTarget, () => Promise<Uint8Array<ArrayBuffer>>][] = [
  [secp256k1Operations, () => readWasmFile('secp256k1')],
  [ed25519Operations, readEd25519File],
]

describe.each(targets)('$name in constant time, and wiped', (target, read) => {
  let prepared: Prepared
  const coverage: Coverage = new Map()
  beforeAll(async () => {
    const bytes = await read()
    prepared = { module: decodeModule(bytes), ...(await target.prepare(bytes)) }
  })

  it.each(target.operations)('$name', (operation) => {
    expect(findingsOf(target, operation, prepared, coverage)).toEqual([])
  })

  it('of which no instruction was left out', () => {
    expect(reach(prepared.module, target.operations).size).toBeGreaterThan(15)
    expect(gapsOf(target, prepared, coverage)).toEqual([])
  })
})
