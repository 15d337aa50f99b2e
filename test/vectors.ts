/** Suites on public test vectors: without GLOWWORM_VECTORS they skip and say so; with it a missing file fails. */
import { describe } from 'vitest'
import { vectorRoot } from './vector-files.ts'

export * from './vector-files.ts'

export function describeVectors(name: string, suite: () => void): void {
  describe.skipIf(!vectorRoot)(vectorRoot ? name : `${name} (skipped: GLOWWORM_VECTORS is not set)`, () => suite())
}
