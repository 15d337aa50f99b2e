/** What an intent is in one sentence. Amounts are whole, addresses short: the full ones stand beside. @module */
import type { AccountView, Action, Approval, Intent, TokenView } from '@glowworm/wallet-core/facade/facade'
import { readableUnits } from '../../amount/units.ts'
import { DESCRIBED } from '../../messages/intent/descriptors.ts'
import type { IntentSay } from '../../messages/intent/words.ts'
import type { Words } from '../../messages/language.ts'
import { fullAmount } from '../outcome.ts'

export interface Speech {
  readonly words: Words
  readonly say: IntentSay
  readonly symbol: string
  readonly accounts: readonly Pick<AccountView, 'address' | 'name'>[]
}

export function sentenceOf({ action, value }: Intent, at: Speech): string {
  const sentence = actionWords(action, at)
  const coin = fullAmount(value, at.symbol, at.words)
  return value > 0n && !CARRIES_VALUE.has(action.kind)
    ? `${sentence} ${at.say('act.withCoin', { amount: coin })}`
    : sentence
}

/** Acts whose own words name the coin that goes along. */
const CARRIES_VALUE: ReadonlySet<Action['kind']> = new Set(['send-native', 'wrap'])

function actionWords(action: Action, at: Speech): string {
  const { say, words } = at
  const who = (address: string) => nameOf(address, at)
  const bytes = (count: number) => words.t('approval.detail.bytes', { count })
  switch (action.kind) {
    case 'create':
      return say('act.create', { bytes: bytes(action.codeBytes) })
    case 'send-native':
      return action.amount === 0n
        ? say('act.send.nothing', { to: who(action.to) })
        : say('act.send', { amount: fullAmount(action.amount, at.symbol, words), to: who(action.to) })
    case 'send-token': {
      const { from, to } = action
      return say('act.move', { amount: tokenAmount(action.token, action.amount, at), from: who(from), to: who(to) })
    }
    case 'send-nft': {
      const items = words.list(action.items.map(({ id, amount }) => itemWords(id, amount, at)))
      const { from, to, collection } = action
      return say('act.nft.move', { items, collection: who(collection), from: who(from), to: who(to) })
    }
    case 'allow-token':
      return allowWords(action, at)
    case 'allow-nft':
      return BigInt(action.spender) === 0n
        ? say('act.allow.nft.none', { id: String(action.id), collection: who(action.collection) })
        : say('act.allow.nft', {
            spender: who(action.spender),
            id: String(action.id),
            collection: who(action.collection),
          })
    case 'allow-all': {
      const parts = { spender: who(action.operator), collection: who(action.collection) }
      return action.allowed ? say('act.allow.all', parts) : say('act.allow.all.none', parts)
    }
    case 'token-or-nft': {
      const parts = { to: who(action.to), number: words.number(action.number), contract: who(action.contract) }
      return say(`act.either.${action.act}`, parts)
    }
    case 'wrap':
      return say('act.wrap', {
        amount: fullAmount(action.amount, at.symbol, words),
        token: tokenName(action.token, at),
      })
    case 'unwrap':
      return say('act.unwrap', { amount: tokenAmount(action.token, action.amount, at), symbol: at.symbol })
    case 'delegate': {
      const account = action.account === null ? '?' : who(action.account)
      const what =
        action.code === null
          ? say('act.delegate.none', { account })
          : say('act.delegate', { code: who(action.code), account })
      return action.everyChain ? `${what} ${say('act.delegate.every')}` : what
    }
    case 'batch':
      return say('act.batch', { name: action.function })
    case 'safe':
      return action.delegated && action.step.contract
        ? say('act.safe.delegated', { to: who(action.step.contract.address), safe: who(action.safe) })
        : say('act.safe', { safe: who(action.safe) })
    case 'described':
      return `${descriptorWords(action.intent, at)}.`
    case 'unknown-call':
      return ''
    case 'unknown-data':
      return say('act.unknownData', { type: action.primaryType })
  }
}

function allowWords(action: Extract<Action, { kind: 'allow-token' }>, at: Speech): string {
  const { say, words } = at
  const { allowance, way, token } = action
  const parts = { spender: nameOf(action.spender, at), owner: nameOf(action.owner, at) }
  const first = (): string => {
    if (way === 'set' && allowance.amount === 0n)
      return say('act.allow.none', { ...parts, token: tokenName(token, at) })
    if (allowance.amount === null)
      return way === 'subtract'
        ? say('act.allow.none', { ...parts, token: tokenName(token, at) })
        : say('act.allow.unlimited', { ...parts, token: tokenName(token, at) })
    const amount = tokenAmount(token, allowance.amount, at)
    return way === 'set' ? say('act.allow', { ...parts, amount }) : say(`act.allow.${way}`, { ...parts, amount })
  }
  const until = allowance.amount === 0n ? null : endWords(allowance.until, words)
  return [
    first(),
    ...(until === null ? [] : [say('act.until', { time: until })]),
    ...(action.through === null ? [] : [say('act.through', { through: nameOf(action.through, at) })]),
  ].join(' ')
}

/** What calling something unknown comes to; it needs the contract, which stands beside the action. */
export function unknownWords({ action, contract }: Intent, at: Speech): string {
  if (action.kind !== 'unknown-call') return ''
  const to = contract === null ? '?' : nameOf(contract.address, at)
  if (action.refused !== null) return at.say('act.unknown.refused', { to })
  const bytes = at.words.t('approval.detail.bytes', { count: action.bytes })
  return at.say('act.unknown', { to, selector: action.selector ?? '–', bytes })
}

/** Null: it never ends. The largest numbers are no dates. */
export function endWords(until: bigint | null, words: Words): string | null {
  return until === null || until > 250_000_000_000n ? null : words.moment(Number(until) * 1000)
}

export function nameOf(address: string, { accounts }: Pick<Speech, 'accounts'>): string {
  return accounts.find((account) => account.address === address)?.name ?? `${address.slice(0, 8)}…${address.slice(-6)}`
}

/** Its symbol where that can be shown, else its address. */
export function tokenName({ symbol, address }: TokenView, at: Speech): string {
  return symbol.kind === 'proven' ? symbol.value : at.say('token.unknown', { address: nameOf(address, at) })
}

/** In units where the token's decimals are known, else in the smallest: a wrong number is never shown. */
export function tokenAmount(token: TokenView, amount: bigint, at: Speech): string {
  if (token.decimals.kind !== 'proven')
    return at.say('token.smallest', { amount: at.words.number(amount), token: tokenName(token, at) })
  const decimals = token.decimals.value
  return `${readableUnits(amount, decimals, at.words.signs, decimals)} ${tokenName(token, at)}`
}

export function itemWords(id: bigint, amount: bigint | null, { say, words }: Speech): string {
  return amount === null
    ? say('act.item', { id: String(id) })
    : say('act.item.several', { id: String(id), amount: words.number(amount) })
}

/** A descriptor's own words, in the reader's language where this wallet brought the descriptor along. */
export function descriptorWords(text: string, { words: { language } }: Speech): string {
  return language === 'en' ? text : (DESCRIBED[language][text] ?? text)
}

/** What a decision about a contract is headed with; null: it has its usual heading. */
export function titleWords(approval: Approval, intent: Intent | null, { say }: Speech): string | null {
  if (approval.kind === 'sign-typed-data') return intent?.action.kind === 'allow-token' ? say('title.allow') : null
  if (approval.kind !== 'send-transaction') return null
  if (approval.to === null) return say('title.create')
  if (approval.data === '0x') return null
  switch (intent?.action.kind) {
    case 'allow-token':
    case 'allow-nft':
    case 'allow-all':
      return say('title.allow')
    case 'send-token':
    case 'send-nft':
      return say('title.move')
    default:
      return say('title.call')
  }
}

/** What the button says, where the intent has a name of its own; null: the button's usual words. */
export function buttonWords({ action }: Intent, at: Speech): string | null {
  const { say } = at
  switch (action.kind) {
    case 'send-token':
      return say('button.send', { amount: tokenAmount(action.token, action.amount, at) })
    case 'send-nft':
      return say('button.nft')
    case 'allow-all':
      return action.allowed ? say('button.allow.all') : say('button.allow.none')
    case 'allow-token': {
      const { amount } = action.allowance
      if (action.signed) return say('button.sign.allow')
      if (action.way === 'subtract' || amount === 0n) return say('button.allow.none')
      return amount === null
        ? say('button.allow.unlimited')
        : say('button.allow', { amount: tokenAmount(action.token, amount, at) })
    }
    default:
      return null
  }
}
