/** What an entry moved, in as many words as fit into a row. Pure. */
import type { ActivityEntry, AssetView } from '@glowworm/wallet-core/facade/facade'
import { readableUnits } from '../../amount/units.ts'
import type { Words } from '../../messages/language.ts'

/**
 * A token with its amount where its decimals are proven, else its name alone: a number in the smallest unit would be taken
 * for another. Null: the entry moves the network's coin.
 */
export function moveWords(
  { moves }: Pick<ActivityEntry, 'moves'>,
  assets: readonly AssetView[],
  words: Words,
): string | null {
  if (moves === null) return null
  const { contract, id, amount } = moves
  const token = assets.find((asset) => asset.address === contract)?.token
  const name = token?.symbol.kind === 'proven' ? token.symbol.value : `${contract.slice(0, 8)}…${contract.slice(-6)}`
  if (id !== null) return `${amount === 1n ? '' : `${words.number(amount)} × `}${name} #${id}`
  if (token?.decimals.kind !== 'proven') return name
  return `${readableUnits(amount, token.decimals.value, words.signs)} ${name}`
}
