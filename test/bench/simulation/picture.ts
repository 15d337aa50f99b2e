/** The figures of a run as one SVG: how soon updates arrive, what they cost, and what becomes of the liars. */
import { type Measured, percentile } from './measure.ts'

interface Panel {
  readonly title: string
  readonly xName: string
  readonly yName: string
  readonly xMost: number
  readonly yMost: number
  readonly points: readonly (readonly [x: number, y: number])[]
  /** A line to read off, with its words. */
  readonly mark: { readonly x: number; readonly words: string } | null
}

const WIDTH = 300
const HEIGHT = 200
const LEFT = 46
const TOP = 46

export function picture(measured: Measured, peers: number): string {
  const panels: Panel[] = [
    {
      title: 'How soon an update is proven',
      xName: 'ms since publication',
      yName: 'share of honest peers',
      ...cumulative(measured.delays, (value) => `95 % within ${Math.round(value)} ms`),
    },
    {
      title: 'What gossip costs a peer',
      xName: 'bytes sent per second',
      yName: 'share of honest peers',
      ...cumulative(measured.gossipRates, (value) => `95 % below ${Math.round(value)} B/s`),
    },
    {
      title: 'Forgers an honest peer is connected to',
      xName: 'slot',
      yName: 'links',
      xMost: Math.max(...measured.forgersAround.map(({ slot }) => slot)),
      yMost: Math.max(0.1, ...measured.forgersAround.map(({ links }) => links)) * 1.2,
      points: measured.forgersAround.map(({ slot, links }) => [slot, links] as const),
      mark: null,
    },
  ]
  const width = panels.length * (WIDTH + LEFT + 16) + 8
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT + TOP + 62}" role="img" aria-label="Simulation of ${peers} peers">
<style>
  svg { background: #fffdf7; color: #23201a; font: 12px system-ui, sans-serif }
  .line { fill: none; stroke: #4a5cc9; stroke-width: 2 }
  .axis { stroke: currentColor; stroke-width: 1; opacity: .45 }
  .mark { stroke: #b3541e; stroke-dasharray: 4 3 }
  .soft { opacity: .7 }
  text { fill: currentColor }
  .name { font-weight: 600 }
  @media (prefers-color-scheme: dark) { svg { background: #16140f; color: #efeadd } .line { stroke: #9aa8ff } .mark { stroke: #f0a36b } }
</style>
${panels.map((panel, i) => draw(panel, 8 + i * (WIDTH + LEFT + 16))).join('\n')}
<text class="soft" x="8" y="${HEIGHT + TOP + 54}">${peers.toLocaleString('en')} peers in virtual time, 30 % liars, churn; drawn by npm run bench -- simulation</text>
</svg>
`
}

function cumulative(sorted: Float64Array, words: (p95: number) => string) {
  const xMost = percentile(sorted, 0.999) * 1.1
  const points = Array.from({ length: 101 }, (_, i) => [percentile(sorted, i / 101), i / 100] as const)
  const p95 = percentile(sorted, 0.95)
  return { xMost, yMost: 1, points, mark: { x: p95, words: words(p95) } }
}

function draw({ title, xName, yName, xMost, yMost, points, mark }: Panel, offset: number): string {
  const lowest = Math.min(points[0]?.[0] ?? 0, title.startsWith('Forgers') ? Number.POSITIVE_INFINITY : 0)
  const x = (value: number) => round(offset + LEFT + ((value - lowest) / (xMost - lowest)) * WIDTH)
  const y = (value: number) => round(TOP + HEIGHT - (value / yMost) * HEIGHT)
  const bottom = TOP + HEIGHT
  const ticks = [0, 0.5, 1].map((share) => lowest + share * (xMost - lowest))
  return [
    `<text class="name" x="${offset + LEFT}" y="16">${title}</text>`,
    `<line class="axis" x1="${offset + LEFT}" y1="${bottom}" x2="${offset + LEFT + WIDTH}" y2="${bottom}"/>`,
    `<line class="axis" x1="${offset + LEFT}" y1="${TOP}" x2="${offset + LEFT}" y2="${bottom}"/>`,
    ...ticks.map(
      (value) => `<text class="soft" text-anchor="middle" x="${x(value)}" y="${bottom + 16}">${short(value)}</text>`,
    ),
    ...[0, 0.5, 1].map(
      (share) =>
        `<text class="soft" text-anchor="end" x="${offset + LEFT - 6}" y="${y(share * yMost) + 4}">${short(share * yMost)}</text>`,
    ),
    `<text class="soft" text-anchor="middle" x="${offset + LEFT + WIDTH / 2}" y="${bottom + 32}">${xName}</text>`,
    `<text class="soft" x="${offset}" y="${TOP - 12}">${yName}</text>`,
    `<polyline class="line" points="${points.map(([a, b]) => `${x(Math.min(a, xMost))},${y(b)}`).join(' ')}"/>`,
    mark
      ? `<line class="mark" x1="${x(mark.x)}" y1="${TOP}" x2="${x(mark.x)}" y2="${bottom}"/><text x="${offset + LEFT + 8}" y="${y(0.88)}">${mark.words}</text>`
      : '',
  ].join('\n')
}

const round = (value: number) => Math.round(value * 10) / 10
const short = (value: number) => (value >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100))
