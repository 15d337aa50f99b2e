import type { PlacedRow } from '../compare.ts'
import { INSTANTIATION } from './goals.ts'
import { escaped, ratioChart } from './report-chart.ts'
import { timeText } from './report-text.ts'
import { type Standing, standings, tally } from './standing.ts'

const STYLE = `
:root { color-scheme: light dark; --page: #f9f9f7; --card: #fcfcfb; --ink: #0b0b0b; --soft: #52514e; --line: #e1e0d9;
  --even: #898781; --band: #cde2fb; --least: #1c5cab; --node: #2a78d6; --chromium: #eb6834; --short: #b3261e }
@media (prefers-color-scheme: dark) { :root { --page: #0d0d0d; --card: #1a1a19; --ink: #fff; --soft: #c3c2b7;
  --line: #2c2c2a; --even: #898781; --band: #10355f; --least: #86b6ef; --node: #3987e5; --chromium: #d95926; --short: #ff8a80 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1020px; margin: 0 auto; padding: 32px 16px 64px }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 17px; margin: 0 0 4px } p { margin: 4px 0; color: var(--soft) }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 20px; margin-top: 20px; overflow-x: auto }
.count { font-size: 34px; font-weight: 600; line-height: 1.2 }
svg { display: block; width: 100%; min-width: 720px; height: auto }
svg text { fill: var(--ink); font-size: 13px } svg .tick, svg .peer { fill: var(--soft); font-size: 11.5px }
svg .short { fill: var(--short); font-size: 11.5px; font-weight: 600 }
.grid { stroke: var(--line) } .even { stroke: var(--even) } .band { fill: var(--band) }
.least { stroke: var(--least); stroke-width: 2 } .mark { stroke: var(--card); stroke-width: 2 }
.node { fill: var(--node) } .chromium { fill: var(--chromium) }
.key { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 8px 0 4px; color: var(--soft); font-size: 13px }
.key span { display: inline-flex; align-items: center; gap: 6px } .key svg { width: 16px; min-width: 16px; height: 16px }
table { border-collapse: collapse; width: 100%; font-size: 13.5px } th { text-align: left; font-weight: 600 }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } td.verdict { white-space: nowrap }
td.short { color: var(--short); font-weight: 600; white-space: nowrap }
`

const VERDICTS = { aim: 'its aim', least: 'its least', short: 'falls short' }
const sample = (shape: string) => `<svg viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`

/** One page with everything inside. `measured` says when and on what. */
export function reportHtml(rows: readonly PlacedRow[], measured: string): string {
  const all = standings(rows)
  const { reached, judged, notMeasured } = tally(all)
  const rest = notMeasured > 0 ? `, ${notMeasured} not measured` : ''
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Crypto core against its peers</title><style>${STYLE}</style></head><body><main>
<h1>Crypto core against its peers</h1>
<p>${escaped(measured)}. Blocks of ours and of the peer in turn, in one process; medians.</p>
<section><div class="count">${reached} of ${judged}</div><p>rows reach their least${rest}</p></section>
<section><h2>How many times as fast as the peer</h2>
<div class="key"><span>${sample('<circle class="node" cx="8" cy="8" r="6"/>')}Node</span>
<span>${sample('<rect class="chromium" x="2.5" y="2.5" width="11" height="11" rx="1"/>')}Chromium</span>
<span>${sample('<line class="least" x1="8" x2="8" y1="1" y2="15"/>')}at least</span>
<span>${sample('<rect class="band" y="2" width="16" height="12" rx="2"/>')}from there to the aim</span></div>
${ratioChart(all)}</section>
<section><h2>All figures</h2><table><thead><tr><th>primitive</th><th>where</th><th>peer</th><th class="n">ours</th>
<th class="n">peer</th><th class="n">ratio</th><th class="n">at least</th><th class="n">aim</th><th>reaches</th></tr></thead><tbody>
${all.map(tableRow).join('\n')}
</tbody></table></section>
</main></body></html>
`
}

function tableRow({ row, goal, verdict }: Standing): string {
  const { name, where, peerName, ours, peer, ratio, unit } = row
  const limit = name === INSTANTIATION.name ? `under ${INSTANTIATION.atMostMilliseconds} ms` : ''
  const cells: [text: string, kind: string][] = [
    [name, ''],
    [where, ''],
    [peerName ?? '', ''],
    [timeText(ours, unit), 'n'],
    [peer === null ? '' : timeText(peer, unit), 'n'],
    [ratio === null ? '' : `${ratio.toFixed(2)}×`, 'n'],
    [goal ? `${goal.atLeast}×` : limit, 'n'],
    [goal?.aim ? `${goal.aim}×` : '', 'n'],
    [verdict ? VERDICTS[verdict] : '', verdict === 'short' ? 'short' : 'verdict'],
  ]
  return `<tr>${cells.map(([text, kind]) => `<td${kind && ` class="${kind}"`}>${escaped(text)}</td>`).join('')}</tr>`
}
