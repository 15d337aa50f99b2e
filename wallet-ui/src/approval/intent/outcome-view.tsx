import type { Failure, Outcome, Permission, Shown } from '@glowworm/wallet-core/facade/facade'
import { problemWords } from '../../app/command.ts'
import { CopyHex } from '../../controls/hex.tsx'
import { Notice } from '../../controls/notice.tsx'
import { Facts } from '../../controls/screen.tsx'
import { Proof } from '../../proof/proof.tsx'
import { fullAmount } from '../outcome.ts'
import { endWords, nameOf, type Speech, tokenAmount, tokenName } from './speech.ts'
import { useSpeech } from './use-speech.ts'

/** A change with its sign: what leaves and what comes is never left to colour. */
const signed = (change: bigint, print: (amount: bigint) => string): string =>
  `${change < 0n ? '−' : '+'} ${print(change < 0n ? -change : change)}`

/** What executing it does to the account, each line with the light of the execution. */
export function OutcomeView({ outcome, before }: { outcome: Shown<Outcome>; before: Shown<Outcome> | null }) {
  const at = useSpeech()
  const { say } = at
  return (
    <div className="stack" data-testid="outcome" data-outcome={outcome.kind}>
      {before && (
        <Notice kind="caution" title={say('outcome.changed')} live testId="outcome-changed">
          <p>{say('outcome.changed.text')}</p>
          <ul className="plain-list">
            {linesOf(before, at).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Notice>
      )}
      {outcome.kind === 'proving' && <p className="fine">{say('outcome.working')}</p>}
      {outcome.kind === 'unproven' && <NotSimulated problem={outcome.problem} />}
      {outcome.kind === 'proven' && outcome.value.failure && (
        <Notice kind="loss" title={say('outcome.fails')} live testId="outcome-fails">
          <p className="breaks">{failureWords(outcome.value.failure, at)}</p>
        </Notice>
      )}
      {outcome.kind === 'proven' && !outcome.value.failure && <Changes outcome={outcome} at={at} />}
    </div>
  )
}

function NotSimulated({ problem }: { problem: Extract<Shown<Outcome>, { kind: 'unproven' }>['problem'] }) {
  const { say, words } = useSpeech()
  const { what, next } = problemWords(problem, words)
  return (
    <Notice kind="caution" title={say('outcome.not')} live testId="outcome-not">
      <p className="breaks">{what}</p>
      {next !== null && <p>{next}</p>}
    </Notice>
  )
}

function Changes({ outcome, at }: { outcome: Extract<Shown<Outcome>, { kind: 'proven' }>; at: Speech }) {
  const { say } = at
  const { native, tokens, nfts, created, ownCode, contradicted } = outcome.value
  const row = (key: string, name: React.ReactNode, label: string, text: string) =>
    [
      name,
      <Proof
        key="v"
        label={label}
        shown={{ ...outcome, value: text }}
        format={(value) => value}
        size="small"
        testId={`change-${key}`}
      />,
      key,
    ] as const
  const coin = say('outcome.coin', { symbol: at.symbol })
  const rows = [
    ...(native === 0n
      ? []
      : [
          row(
            'coin',
            coin,
            coin,
            signed(native, (wei) => fullAmount(wei, at.symbol, at.words)),
          ),
        ]),
    ...tokens.map(({ token, change, told }) => {
      const name = tokenName(token, at)
      const label = told === 'log' ? `${name}, ${say('outcome.log')}` : name
      return row(
        token.address,
        label,
        label,
        signed(change, (amount) => tokenAmount(token, amount, at)),
      )
    }),
    ...nfts.map(({ collection, id, change }) => {
      const label = say('outcome.nft', { id: String(id), collection: nameOf(collection, at) })
      return row(`${collection}-${id}`, label, label, signed(change, String))
    }),
  ]
  return (
    <>
      <p className="fine">{say('outcome.title')}</p>
      {rows.length === 0 ? (
        <Proof
          label={say('outcome.title')}
          shown={{ ...outcome, value: say('outcome.nothing') }}
          format={(text) => text}
          size="small"
          testId="change-none"
        />
      ) : (
        <Facts rows={rows} />
      )}
      {created && (
        <Facts
          rows={[[say('outcome.created'), <CopyHex key="c" what={say('outcome.created')} value={created} />, 'c']]}
        />
      )}
      {ownCode && (
        <Notice kind="caution">
          <p>{say('outcome.ownCode')}</p>
        </Notice>
      )}
      {contradicted.map((contract) => (
        <Notice key={contract} kind="caution" testId="outcome-contradicted">
          <p>{say('outcome.contradicted', { contract: nameOf(contract, at) })}</p>
        </Notice>
      ))}
    </>
  )
}

/** What others may do from then on. */
export function Later({ outcome }: { outcome: Shown<Outcome> }) {
  const at = useSpeech()
  if (outcome.kind !== 'proven' || outcome.value.failure)
    return <p>{at.say(outcome.kind === 'proven' ? 'later.none' : 'later.unknown')}</p>
  const { permissions } = outcome.value
  const none = at.say('later.none')
  if (permissions.length === 0) return <p data-testid="later-none">{none}</p>
  return (
    <ul className="plain-list" data-testid="later">
      {permissions.map((permission) => {
        const text = permissionWords(permission, at)
        return (
          <li key={text}>
            <Proof label={none} shown={{ ...outcome, value: text }} format={(value) => value} size="small" />
          </li>
        )
      })}
    </ul>
  )
}

export function permissionWords(permission: Permission, at: Speech): string {
  const { say } = at
  const spender = nameOf(permission.spender, at)
  if (permission.kind === 'nft')
    return say('later.allow.nft', { spender, id: String(permission.id), collection: nameOf(permission.collection, at) })
  if (permission.kind === 'all') {
    const parts = { spender, collection: nameOf(permission.collection, at) }
    return permission.allowed ? say('later.allow.all', parts) : say('act.allow.all.none', parts)
  }
  const { token, amount, until, through } = permission
  const what =
    amount === null
      ? say('later.allow.unlimited', { spender, token: tokenName(token, at) })
      : amount === 0n
        ? say('later.revoked', { spender, token: tokenName(token, at) })
        : say('later.allow', { spender, amount: tokenAmount(token, amount, at) })
  const end = amount === 0n ? null : endWords(until, at.words)
  return [
    what,
    ...(end === null ? [] : [say('act.until', { time: end })]),
    ...(through === null ? [] : [say('act.through', { through: nameOf(through, at) })]),
  ].join(' · ')
}

function failureWords(failure: Failure, { say }: Speech): string {
  switch (failure.kind) {
    case 'said':
      return say('outcome.fails.said', { text: failure.text })
    case 'panic':
      return say('outcome.fails.panic', { code: `0x${failure.code.toString(16)}` })
    case 'custom':
      return say('outcome.fails.custom', { selector: failure.selector })
    case 'silent':
      return say('outcome.fails.silent')
    case 'halt':
      return say('outcome.fails.halt', { words: failure.words })
  }
}

/** An outcome as lines of text: what it was before it changed. */
export function linesOf(outcome: Shown<Outcome>, at: Speech): string[] {
  if (outcome.kind !== 'proven') return [at.say('outcome.before.unknown')]
  const { failure, native, tokens, nfts, permissions } = outcome.value
  if (failure) return [at.say('outcome.before.fails')]
  const lines = [
    ...(native === 0n ? [] : [signed(native, (wei) => fullAmount(wei, at.symbol, at.words))]),
    ...tokens.map(({ token, change }) => signed(change, (amount) => tokenAmount(token, amount, at))),
    ...nfts.map(({ collection, id, change }) =>
      signed(
        change,
        (count) => `${count} · ${at.say('outcome.nft', { id: String(id), collection: nameOf(collection, at) })}`,
      ),
    ),
    ...permissions.map((permission) => permissionWords(permission, at)),
  ]
  return lines.length > 0 ? lines : [at.say('outcome.nothing')]
}
