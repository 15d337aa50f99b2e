import { useWords } from '../app/wallet-context.ts'
import { IconButton } from './button.tsx'
import { useCopy } from './toast.tsx'

/** Splits 0x-hex into `0x` and groups of four, e.g. for an address. */
export function groupsOfFour(hex: string): string[] {
  const digits = hex.startsWith('0x') ? hex.slice(2) : hex
  return digits.match(/.{1,4}/g) ?? []
}

/** Hex in groups of four, complete, the middle dimmed: what people compare are the ends, what attackers fake too. */
export function Hex({ value, testId }: { value: string; testId?: string }) {
  const groups = groupsOfFour(value)
  return (
    <span className="hex mono" dir="ltr" data-testid={testId} data-value={value}>
      {value.startsWith('0x') && <span className="hex-group hex-prefix">0x</span>}
      {groups.map((group, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group is its position
        <span key={i} className={`hex-group${i > 1 && i < groups.length - 2 ? ' hex-middle' : ''}`}>
          {group}
        </span>
      ))}
    </span>
  )
}

/** For lists, where nothing is compared: the ends only. */
export function ShortHex({ value }: { value: string }) {
  return (
    <span className="mono short-hex" dir="ltr" title={value}>
      {value.slice(0, 8)}…{value.slice(-6)}
    </span>
  )
}

export function CopyButton({ what, text, testId }: { what: string; text: string; testId?: string }) {
  const { t } = useWords()
  const copy = useCopy()
  return (
    <IconButton
      icon="copy"
      label={t('action.copyThat', { what })}
      onClick={() => copy(what, text)}
      {...(testId === undefined ? {} : { testId })}
    />
  )
}

/** Hex with its copy button. */
export function CopyHex({ what, value, testId }: { what: string; value: string; testId?: string }) {
  return (
    <span className="copy-line">
      <Hex value={value} {...(testId === undefined ? {} : { testId })} />
      <CopyButton what={what} text={value} />
    </span>
  )
}
