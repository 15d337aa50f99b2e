import type { Shown, ShownStep } from '@glowworm/wallet-core/facade/facade'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { CopyHex } from '../controls/hex.tsx'
import { Facts } from '../controls/screen.tsx'
import { useCopy } from '../controls/toast.tsx'
import type { Words } from '../messages/language.ts'
import { factName, factText, isHex, storyText } from './facts.ts'
import { LightMark } from './light.tsx'
import { finalityWords, type Reading } from './reading.ts'
import { Refused } from './refused.tsx'

/** The chain of evidence behind one value as a short vertical story. */
export function ProofStory<T>(props: {
  shown: Shown<T>
  label: string
  text: string | null
  exact: ((value: T) => string) | undefined
  reading: Reading
  onClose: () => void
}) {
  const { shown, label, text, reading } = props
  const words = useWords()
  const { t } = words
  return (
    <Dialog title={t(`story.title.${shown.kind}`)} onClose={props.onClose} testId="proof-story">
      <p className="story-value">
        <span className="story-label">{label}</span>
        {text !== null && <span className="proof-value">{text}</span>}
        <span className="proof-light">
          <LightMark reading={reading} />
          <span className="proof-words">{reading.words}</span>
        </span>
      </p>
      {shown.kind === 'proven' && <ProvenStory shown={shown} label={label} exact={props.exact} text={text} />}
      {shown.kind === 'attested' && (
        <>
          <p>{t('story.intro.attested')}</p>
          <Facts
            rows={[
              [t('story.by'), shown.by, 'by'],
              props.exact && props.exact(shown.value) !== text
                ? [t('story.exact'), props.exact(shown.value), 'exact']
                : null,
              [t('story.checked'), words.moment(shown.checkedAt), 'checked'],
            ]}
          />
        </>
      )}
      {shown.kind === 'proving' && <p>{t('story.intro.proving')}</p>}
      {shown.kind === 'unproven' && <UnprovenStory problem={shown.problem} label={label} onClose={props.onClose} />}
    </Dialog>
  )
}

function ProvenStory<T>(props: {
  shown: Extract<Shown<T>, { kind: 'proven' }>
  label: string
  text: string | null
  exact: ((value: T) => string) | undefined
}) {
  const { shown, label } = props
  const words = useWords()
  const { t } = words
  const copy = useCopy()
  const exact = props.exact?.(shown.value)
  return (
    <>
      <p>{shown.final ? t('story.intro.final') : t('story.intro.proven')}</p>
      <ol className="story" data-testid="proof-steps">
        {shown.trail.map((step, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the trail is a fixed sequence
          <StoryStep key={i} step={step} />
        ))}
      </ol>
      <Facts
        rows={[
          exact !== undefined && exact !== props.text ? [t('story.exact'), exact, 'exact'] : null,
          [t('story.block'), `${words.number(shown.height)} · ${finalityWords(shown.words, words)}`, 'block'],
          [t('story.hash'), <CopyHex key="hash" what={t('story.hash')} value={shown.hash} />, 'hash'],
          [t('story.time'), words.moment(shown.time), 'time'],
          [t('story.checked'), words.moment(shown.checkedAt), 'checked'],
        ]}
      />
      <Button
        icon="copy"
        wide
        testId="copy-story"
        onClick={() => copy(t('story.what.all'), storyText(label, exact ?? props.text ?? '', shown, words))}
      >
        {t('story.copyAll')}
      </Button>
    </>
  )
}

function StoryStep({ step }: { step: ShownStep }) {
  const words = useWords()
  const { t } = words
  return (
    <li className="story-step" data-stage={step.stage}>
      <h3>{t(`story.stage.${step.stage}`)}</h3>
      <p>{t(`story.stage.${step.stage}.text`)}</p>
      <Facts
        rows={Object.entries(step.facts).map(([name, fact]) => {
          const title = factName(name, words)
          return [
            title,
            isHex(fact) ? <CopyHex key={name} what={title} value={fact} /> : factText(name, fact, words),
            name,
          ]
        })}
      />
      <p className="fine">{originWords(step, words)}</p>
    </li>
  )
}

function UnprovenStory(props: {
  problem: Parameters<typeof Refused>[0]['problem']
  label: string
  onClose: () => void
}) {
  const { facade } = useWallet()
  return (
    <Refused
      asked={props.label}
      problem={props.problem}
      onAgain={() => {
        props.onClose()
        // What comes of it is told by the light itself.
        facade.refresh().catch(() => {})
      }}
    />
  )
}

/** Who supplied it and how long checking took; a supplier the core did not name is left out rather than made up. */
function originWords(step: ShownStep, words: Words): string {
  const who =
    step.suppliedBy !== null
      ? words.t('story.from', { who: step.suppliedBy })
      : step.stage === 'value'
        ? words.t('story.own')
        : null
  const took = tookWords(step.milliseconds, words)
  return who === null ? took : `${who} · ${took}`
}

function tookWords(milliseconds: number, words: Words): string {
  return milliseconds < 1 ? words.t('story.took.under') : words.t('story.took', { ms: Math.round(milliseconds) })
}
