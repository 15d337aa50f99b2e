import type { ReactNode } from 'react'

/** Line icons on a 24 grid, drawn here so that nothing is fetched. */
const SHAPES = {
  home: <path d="M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z" />,
  activity: <path d="M4 12h4l2.5-6 4 12 2.5-6h3" />,
  identity: (
    <>
      <rect x="3.5" y="5.5" width="17" height="13" rx="2" />
      <circle cx="9" cy="11" r="2" />
      <path d="M6 16c.6-1.4 1.7-2 3-2s2.4.6 3 2M14.5 10H18M14.5 13.5H18" />
    </>
  ),
  network: (
    <>
      <circle cx="12" cy="6" r="2.2" />
      <circle cx="5.5" cy="17" r="2.2" />
      <circle cx="18.5" cy="17" r="2.2" />
      <path d="m10.9 8-4.3 7.1M13.1 8l4.3 7.1M7.7 17h8.6" />
    </>
  ),
  settings: (
    <>
      <path d="M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5" />
      <circle cx="15" cy="7" r="2" />
      <circle cx="9" cy="12" r="2" />
      <circle cx="13" cy="17" r="2" />
    </>
  ),
  receive: <path d="M12 4v12M7 11.5l5 5 5-5M5 20h14" />,
  send: <path d="M12 20V8M7 12.5l5-5 5 5M5 4h14" />,
  drop: <path d="M12 4c3.5 4.2 5.5 7 5.5 9.8a5.5 5.5 0 0 1-11 0C6.5 11 8.5 8.2 12 4z" />,
  copy: (
    <>
      <rect x="8.5" y="8.5" width="11" height="11" rx="2" />
      <path d="M5.5 15.5a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1" />
    </>
  ),
  back: <path className="mirrored" d="M14.5 5.5 8 12l6.5 6.5" />,
  next: <path className="mirrored" d="M9.5 5.5 16 12l-6.5 6.5" />,
  down: <path d="M6 9.5l6 6 6-6" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  warning: <path d="M12 4.5 3.5 19.5h17zM12 10v4.5M12 17v.2" />,
  lock: (
    <>
      <rect x="5.5" y="10.5" width="13" height="9" rx="2" />
      <path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5" />
    </>
  ),
  plus: <path d="M12 5v14M5 12h14" />,
  again: <path d="M19 12a7 7 0 1 1-2.2-5.1M19 4v4.5h-4.5" />,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof SHAPES

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {SHAPES[name]}
    </svg>
  )
}

/** The mark: a warm body and the one thing that glows. */
export function Logo() {
  return (
    <svg className="logo" viewBox="9 11 53 48" aria-hidden="true" focusable="false">
      <path className="logo-body" d="M13 45c-3-9 1-21 11-27 7-4 15-3 19 2 5 6 2 15-6 20-7 5-15 8-24 5z" />
      <path className="logo-line" d="M24 18c3 6 3 15-1 26M34 15c3 6 3 16-1 26" />
      <circle className="logo-halo" cx="45" cy="42" r="15" />
      <circle className="logo-light" cx="45" cy="42" r="7" />
    </svg>
  )
}
