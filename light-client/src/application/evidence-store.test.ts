import { expect, it } from 'vitest'
import { memoryStore } from '../infrastructure/memory-store.ts'
import { PROFILES } from '../ledgers/ethereum/profiles.ts'
import { createEvidenceStore } from './evidence-store.ts'

it('what is damaged on the disk counts as not kept, and is replaced', async () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const store = memoryStore()
  const written: string[] = []
  const noting = {
    ...store,
    write: (key: string, value: Uint8Array) => {
      written.push(key)
      return store.write(key, value)
    },
  }
  const evidence = createEvidenceStore(noting, PROFILES.mainnet!, `0x${'11'.repeat(32)}`)
  await evidence.start({ kind: 'bootstrap', bytes })
  const state = written.find((key) => key.endsWith('/state'))!
  for (const damaged of ['', '{"version":2', 'null', '[]', '{"version":2,"bootstrap":"bootstrap"}']) {
    await store.write(state, new TextEncoder().encode(damaged))
    expect(await evidence.load(), damaged).toBeNull()
  }
  await evidence.start({ kind: 'bootstrap', bytes })
  expect((await evidence.load())?.bootstrap).toEqual({ kind: 'bootstrap', bytes })
})
