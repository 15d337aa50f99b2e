/** Facts of the chain of evidence in words: the core gives data, names are the interface's business. */
import type { Shown } from '@glowworm/wallet-core/facade/facade'
import type { MessageKey, Words } from '../messages/language.ts'
import { finalityWords } from './reading.ts'

export type Fact = string | number | bigint

/** A known fact by its message, an unknown one by its own name taken apart: `codeHash` → `Code hash`. */
export function factName(name: string, words: Words): string {
  const key = `fact.${name}`
  if (words.has(key)) return (words.t as (key: MessageKey) => string)(key)
  const apart = name
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
  return apart.charAt(0).toUpperCase() + apart.slice(1)
}

export function factText(name: string, fact: Fact, words: Words): string {
  if (typeof fact === 'string') return name === 'finality' ? finalityWords(fact, words) : fact
  if (name === 'time' && typeof fact === 'number') return words.moment(fact)
  return words.number(fact)
}

export function isHex(fact: Fact): fact is `0x${string}` {
  return typeof fact === 'string' && /^0x[0-9a-fA-F]{8,}$/.test(fact)
}

/** The story as plain text, for the clipboard. */
export function storyText(
  label: string,
  value: string,
  shown: Extract<Shown<unknown>, { kind: 'proven' }>,
  words: Words,
): string {
  const { t } = words
  const lines = [
    `${label}: ${value}`,
    t('proof.final', { finality: finalityWords(shown.words, words), height: words.number(shown.height) }),
    `${t('story.hash')}: ${shown.hash}`,
    `${t('story.time')}: ${words.moment(shown.time)}`,
    `${t('story.checked')}: ${words.moment(shown.checkedAt)}`,
  ]
  shown.trail.forEach((step, i) => {
    lines.push('', `${i + 1}. ${t(`story.stage.${step.stage}`)}: ${t(`story.stage.${step.stage}.text`)}`)
    for (const [name, fact] of Object.entries(step.facts))
      lines.push(`   ${factName(name, words)}: ${factText(name, fact, words)}`)
    if (step.suppliedBy !== null) lines.push(`   ${t('story.from', { who: step.suppliedBy })}`)
  })
  return lines.join('\n')
}
