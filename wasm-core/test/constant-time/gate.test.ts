import { beforeAll, describe, expect, it } from 'vitest'
import { readBls12381GroupsFile } from '../../src/infrastructure/bls12381-groups-file.ts'
import { readEd25519File } from '../../src/infrastructure/ed25519-file.ts'
import { readWasmFile } from '../../src/infrastructure/wasm-files.ts'
import { bls12381GroupsOperations } from './bls12381-groups-operations.ts'
import { decodeModule } from './decode-module.ts'
import { ed25519Operations } from './ed25519-operations.ts'
import { type Coverage, findingsOf, type GuardedTarget, gapsOf, type Prepared, reach } from './gate.ts'
import { secp256k1Operations } from './secp256k1-operations.ts'

/** Every target with operations on secrets. One that is added belongs here. */
const targets: [GuardedTarget, () => Promise<Uint8Array<ArrayBuffer>>][] = [
  [secp256k1Operations, () => readWasmFile('secp256k1')],
  [ed25519Operations, readEd25519File],
  [bls12381GroupsOperations, readBls12381GroupsFile],
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
