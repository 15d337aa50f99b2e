/** Reads a message by its types and hashes it (EIP-712). What is hashed and what is shown come out of one reading. */
import { concatBytes, fromHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { InvalidTypedData } from './errors.ts'
import { DOMAIN_TYPE, type TypedData } from './parse.ts'
import { type Atom, readAtom } from './read-value.ts'
import { encodeType, kindOf } from './types.ts'

/** One member as it is signed, for showing: nothing that is not in the digest. */
export interface SignedMember {
  readonly name: string
  readonly type: string
  readonly value: Atom | readonly SignedMember[]
}

export interface HashedTypedData {
  /** keccak256(0x1901 ‖ domain ‖ message): what is signed. */
  readonly digest: Uint8Array
  /** `hashStruct` of the domain, of the message. */
  readonly domainHash: Uint8Array
  readonly messageHash: Uint8Array
  readonly domain: readonly SignedMember[]
  readonly message: readonly SignedMember[]
}

const MOST_VALUES = 20_000
const DEEPEST = 64
const PREFIX = Uint8Array.of(0x19, 0x01)

/** @throws {InvalidTypedData} */
export function hashTypedData(data: TypedData, { keccak256 }: Pick<Engines['hashes'], 'keccak256'>): HashedTypedData {
  const { types, primaryType } = data
  const typeHashes = new Map<string, Uint8Array>()
  let values = 0

  function typeHash(name: string): Uint8Array {
    const known = typeHashes.get(name) ?? keccak256(utf8(encodeType(name, types)))
    typeHashes.set(name, known)
    return known
  }

  /** `hashStruct`, and the members as they went into it. */
  function readStruct(name: string, given: unknown, where: string, depth: number): Read {
    if (depth > DEEPEST) throw new InvalidTypedData(`it is nested more than ${DEEPEST} levels deep`)
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new InvalidTypedData(`${where}: expected an object of the type ${name}`)
    const members = types.get(name)!.map((member) => {
      if (!Object.hasOwn(given, member.name)) throw new InvalidTypedData(`${where}.${member.name} is missing`)
      const value = (given as Record<string, unknown>)[member.name]
      return { ...member, ...readValue(member.type, value, `${where}.${member.name}`, depth + 1) }
    })
    return {
      word: keccak256(concatBytes(typeHash(name), ...members.map(({ word }) => word))),
      value: members.map(({ name: memberName, type, value }) => ({ name: memberName, type, value })),
    }
  }

  function readValue(type: string, given: unknown, where: string, depth: number): Read {
    if (++values > MOST_VALUES) throw new InvalidTypedData(`it has more than ${MOST_VALUES} values`)
    const kind = kindOf(type, types)
    if (kind.kind === 'struct') return readStruct(kind.name, given, where, depth)
    if (kind.kind !== 'array') {
      const value = readAtom(kind, given, where, keccak256)
      return { value, word: wordOf(value, kind.kind) }
    }
    if (!Array.isArray(given)) throw new InvalidTypedData(`${where}: expected a list`)
    if (kind.length !== null && given.length !== kind.length)
      throw new InvalidTypedData(`${where}: expected ${kind.length} items, got ${given.length}`)
    if (depth > DEEPEST) throw new InvalidTypedData(`it is nested more than ${DEEPEST} levels deep`)
    const items = given.map((item, i) => readValue(kind.item, item, `${where}[${i}]`, depth + 1))
    return {
      word: keccak256(concatBytes(...items.map(({ word }) => word))),
      value: items.map(({ value }, i) => ({ name: String(i), type: kind.item, value })),
    }
  }

  function wordOf(value: Atom, kind: string): Uint8Array {
    if (typeof value === 'string' && kind === 'string') return keccak256(utf8(value))
    if (typeof value === 'string') return padStart(fromHex(value, 'address', 20))
    if (typeof value === 'boolean') return integerWord(value ? 1n : 0n)
    if (typeof value === 'bigint') return integerWord(value)
    if (kind === 'bytes') return keccak256(value)
    const word = new Uint8Array(32)
    word.set(value)
    return word
  }

  const domain = readStruct(DOMAIN_TYPE, data.domain, 'domain', 0)
  // Some sign a domain alone; then there is no message of another type.
  const alone = primaryType === DOMAIN_TYPE
  const message = alone ? { word: new Uint8Array(0), value: [] } : readStruct(primaryType, data.message, 'message', 0)
  return {
    digest: keccak256(concatBytes(PREFIX, domain.word, message.word)),
    domainHash: domain.word,
    messageHash: message.word,
    domain: domain.value as readonly SignedMember[],
    message: message.value as readonly SignedMember[],
  }
}

interface Read {
  readonly word: Uint8Array
  readonly value: Atom | readonly SignedMember[]
}

/** One line of signed data as it is shown: members of members stand below them, one level deeper. */
export interface SignedLine {
  /** Names from the top on, e.g. `details.token`; no two lines have the same. */
  readonly path: string
  readonly depth: number
  readonly name: string
  readonly type: string
  /** Null where there is nothing but what stands below. */
  readonly value: Atom | null
}

/** The members as lines, in the order in which they are signed. */
export function linesOf(members: readonly SignedMember[], above = '', depth = 0): SignedLine[] {
  return members.flatMap(({ name, type, value }): SignedLine[] => {
    const path = above === '' ? name : `${above}.${name}`
    if (!Array.isArray(value)) return [{ path, depth, name, type, value: value as Atom }]
    return [{ path, depth, name, type, value: null }, ...linesOf(value, path, depth + 1)]
  })
}

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Two's complement in 32 bytes. */
function integerWord(value: bigint): Uint8Array {
  return padStart(fromHex(`0x${BigInt.asUintN(256, value).toString(16).padStart(64, '0')}`, 'number', 32))
}

function padStart(bytes: Uint8Array): Uint8Array {
  const word = new Uint8Array(32)
  word.set(bytes, 32 - bytes.length)
  return word
}
