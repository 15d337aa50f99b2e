import { readFile } from 'node:fs/promises'
import { WalletError } from '../../errors.ts'

/** The script for pages, as `npm run build -w @glowworm/wallet-core` made it. @throws {NotBuilt} */
export async function pageScript(): Promise<string> {
  // Seen from the sources, and from the built module that lies beside it.
  const places = ['../../../dist/headless-page.js', './headless-page.js']
  for (const place of places) {
    const text = await readFile(new URL(place, import.meta.url), 'utf8').catch(() => null)
    if (text !== null) return text
  }
  throw new NotBuilt()
}

export class NotBuilt extends WalletError {
  constructor() {
    super(
      { name: 'Headless.NotBuilt', code: 'NOT_BUILT', kind: 'storage' },
      'The script that goes into pages is missing.',
      { next: 'Run "npm run build -w @glowworm/wallet-core".' },
    )
  }
}
