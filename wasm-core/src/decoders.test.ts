/** Bad input of every kind, bounded; the manual profile is `decoders.slow.ts`. */
import { describe, expect, it } from 'vitest'
import { allDecoders } from '../test/fuzz/all-decoders.ts'
import { fuzz } from '../test/fuzz/decoder.ts'

/** Each decoder gets about this much work: a pairing is worth a thousand hashes. */
const RUNS: Record<string, number> = {
  'G1 decompression': 400,
  'G2 decompression': 300,
  'BLS verification with pairing': 40,
}
const CHEAP_RUNS = 1500

describe('changed input ends in an answer or a typed error, whatever lies around it, as in noble', async () => {
  for (const decoder of await allDecoders())
    it(decoder.name, () => {
      const outcomes = fuzz(decoder, RUNS[decoder.name] ?? CHEAP_RUNS, 0x9e3779b9)
      expect(outcomes.size).toBeGreaterThan(1)
    })
})
