/** A source whose silence is told, once and soon, while the command goes on with the others. @module */
import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import type { EvidenceSource } from '../../network/evidence-source.ts'

/** Milliseconds without an answer that a person wants to know of. */
const SILENCE = 2500

/** @param tell is called at most once, with words about the source */
export function watchedSource(source: EvidenceSource, clock: Clock, tell: (words: string) => void): EvidenceSource {
  let told = false
  const say = (words: string) => {
    if (!told) tell(words)
    told = true
  }
  return {
    description: source.description,
    serves: (type) => source.serves(type),
    close: () => source.close(),
    async request(request, signal) {
      const answered = new AbortController()
      clock.sleep(SILENCE, answered.signal).then(
        () => say(`${source.description.words} has not answered for ${SILENCE / 1000} s`),
        () => {},
      )
      try {
        return await source.request(request, signal)
      } catch (cause) {
        if (cause instanceof GlowwormError && cause.kind === 'unreachable' && !signal.aborted) say(cause.message)
        throw cause
      } finally {
        answered.abort()
      }
    },
  }
}
