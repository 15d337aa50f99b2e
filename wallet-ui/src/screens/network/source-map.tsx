import type { SourceView } from '@glowworm/wallet-core/facade/facade'
import { useWords } from '../../app/wallet-context.ts'
import { hasAnswered } from './pulse-words.ts'

const WIDTH = 320
const HEIGHT = 160
const SHOWN = 12

/** Where source `i` of `count` stands on the ellipse around this device. */
export function placeOf(i: number, count: number): { x: number; y: number } {
  const angle = (2 * Math.PI * i) / count - Math.PI / 2 + Math.PI / Math.max(2, count)
  return { x: WIDTH / 2 + Math.cos(angle) * WIDTH * 0.38, y: HEIGHT / 2 + Math.sin(angle) * HEIGHT * 0.36 }
}

/** This device in the middle, its sources around it; a liar's line is cut, one that has not answered yet is faint. Circles are peers, squares are servers. */
export function SourceMap({ sources }: { sources: readonly SourceView[] }) {
  const { t } = useWords()
  const shown = sources.slice(0, SHOWN)
  return (
    <svg
      className="source-map"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t('network.sources.map', { count: sources.filter(hasAnswered).length })}
    >
      {shown.map((source, i) => {
        const { x, y } = placeOf(i, shown.length)
        const server = source.carrier === 'beacon-rest' || source.carrier === 'execution-rpc'
        return (
          <g
            key={source.id}
            className={source.lie ? 'map-liar' : hasAnswered(source) ? 'map-source' : 'map-source map-silent'}
          >
            <title>{source.words}</title>
            <line x1={WIDTH / 2} y1={HEIGHT / 2} x2={x} y2={y} />
            {server ? <rect x={x - 7} y={y - 7} width="14" height="14" rx="3" /> : <circle cx={x} cy={y} r="8" />}
            {source.lie && <path d={`M${x - 9} ${y - 9}l18 18M${x + 9} ${y - 9}l-18 18`} />}
          </g>
        )
      })}
      <circle className="map-you" cx={WIDTH / 2} cy={HEIGHT / 2} r="20" />
      <text className="map-text" x={WIDTH / 2} y={HEIGHT / 2 + 4} textAnchor="middle">
        {t('network.you')}
      </text>
    </svg>
  )
}
