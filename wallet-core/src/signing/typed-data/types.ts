/** Types of EIP-712: what they are called, what they are made of, and how they are written. */
import { InvalidTypedData } from './errors.ts'

export interface Member {
  readonly name: string
  readonly type: string
}

/** Members by the name of the struct. */
export type Types = ReadonlyMap<string, readonly Member[]>

/** What stands behind the name of a type. */
export type Kind =
  | { readonly kind: 'uint' | 'int'; readonly bits: number }
  | { readonly kind: 'bytesN'; readonly length: number }
  | { readonly kind: 'bool' | 'address' | 'bytes' | 'string' }
  | { readonly kind: 'struct'; readonly name: string }
  /** `length` is null where it may be any. */
  | { readonly kind: 'array'; readonly item: string; readonly length: number | null }

const IDENTIFIER = /^[a-zA-Z_$][a-zA-Z0-9_$]*$/
const ARRAY = /^(.*)\[(\d{0,9})\]$/s

/** @throws {InvalidTypedData} when it is neither a type of the standard nor one of `types` */
export function kindOf(type: string, types: Types): Kind {
  const array = ARRAY.exec(type)
  if (array) return { kind: 'array', item: array[1]!, length: array[2] === '' ? null : Number(array[2]) }
  const number = /^(u?int)(\d{0,3})$/.exec(type)
  if (number) {
    const bits = number[2] === '' ? 256 : Number(number[2])
    if (bits >= 8 && bits <= 256 && bits % 8 === 0 && String(bits) === (number[2] || '256'))
      return { kind: number[1] as 'uint' | 'int', bits }
  }
  const fixed = /^bytes([1-9]\d?)$/.exec(type)
  if (fixed && Number(fixed[1]) <= 32) return { kind: 'bytesN', length: Number(fixed[1]) }
  if (type === 'bool' || type === 'address' || type === 'bytes' || type === 'string') return { kind: type }
  if (types.has(type)) return { kind: 'struct', name: type }
  throw new InvalidTypedData(`the type ${JSON.stringify(type.slice(0, 80))} is not known`)
}

/** The struct at the bottom of an array of arrays of it; null where there is none. */
export function structIn(type: string, types: Types): string | null {
  const kind = kindOf(type, types)
  if (kind.kind === 'array') return structIn(kind.item, types)
  return kind.kind === 'struct' ? kind.name : null
}

/**
 * Structs that a struct is made of, itself first, the others by name: the order of `encodeType`.
 * @throws {InvalidTypedData} when it contains itself: the standard gives that no meaning
 */
export function dependencies(primary: string, types: Types): string[] {
  const done = new Set<string>()
  const visit = (name: string, inside: readonly string[]) => {
    if (inside.includes(name)) throw new InvalidTypedData(`the type ${name} contains itself`)
    if (done.has(name)) return
    done.add(name)
    for (const { type } of types.get(name)!) {
      const struct = structIn(type, types)
      if (struct !== null) visit(struct, [...inside, name])
    }
  }
  visit(primary, [])
  const [first, ...others] = done
  return [first!, ...others.sort()]
}

/** `encodeType` of EIP-712: `Mail(Person from,Person to,string contents)Person(string name,address wallet)`. */
export function encodeType(primary: string, types: Types): string {
  return dependencies(primary, types)
    .map(
      (name) =>
        `${name}(${types
          .get(name)!
          .map((member) => `${member.type} ${member.name}`)
          .join(',')})`,
    )
    .join('')
}

/** @throws {InvalidTypedData} for names that could be read in two ways */
export function checkStruct(name: string, members: readonly Member[]): void {
  if (!IDENTIFIER.test(name))
    throw new InvalidTypedData(`${JSON.stringify(name.slice(0, 80))} is not a name for a type`)
  if (/^(u?int\d*|bytes\d*|bool|address|string)$/.test(name))
    throw new InvalidTypedData(`the type ${name} has a meaning of its own and cannot be defined anew`)
  const names = new Set<string>()
  for (const member of members) {
    if (!IDENTIFIER.test(member.name))
      throw new InvalidTypedData(`${JSON.stringify(member.name.slice(0, 80))} is not a name for a member of ${name}`)
    if (names.has(member.name)) throw new InvalidTypedData(`${name} has two members called ${member.name}`)
    names.add(member.name)
  }
}
