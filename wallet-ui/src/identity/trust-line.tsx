import type { Shown } from '@glowworm/wallet-core/facade/facade'
import type { StatusView, TrustView } from '@glowworm/wallet-core/facade/identity'
import { useNow, useWords } from '../app/wallet-context.ts'
import { LightMark } from '../proof/light.tsx'
import { readProof } from '../proof/reading.ts'
import { useSay } from './words.tsx'

/** What an identity rests on: only what a ledger proves glows. `still`: as it was then. */
export function TrustLine({ trust, still = false }: { trust: TrustView; still?: boolean }) {
  const words = useWords()
  const say = useSay()
  const now = useNow()
  if (trust.kind === 'self-certified') return <p className="trust fine">{say('trust.self')}</p>
  const { checkedAt } = trust
  const shown: Shown<null> =
    trust.kind === 'proven'
      ? { ...trust, handle: '', value: null, trail: [] }
      : { kind: 'attested', value: null, by: trust.kind === 'certificate' ? trust.subject : trust.by, checkedAt }
  const reading = readProof(shown, words, still ? trust.checkedAt : now, false)
  return (
    <p className="trust" data-testid="trust" data-kind={trust.kind}>
      <LightMark reading={reading} />
      <span>
        {say(WORDS[trust.kind])}
        <span className="trust-words fine">
          {reading.words}
          {trust.kind === 'proven' && still && !trust.final && ` · ${words.number(trust.height)}`}
        </span>
      </span>
    </p>
  )
}

const WORDS = { proven: 'trust.proven', attested: 'trust.said', certificate: 'trust.certificate' } as const

export function StatusLine({ status }: { status: StatusView | null }) {
  const words = useWords()
  const say = useSay()
  const now = useNow()
  if (status === null) return <p className="fine">{say('status.none')}</p>
  const ago = words.ago(status.listedAt, now)
  return (
    <p className={`status status-${status.state}`} data-testid="status" data-state={status.state}>
      {say(`status.${status.state}`)}
      <span className="trust-words fine breaks">
        {status.anchored ? say('status.anchored', { ago }) : say('status.age', { ago, by: status.by })}
      </span>
    </p>
  )
}
