import type { DidChange } from '@glowworm/wallet-core/facade/identity'
import { Section } from '../controls/screen.tsx'
import { useSay } from './words.tsx'

const DAY = 86_400

/** What a change to a name on the ledger means, in words: for the approval of its transaction. */
export default function DidChangeWords({ change }: { change: DidChange }) {
  const say = useSay()
  const days = 'validity' in change ? say('change.days', { count: Math.floor((change.validity ?? 0) / DAY) }) : ''
  return (
    <Section title={say('change.title')} testId="did-change">
      <p className="lead breaks">{wordsOf(change)}</p>
      <p className="fine">{say('change.public')}</p>
    </Section>
  )

  function wordsOf(one: DidChange): string {
    switch (one.kind) {
      case 'change-owner':
        return say('change.change-owner', { owner: one.owner })
      case 'deactivate':
        return say('change.deactivate')
      case 'add-delegate':
        return say('change.add-delegate', { delegate: one.delegate, days })
      case 'revoke-delegate':
        return say('change.revoke-delegate', { delegate: one.delegate })
      case 'set-attribute':
        return say('change.set-attribute', { name: one.name, days })
      case 'revoke-attribute':
        return say('change.revoke-attribute', { name: one.name })
    }
  }
}
