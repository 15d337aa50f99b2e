/** BIP-32 paths as numbers. */
import { HARDENED_OFFSET } from '@scure/bip32'
import { UnreadableAnswer } from './errors.ts'

/** `m/44'/60'/0'` as [44 + 2³¹, 60 + 2³¹, 2³¹]. */
export function pathSteps(path: string): number[] {
  const steps = path.split('/')
  if (steps.shift() !== 'm' || steps.length === 0 || steps.length > 10)
    throw new UnreadableAnswer('its key path is none')
  return steps.map((step) => {
    const [, digits, hardened] = /^(\d{1,10})('?)$/.exec(step) ?? []
    const index = Number(digits)
    if (digits === undefined || index >= HARDENED_OFFSET) throw new UnreadableAnswer('its key path is none')
    return hardened ? index + HARDENED_OFFSET : index
  })
}

export function pathText(steps: readonly number[]): string {
  return ['m', ...steps.map((step) => (step >= HARDENED_OFFSET ? `${step - HARDENED_OFFSET}'` : `${step}`))].join('/')
}
