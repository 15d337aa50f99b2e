import { type Contest, measure, type PlacedRow } from '../compare.ts'
import { type BlsInputs, blsInputs } from './bls-inputs.ts'
import { type Contestants, loadContestants } from './contestants.ts'
import { blsContests, pairingContests } from './contests/bls.ts'
import { ed25519Contests } from './contests/ed25519.ts'
import { hashContests, merkleContests } from './contests/hashes.ts'
import { secp256k1Contests } from './contests/secp256k1.ts'

/** Contests of one subject. The inputs for BLS take a while to make and so are made once. */
export type Contests = (all: Contestants, inputs: BlsInputs) => Contest[]

export interface Plan {
  readonly where: PlacedRow['where']
  /** Measures the contests with this in their name; all when empty. */
  readonly only: string
  /** Hears of every contest before it starts. */
  say(text: string): void
  /** Contests that this place alone can hold. */
  readonly more?: readonly Contests[]
}

/** All contests, one after the other, in this process or page. */
export async function runContests({ where, only, say, more = [] }: Plan): Promise<PlacedRow[]> {
  const all = await loadContestants()
  const inputs = blsInputs()
  const lists = [
    blsContests,
    pairingContests,
    ...more,
    secp256k1Contests,
    ed25519Contests,
    hashContests,
    merkleContests,
  ]
  const contests = lists.flatMap((list) => list(all, inputs)).filter(({ name }) => name.includes(only))
  const rows: PlacedRow[] = []
  for (const [i, each] of contests.entries()) {
    say(`${where}: ${i + 1} of ${contests.length}, ${each.name} (${each.peerName})`)
    rows.push(await measure(each, where))
  }
  return rows
}
