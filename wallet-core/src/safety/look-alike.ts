/** Addresses made to be taken for others: people compare the ends, so attackers look for keys whose ends fit. */
import type { Hex } from '@glowworm/light-client'

/** Digits at both ends. Of two addresses that nobody made alike, one pair in 2³² fits. */
const ALIKE = 4

/** Both lower case. An address is not like itself. */
export function looksLike(a: Hex, b: Hex): boolean {
  return a !== b && a.slice(2, 2 + ALIKE) === b.slice(2, 2 + ALIKE) && a.slice(-ALIKE) === b.slice(-ALIKE)
}
