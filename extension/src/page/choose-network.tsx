import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { ask, fetchText } from '../infrastructure/own-page.ts'
import { say } from '../messages/say.ts'
import { bundledProfile, DEVNET_PROFILE, readEntered } from './profile-sources.ts'

const MOST_CHARACTERS = 200_000

interface Trouble {
  readonly what: string
  readonly next: string | null
}

/** The first choice of all: by which network's rules evidence is checked. Nothing is contacted before it. */
export function ChooseNetwork({ now, onChosen }: { now: string | null; onChosen: () => void }) {
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [entered, setEntered] = useState('')
  const field = useId()

  async function choose(profile: () => string | Promise<string>): Promise<void> {
    setBusy(true)
    setTrouble(null)
    const problem = await takeProfile(profile)
    setBusy(false)
    setTrouble(problem)
    if (problem === null) onChosen()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readEntered(entered)
    if (read.kind === 'json') void choose(() => read.text)
    else if (read.kind === 'address') void choose(() => fetchProfile(read.url))
    else setTrouble({ what: say(`other.${read.kind}`), next: null })
  }

  return (
    <main className="screen" id="content" data-testid="choose-network">
      <header className="screen-head">
        <h1>{say('title')}</h1>
      </header>
      <p>{say('intro')}</p>
      {now !== null && (
        <div className="notice notice-calm">
          <div>
            <p className="notice-title">{say('now', { name: now })}</p>
            <p>{say('change')}</p>
          </div>
        </div>
      )}
      <div className="rows network-choices">
        <Choice
          name="devnet"
          text={say('devnet.text', { url: DEVNET_PROFILE })}
          busy={busy}
          onClick={() => choose(() => fetchProfile(DEVNET_PROFILE))}
        />
        <Choice
          name="sepolia"
          text={say('sepolia.text')}
          busy={busy}
          onClick={() => choose(() => bundledProfile('sepolia'))}
        />
        <Choice
          name="mainnet"
          text={say('mainnet.text')}
          busy={busy}
          onClick={() => choose(() => bundledProfile('mainnet'))}
        />
      </div>
      <details className="section details">
        <summary data-testid="network-other">{say('other')}</summary>
        <form className="stack" onSubmit={submit} noValidate>
          <div className="field">
            <label htmlFor={field}>{say('other.field')}</label>
            <div className="field-row">
              <textarea
                id={field}
                className="input mono"
                rows={4}
                dir="ltr"
                spellCheck={false}
                autoCapitalize="off"
                value={entered}
                onChange={(event) => setEntered(event.currentTarget.value)}
                aria-describedby={`${field}-hint`}
                data-testid="network-profile"
              />
            </div>
            <p className="hint" id={`${field}-hint`}>
              {say('other.hint')}
            </p>
          </div>
          <button type="submit" className="button" disabled={busy} data-testid="network-profile-use">
            {say('other.use')}
          </button>
        </form>
      </details>
      {trouble && (
        <div
          className="notice notice-caution"
          role="alert"
          data-testid="problem"
          ref={(notice) => notice?.scrollIntoView({ block: 'nearest' })}
        >
          <div>
            <p className="notice-title breaks">{trouble.what}</p>
            {trouble.next && <p>{trouble.next}</p>}
          </div>
        </div>
      )}
    </main>
  )
}

function Choice(props: {
  name: 'mainnet' | 'sepolia' | 'devnet'
  text: ReactNode
  busy: boolean
  onClick: () => void
}) {
  return (
    <button
      type="button"
      className="network-choice"
      disabled={props.busy}
      onClick={props.onClick}
      data-testid={`network-${props.name}`}
    >
      <span className="check-title">{say(props.name)}</span>
      <span className="check-text breaks">{props.text}</span>
    </button>
  )
}

/** Hands the profile to the worker, which reads and keeps it. Null when that worked. */
async function takeProfile(profile: () => string | Promise<string>): Promise<Trouble | null> {
  try {
    const { problem } = await ask({ ask: 'choose-network', profile: await profile() })
    return problem && { what: problem.message, next: problem.next }
  } catch (error) {
    if (error instanceof NoProfile) return { what: error.message, next: say('fetch.failed.next') }
    throw error
  }
}

async function fetchProfile(url: string): Promise<string> {
  try {
    return await fetchText(url, MOST_CHARACTERS)
  } catch (cause) {
    // Browsers tell pages no more than this when nobody answers or the answer must not be read.
    const reason =
      cause instanceof TypeError ? say('fetch.silent') : cause instanceof Error ? cause.message : String(cause)
    throw new NoProfile(say('fetch.failed', { url, reason }), { cause })
  }
}

/** Nobody gave a profile at that address. */
class NoProfile extends Error {
  override readonly name = 'Extension.NoProfile'
}
