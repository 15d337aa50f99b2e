import { InvalidArgument, InvalidPoint, InvalidSignature, MerkleProofError } from '../../src/errors.ts'
import { toHex } from '../vectors.ts'
import { type Next, randomOf } from './random-input.ts'

/** What takes bytes from strangers. */
export interface Decoder<Input = unknown> {
  readonly name: string
  /** Runs in the manual profile. */
  readonly runs: number
  /** Noble is asked once in so many runs. */
  readonly compared: number
  readonly make: (next: Next) => Input
  /** Each answers on its own instance, with canaries of the given turn around the input. */
  readonly twins: readonly [(input: Input, turn: number) => unknown, (input: Input, turn: number) => unknown]
  readonly noble: (input: Input) => unknown
  /** Throws unless the instances still give known answers. */
  readonly stillWorks: () => void
}

export function decoder<Input>(given: Decoder<Input>): Decoder {
  return given as unknown as Decoder
}

const BLOCK = 1000

/**
 * Asks `runs` inputs. @returns how often each outcome came, for the caller to see that there were several.
 * @throws {Error} for an untyped error, for twins that disagree, for a verdict other than noble's.
 */
export function fuzz(given: Decoder, runs: number, seed: number): Map<string, number> {
  const next = randomOf(seed)
  const counts = new Map<string, number>()
  for (let run = 0; run < runs; run++) {
    const input = given.make(next)
    const [one, two] = given.twins.map((ask) => outcome(() => ask(input, run)))
    const say = (problem: string) => new Error(`${given.name}, run ${run}: ${problem} for ${shown(input)}`)
    if (one !== two) throw say(`"${one}" and "${two}", by what lies around the input,`)
    if (run % given.compared === 0) {
      const expected = outcome(() => given.noble(input))
      if (one !== expected) throw say(`"${one}", noble says "${expected}"`)
    }
    const kind = one!.startsWith('0x') ? 'bytes' : one!
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    if ((run + 1) % BLOCK === 0) given.stillWorks()
  }
  given.stillWorks()
  return counts
}

function outcome(ask: () => unknown): string {
  try {
    const answer = ask()
    return answer instanceof Uint8Array ? `0x${toHex(answer)}` : String(answer ?? 'nothing')
  } catch (error) {
    if (error instanceof InvalidPoint || error instanceof InvalidArgument) return `${error.code} ${error.argument}`
    if (error instanceof MerkleProofError) return `${error.message} @ ${error.node}`
    if (error instanceof InvalidSignature) return error.code
    throw error
  }
}

function shown(input: unknown): string {
  return JSON.stringify(input, (_, value) => (value instanceof Uint8Array ? toHex(value) : value))
}
