/** Types of the contract ABI, read from signatures as people write them: `transfer(address to, uint256 amount)`. */
import { WalletError } from '../../errors.ts'

export type AbiType =
  | { readonly kind: 'uint' | 'int'; readonly bits: number }
  | { readonly kind: 'bool' | 'address' | 'bytes' | 'string' }
  | { readonly kind: 'bytesN'; readonly length: number }
  /** `length` is null where it may be any. */
  | { readonly kind: 'array'; readonly item: AbiType; readonly length: number | null }
  | { readonly kind: 'tuple'; readonly members: readonly AbiParameter[] }

export interface AbiParameter {
  /** Empty where the signature gives none. */
  readonly name: string
  readonly type: AbiType
}

export interface AbiFunction {
  readonly name: string
  readonly parameters: readonly AbiParameter[]
}

const DEEPEST = 16
const MOST_LENGTH = 1024
const WORD = /[a-zA-Z_$][a-zA-Z0-9_$]*/y

/** @throws {InvalidSignature} naming the place */
export function parseSignature(text: string): AbiFunction {
  let at = 0
  const fail = (expected: string): never => {
    throw new InvalidSignature(text, at, expected)
  }
  const skip = () => {
    while (text[at] === ' ') at++
  }
  const take = (sign: string): boolean => {
    skip()
    if (text[at] !== sign) return false
    at++
    return true
  }
  const word = (): string | null => {
    skip()
    WORD.lastIndex = at
    const found = WORD.exec(text)?.[0] ?? null
    at += found?.length ?? 0
    return found
  }

  function parameters(depth: number): AbiParameter[] {
    if (depth > DEEPEST) fail(`at most ${DEEPEST} levels`)
    if (!take('(')) fail('(')
    const list: AbiParameter[] = []
    if (take(')')) return list
    do list.push(parameter(depth))
    while (take(','))
    if (!take(')')) fail(', or )')
    const names = list.flatMap(({ name }) => (name === '' ? [] : [name]))
    if (new Set(names).size !== names.length) fail('names that differ')
    return list
  }

  function parameter(depth: number): AbiParameter {
    let type = base(depth)
    while (take('[')) {
      const digits = /\d{0,4}/y
      digits.lastIndex = at
      const length = digits.exec(text)?.[0] ?? ''
      at += length.length
      if (!take(']')) fail(']')
      if (length !== '' && (!/^[1-9]/.test(length) || Number(length) > MOST_LENGTH)) fail('a length')
      type = { kind: 'array', item: type, length: length === '' ? null : Number(length) }
    }
    return { name: word() ?? '', type }
  }

  function base(depth: number): AbiType {
    skip()
    if (text[at] === '(') return { kind: 'tuple', members: parameters(depth + 1) }
    const name = word()
    return (name !== null && elementary(name)) || fail('a type')
  }

  if (text.length > 4096) fail('at most 4096 characters')
  const name = word() ?? fail('a name')
  const list = parameters(0)
  skip()
  if (at !== text.length) fail('nothing more')
  return { name, parameters: list }
}

function elementary(name: string): AbiType | null {
  if (name === 'bool' || name === 'address' || name === 'bytes' || name === 'string') return { kind: name }
  const number = /^(u?int)(\d*)$/.exec(name)
  if (number) {
    const bits = Number(number[2] === '' ? 256 : number[2])
    const right = bits >= 8 && bits <= 256 && bits % 8 === 0 && (number[2] === '' || String(bits) === number[2])
    return right ? { kind: number[1] as 'uint' | 'int', bits } : null
  }
  const length = /^bytes([1-9]\d?)$/.exec(name)?.[1]
  return length !== undefined && Number(length) <= 32 ? { kind: 'bytesN', length: Number(length) } : null
}

/** The type as the standard writes it, without names: what selectors are made of. */
export function typeName(type: AbiType): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`
    case 'bytesN':
      return `bytes${type.length}`
    case 'array':
      return `${typeName(type.item)}[${type.length ?? ''}]`
    case 'tuple':
      return `(${type.members.map((member) => typeName(member.type)).join(',')})`
    default:
      return type.kind
  }
}

/** E.g. `transfer(address,uint256)`. */
export function canonicalSignature({ name, parameters }: AbiFunction): string {
  return `${name}${typeName({ kind: 'tuple', members: parameters })}`
}

/** Whether the value stands behind the others, with an offset in its place (ABI: "dynamic"). */
export function isDynamic(type: AbiType): boolean {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return true
    case 'array':
      return type.length === null || isDynamic(type.item)
    case 'tuple':
      return type.members.some((member) => isDynamic(member.type))
    default:
      return false
  }
}

/** A signature that this wallet brought along, or a descriptor has, is malformed. */
export class InvalidSignature extends WalletError {
  constructor(text: string, at: number, expected: string) {
    super(
      { name: 'Intent.InvalidSignature', code: 'INVALID_SIGNATURE', kind: 'usage' },
      `${JSON.stringify(text.slice(0, 80))} is no signature of a function: expected ${expected} at character ${at}.`,
    )
  }
}
