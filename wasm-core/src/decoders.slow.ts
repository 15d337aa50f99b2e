/** A million changed inputs for each decoder, 20,000 where a pairing is involved. See README.md, “Bad input”. */
import { describe, expect, it } from 'vitest'
import { allDecoders } from '../test/fuzz/all-decoders.ts'
import { fuzz } from '../test/fuzz/decoder.ts'

const HOURS = 3_600_000

describe('changed input, in numbers', async () => {
  for (const decoder of await allDecoders())
    it(
      decoder.name,
      () => {
        const start = performance.now()
        const outcomes = fuzz(decoder, decoder.runs, 0x243f6a88)
        const words = [...outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join('; ')
        const seconds = Math.round((performance.now() - start) / 1000)
        process.stdout.write(`${decoder.name}: ${decoder.runs} inputs in ${seconds} s. ${words}\n`)
        expect(outcomes.size).toBeGreaterThan(1)
      },
      12 * HOURS,
    )
})
