import { BUNDLED } from '@glowworm/wallet-core/intent/descriptors/bundled'
import { parseDescriptor } from '@glowworm/wallet-core/intent/descriptors/descriptor'
import { expect, it } from 'vitest'
import { DESCRIBED } from './descriptors.ts'

it('every word of the bundled descriptors is there in every language, and no other', () => {
  const formats = BUNDLED.flatMap((given) => parseDescriptor(given).formats)
  const texts = new Set(formats.flatMap(({ intent, fields }) => [intent, ...fields.map(({ label }) => label)]))
  for (const [language, table] of Object.entries(DESCRIBED))
    expect(Object.keys(table).sort(), language).toEqual([...texts].sort())
})
