/** Prints what the built wallet weighs and fails past the budget. Run after the build: `node size.ts`. */
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const DIST = new URL('./dist/', import.meta.url)
/**
 * KB gzipped. `first` is what the page loads before anything can be seen, with the words of one language, the longest;
 * libp2p comes when peers are asked for.
 */
const BUDGET = { first: 122, worker: 200, peers: 220 }

interface File {
  readonly name: string
  readonly bytes: number
  readonly gzipped: number
}

const files: File[] = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const content = readFileSync(`${entry.parentPath}/${entry.name}`)
    return { name: entry.name, bytes: content.length, gzipped: gzipSync(content, { level: 9 }).length }
  })
  .sort((a, b) => b.gzipped - a.gzipped)

const total = (match: RegExp) =>
  files.filter(({ name }) => match.test(name)).reduce((sum, { gzipped }) => sum + gzipped, 0) / 1024
const html = readFileSync(new URL('index.html', DIST), 'utf8')
const first = [...html.matchAll(/(?:src|href)="\.\/assets\/([^"]+)"/g)].flatMap(([, name]) => (name ? [name] : []))
const words = files.filter(({ name }) => /^words\.\w\w-/.test(name))
if (words.length === 0) throw new Error('dist/ has no words: build the wallet first')
const sizes = {
  first: total(
    new RegExp(
      `^(${['index.html', ...first, words[0]?.name ?? ''].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`,
    ),
  ),
  worker: total(/^worker-.*\.js$/),
  peers: total(/^browser-node-.*\.js$/),
}

for (const { name, bytes, gzipped } of files)
  console.log(`${kilobytes(bytes / 1024)} ${kilobytes(gzipped / 1024)} gz  ${name}`)
let past = false
for (const part of ['first', 'worker', 'peers'] as const) {
  const over = sizes[part] === 0 || sizes[part] > BUDGET[part]
  past ||= over
  console.log(`${part.padEnd(6)} ${kilobytes(sizes[part])} gz of ${BUDGET[part]} KB${over ? '  OVER BUDGET' : ''}`)
}
process.exitCode = past ? 1 : 0

function kilobytes(count: number): string {
  return `${count.toFixed(1).padStart(7)} KB`
}
