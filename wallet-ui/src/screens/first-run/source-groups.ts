/** A peer with several addresses is one source: it is shown, chosen and counted once. */
import type { SourceChoice } from '@glowworm/wallet-core/facade/facade'

export interface SourceGroup {
  readonly key: string
  readonly kind: SourceChoice['kind']
  /** All ways to reach it, at least one. */
  readonly choices: readonly SourceChoice[]
  /** True when at least one of its addresses is chosen. */
  readonly chosen: boolean
}

/** In the order in which each source is first named. */
export function groupSources(choices: readonly SourceChoice[]): SourceGroup[] {
  const groups = new Map<string, SourceGroup>()
  for (const choice of choices) {
    const key = sourceKey(choice)
    const known = groups.get(key)
    groups.set(key, {
      key,
      kind: choice.kind,
      choices: [...(known?.choices ?? []), choice],
      chosen: choice.chosen || known?.chosen === true,
    })
  }
  return [...groups.values()]
}

/** How many sources are chosen, however many addresses they have. What only carries packets is none. */
export const countChosen = (choices: readonly SourceChoice[]): number =>
  groupSources(choices).filter(({ chosen, kind }) => chosen && kind !== 'turn').length

/** Chooses, or not, every address of the sources that `group` names. */
export function chooseGroup(choices: readonly SourceChoice[], group: SourceGroup, chosen: boolean): SourceChoice[] {
  return choices.map((choice) => (group.choices.includes(choice) ? { ...choice, chosen } : choice))
}

/** The identity a peer address ends with, e.g. `/ip4/…/p2p/12D3…`; anything else is its own address. */
function sourceKey({ kind, address }: SourceChoice): string {
  const peer = kind === 'peer' ? /\/p2p\/([^/]+)$/.exec(address)?.[1] : undefined
  return `${kind} ${peer ?? address}`
}
