import type { Action, DescribedField, Intent, IntentWarning, WarningCode } from '@glowworm/wallet-core/facade/facade'
import { CopyHex } from '../../controls/hex.tsx'
import { Notice } from '../../controls/notice.tsx'
import { Facts } from '../../controls/screen.tsx'
import { Proof } from '../../proof/proof.tsx'
import { fullAmount } from '../outcome.ts'
import { atomText } from '../signed-value.ts'
import {
  descriptorWords,
  endWords,
  nameOf,
  type Speech,
  sentenceOf,
  tokenAmount,
  tokenName,
  unknownWords,
} from './speech.ts'
import { useSpeech } from './use-speech.ts'

/** What is asked for, in words: the act, its parts, and what a descriptor makes of the arguments. */
export function Meaning({ intent, first = true }: { intent: Intent; first?: boolean }) {
  const at = useSpeech()
  const { action } = intent
  const steps = action.kind === 'batch' ? action.steps : action.kind === 'safe' ? [action.step] : []
  return (
    <>
      <p className={first ? 'lead breaks' : 'breaks'} data-testid={first ? 'meaning' : undefined}>
        {action.kind === 'unknown-call' ? unknownWords(intent, at) : sentenceOf(intent, at)}
      </p>
      {steps.length > 0 && (
        <ol className="meaning-steps" data-testid="steps">
          {steps.map((step, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
            <li key={i}>
              <Meaning intent={step} first={false} />
            </li>
          ))}
        </ol>
      )}
      {action.kind === 'described' && <Described action={action} />}
      {first && <TokenProof action={action} />}
    </>
  )
}

function Described({ action }: { action: Extract<Action, { kind: 'described' }> }) {
  const at = useSpeech()
  return (
    <>
      <Facts
        rows={action.fields.map(({ label, value }, i) => [
          descriptorWords(label, at),
          <FieldValue key="v" label={descriptorWords(label, at)} value={value} />,
          `${i} ${label}`,
        ])}
      />
      {!action.bound && <p className="fine">{at.say('meaning.interface', { name: action.function })}</p>}
    </>
  )
}

function FieldValue({ label, value }: { label: string; value: DescribedField['value'] }) {
  const at = useSpeech()
  const { words } = at
  switch (value.kind) {
    case 'address':
      return <CopyHex what={label} value={value.address} />
    case 'token-amount':
      return value.amount === null
        ? `${tokenName(value.token, at)} ${at.say('amount.unlimited')}`
        : tokenAmount(value.token, value.amount, at)
    case 'native-amount':
      return fullAmount(value.amount, at.symbol, words)
    case 'nft':
      return at.say('outcome.nft', { id: String(value.id), collection: nameOf(value.collection, at) })
    case 'date':
      return endWords(value.time, words) ?? words.number(value.time)
    case 'duration':
      return `${words.number(value.seconds)} s`
    case 'text':
      return <span className="breaks">{atomText(value.text)}</span>
  }
}

/** What the token says of itself, with the light: symbol and decimals decide how every amount here reads. */
function TokenProof({ action }: { action: Action }) {
  const at = useSpeech()
  if (!('token' in action)) return null
  const { symbol } = action.token
  return (
    <Facts
      rows={[
        [
          at.say('contract.token'),
          <Proof
            key="s"
            label={at.say('contract.token')}
            shown={symbol}
            format={(text) => atomText(text)}
            size="small"
            testId="token-symbol"
          />,
          'token',
        ],
      ]}
    />
  )
}

/** Everybody involved, with whole addresses, and whose code runs. */
export function Parties({ intent, besides = null }: { intent: Intent; besides?: string | null }) {
  const at = useSpeech()
  const { say } = at
  const { action, contract } = intent
  const parties: [string, string][] = []
  if ('spender' in action) parties.push([say('contract.spender'), action.spender])
  if ('operator' in action) parties.push([say('contract.operator'), action.operator])
  if ('to' in action && action.kind !== 'send-native') parties.push([say('contract.recipient'), action.to])
  if (action.kind === 'delegate' && action.code !== null) parties.push([say('contract.delegate'), action.code])
  if ('token' in action) parties.push([say('contract.token'), action.token.address])
  if ('collection' in action) parties.push([say('contract.collection'), action.collection])
  if (contract && !parties.some(([, address]) => address === contract.address))
    parties.push([say('contract.address'), contract.address])
  return (
    <Facts
      rows={[
        ...parties
          .filter(([, address]) => address !== besides)
          .map(
            ([name, address]) =>
              [name, <CopyHex key="h" what={name} value={address as `0x${string}`} />, `${name} ${address}`] as const,
          ),
        contract && [
          say('contract.proxy'),
          <Proof
            key="p"
            label={say('contract.proxy')}
            shown={contract.proxy}
            format={(proxy) => (proxy === null ? say('contract.proxy.none') : nameOf(proxy.implementation, at))}
            exact={(proxy) => proxy?.implementation ?? ''}
            size="small"
            testId="proxy"
          />,
          'proxy',
        ],
      ]}
    />
  )
}

/** Cautions about the code belong to whom one deals with; the others to what happens. */
const ABOUT_CODE: ReadonlySet<WarningCode> = new Set(['proxy', 'no-code', 'other-contract', 'unusual-symbol'])

export function Warnings({ intent, about }: { intent: Intent; about: 'act' | 'code' }) {
  const at = useSpeech()
  const fitting = warningsOf(intent).filter(({ code }) => ABOUT_CODE.has(code) === (about === 'code'))
  return fitting.map((warning) => (
    <Notice key={`${warning.code} ${warning.about}`} kind="caution" testId={`warn-${warning.code}`}>
      <p>{warningWords(warning, at)}</p>
    </Notice>
  ))
}

function warningWords({ code, about }: IntentWarning, at: Speech): string {
  return code === 'not-own'
    ? at.say('warn.not-own', { about: about === null ? '?' : nameOf(about, at) })
    : at.say(`warn.${code}`)
}

/** Those of all its steps, each once. */
export function warningsOf(intent: Intent): readonly IntentWarning[] {
  const { action } = intent
  const steps = action.kind === 'batch' ? action.steps : action.kind === 'safe' ? [action.step] : []
  const all = [...intent.warnings, ...steps.flatMap(warningsOf)]
  return all.filter((one, i) => all.findIndex((other) => other.code === one.code && other.about === one.about) === i)
}
