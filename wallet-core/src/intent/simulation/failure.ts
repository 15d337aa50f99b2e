/** Why a call failed, out of what it left behind. What a contract says is shown as its words, never as ours. @module */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { decodeParameters } from '../abi/decode.ts'
import { parseSignature } from '../abi/types.ts'
import type { Failure } from './outcome.ts'

const ERROR: Hex = '0x08c379a0'
const PANIC: Hex = '0x4e487b71'
const TEXT = parseSignature('Error(string reason)').parameters
const NUMBER = parseSignature('Panic(uint256 code)').parameters
const MOST_TEXT = 200
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu

export function failureOf(call: {
  readonly status: 'success' | 'revert' | 'halt'
  readonly returnData: Hex
  readonly halt: string | null
}): Failure | null {
  const { status, returnData, halt } = call
  if (status === 'success') return null
  if (status === 'halt') return { kind: 'halt', words: halt ?? '' }
  if (returnData.length < 10) return { kind: 'silent' }
  const selector = returnData.slice(0, 10) as Hex
  try {
    if (selector === ERROR) return { kind: 'said', text: shortened(argumentOf(TEXT, returnData) as string) }
    if (selector === PANIC) return { kind: 'panic', code: argumentOf(NUMBER, returnData) as bigint }
  } catch {
    // Garbage that begins like an error of Solidity's.
  }
  return { kind: 'custom', selector }
}

function argumentOf(parameters: typeof TEXT, data: Hex) {
  return decodeParameters(parameters, fromHex(`0x${data.slice(10, 10 + 2 * 4096)}`, 'return data')).values[0]
}

function shortened(text: string): string {
  const characters = [...text]
  const kept = characters.slice(0, MOST_TEXT).join('')
  const visible = kept.replace(HIDDEN, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
  return characters.length > MOST_TEXT ? `${visible}…` : visible
}
