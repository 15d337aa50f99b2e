import type { AssetView } from '@glowworm/wallet-core/facade/facade'
import { beforeAll, expect, it } from 'vitest'
import { HELD_ASSETS } from '../../dev/fake-belongings.ts'
import { loadWords, type Words } from '../../messages/language.ts'
import { moveWords } from './move-words.ts'

const { assets } = HELD_ASSETS.holdings
const [usdc, , art, bag, unread] = assets as [AssetView, AssetView, AssetView, AssetView, AssetView]
const moved = ({ address: contract }: AssetView, id: bigint | null, amount: bigint) => ({
  moves: { contract, recipient: contract, id, amount },
})
let words: Words
beforeAll(async () => {
  words = await loadWords('en')
})

it('says what an entry moved, and no number that could be taken for another', () => {
  expect(moveWords({ moves: null }, assets, words)).toBeNull()
  expect(moveWords(moved(usdc, null, 1_250_000n), assets, words)).toBe('1.25 USDC')
  expect(moveWords(moved(art, 7n, 1n), assets, words)).toBe('ART #7')
  expect(moveWords(moved(bag, 3n, 4n), assets, words)).toBe('4 × BAG #3')
  expect(moveWords(moved({ ...unread, address: `0x${'9'.repeat(40)}` }, null, 5n), assets, words)).toBe(
    '0x999999…999999',
  )
})
