import type { Reading } from './reading.ts'

const RADIUS = 6
const AROUND = 2 * Math.PI * RADIUS

/** The small light itself. Shape tells the state as well as colour; words beside it tell it to everyone else. */
export function LightMark({ reading }: { reading: Reading }) {
  const { light, progress } = reading
  return (
    <svg className={`light light-${light}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {light === 'final' && (
        <>
          <circle className="light-halo" cx="10" cy="10" r="9" />
          <circle className="light-dot" cx="10" cy="10" r="5" />
        </>
      )}
      {light === 'proven' && <circle className="light-ring" cx="10" cy="10" r={RADIUS} />}
      {light === 'aged' && <circle className="light-dot" cx="10" cy="10" r="5" />}
      {light === 'proving' && (
        <>
          <circle className="light-track" cx="10" cy="10" r={RADIUS} />
          {progress !== null && (
            <circle
              className="light-progress"
              cx="10"
              cy="10"
              r={RADIUS}
              strokeDasharray={`${(progress * AROUND).toFixed(2)} ${AROUND.toFixed(2)}`}
              transform="rotate(-90 10 10)"
            />
          )}
        </>
      )}
      {light === 'said' && (
        <path
          className="light-quote"
          d="M4 12c0-3 1.2-5.2 4-6.5l.7 1.3C7.3 7.6 6.6 8.6 6.5 9.7 8 9.6 9 10.6 9 12a2.4 2.4 0 0 1-5 0zm7.5 0c0-3 1.2-5.2 4-6.5l.7 1.3c-1.4.8-2.1 1.8-2.2 2.9 1.5-.1 2.5.9 2.5 2.3a2.4 2.4 0 0 1-5 0z"
        />
      )}
      {light === 'unproven' && (
        <>
          <circle className="light-hollow" cx="10" cy="10" r={RADIUS} />
          <path className="light-strike" d="M3.5 16.5l13-13" />
        </>
      )}
    </svg>
  )
}
