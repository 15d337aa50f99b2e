import type { Goal } from './goals.ts'
import type { Standing } from './standing.ts'

const WIDTH = 940
const LABEL = 380
const RIGHT = 40
const ROW = 34
const TOP = 34
const TICKS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200]

interface Line {
  readonly goal: Goal
  readonly points: readonly Standing[]
}

/**
 * One line per goal on a logarithmic scale of ratios: a band from the least to the aim, a dot for Node, a square for
 * Chromium a little below it. Shapes and words say what the colours say.
 */
export function ratioChart(all: readonly Standing[]): string {
  const lines = linesOf(all)
  if (lines.length === 0) return ''
  const values = lines.flatMap(({ goal, points }) => [goal.atLeast, goal.aim ?? goal.atLeast, ...points.map(ratioOf)])
  const low = TICKS.findLast((tick) => tick <= Math.min(...values)) ?? TICKS[0]!
  const high = TICKS.find((tick) => tick >= Math.max(...values)) ?? TICKS.at(-1)!
  const x = (ratio: number) => {
    const share = Math.log(Math.min(Math.max(ratio, low), high) / low) / Math.log(high / low)
    return round(LABEL + share * (WIDTH - LABEL - RIGHT))
  }
  const height = TOP + lines.length * ROW + 8
  const grid = TICKS.filter((tick) => tick >= low && tick <= high).map(
    (tick) =>
      `<line class="${tick === 1 ? 'even' : 'grid'}" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 6}" y2="${height - 8}"/>` +
      `<text class="tick" x="${x(tick)}" y="${TOP - 14}" text-anchor="middle">${tick}×</text>`,
  )
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Ratios of peer time to our time, with goals">
${[...grid, ...lines.map((line, i) => drawn(line, TOP + i * ROW + ROW / 2, x))].join('\n')}
</svg>`
}

function drawn({ goal, points }: Line, y: number, x: (ratio: number) => number): string {
  const least = x(goal.atLeast)
  const aim = x(goal.aim ?? goal.atLeast)
  const short = points.some(({ verdict }) => verdict === 'short')
  const name = `<tspan>${escaped(goal.name)}</tspan><tspan class="peer" x="0" dy="14">${escaped(goal.peerName)}${
    short ? '</tspan><tspan class="short"> — falls short' : ''
  }</tspan>`
  const goals = `<rect class="band" x="${least}" y="${y - 9}" width="${Math.max(aim - least, 0)}" height="18" rx="2"/>
<line class="least" x1="${least}" x2="${least}" y1="${y - 11}" y2="${y + 11}"/>`
  const marks = points.map((point) => {
    const at = x(ratioOf(point))
    const { where } = point.row
    const title = `<title>${escaped(`${goal.name}, ${where}: ${ratioOf(point).toFixed(2)}× ${goal.peerName}`)}</title>`
    return where === 'node'
      ? `<circle class="mark node" cx="${at}" cy="${y - 5}" r="6">${title}</circle>`
      : `<rect class="mark chromium" x="${round(at - 5.5)}" y="${y - 0.5}" width="11" height="11" rx="1">${title}</rect>`
  })
  return `<g><text class="label" y="${y - 2}">${name}</text>${goals}${marks.join('')}</g>`
}

function linesOf(all: readonly Standing[]): Line[] {
  const lines = new Map<Goal, Standing[]>()
  for (const standing of all) {
    if (!standing.goal) continue
    lines.set(standing.goal, [...(lines.get(standing.goal) ?? []), standing])
  }
  return [...lines].map(([goal, points]) => ({ goal, points }))
}

const ratioOf = ({ row }: Standing): number => row.ratio ?? 0
const round = (value: number): number => Math.round(value * 10) / 10

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
