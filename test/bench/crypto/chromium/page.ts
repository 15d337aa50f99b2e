/** What runs in the page: the same contests as under Node. Everything that crosses to the test process is plain JSON. */
import type { PlacedRow } from '../../compare.ts'
import { instantiation } from '../instantiation.ts'
import { runContests } from '../run-contests.ts'

export interface PageApi {
  run(only: string): Promise<PlacedRow[]>
}

declare global {
  interface Window {
    bench: PageApi
    say(text: string): void
  }
}

window.bench = {
  run: async (only) => [
    ...(await runContests({ where: 'chromium', only, say: (text) => window.say(text) })),
    ...(await instantiation('chromium', only)),
  ],
}
