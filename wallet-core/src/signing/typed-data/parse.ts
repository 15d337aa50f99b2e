/** Typed data as sites send it (`eth_signTypedData_v4`), read strictly: what is unclear is refused, never guessed. */
import { InvalidTypedData } from './errors.ts'
import { checkStruct, dependencies, type Member, type Types } from './types.ts'

export interface TypedData {
  readonly types: Types
  readonly primaryType: string
  readonly domain: Readonly<Record<string, unknown>>
  readonly message: Readonly<Record<string, unknown>>
}

/** The members a domain may have, in the order of the standard. */
const DOMAIN: readonly Member[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
]
export const DOMAIN_TYPE = 'EIP712Domain'

const MOST_CHARACTERS = 1024 * 1024
const MOST_STRUCTS = 256
const MOST_MEMBERS = 256

/** @param given the parameter: an object, or JSON text of one. @throws {InvalidTypedData} */
export function parseTypedData(given: unknown): TypedData {
  const { types, primaryType, domain, message } = asRecord(fromText(given), 'it')
  if (typeof primaryType !== 'string') throw new InvalidTypedData('primaryType is missing')
  const fields = asRecord(domain ?? {}, 'domain')
  const known = typesOf(asRecord(types, 'types'), fields)
  if (!known.has(primaryType))
    throw new InvalidTypedData(`the type ${JSON.stringify(primaryType.slice(0, 80))} is not defined`)
  for (const name of known.keys()) dependencies(name, known)
  return { types: known, primaryType, domain: fields, message: asRecord(message, 'message') }
}

function fromText(given: unknown): unknown {
  if (typeof given !== 'string') return given
  if (given.length > MOST_CHARACTERS) throw new InvalidTypedData(`it is longer than ${MOST_CHARACTERS} characters`)
  try {
    return JSON.parse(given)
  } catch {
    throw new InvalidTypedData('it is not JSON')
  }
}

function typesOf(given: Readonly<Record<string, unknown>>, domain: Readonly<Record<string, unknown>>): Types {
  const names = Object.keys(given)
  if (names.length > MOST_STRUCTS) throw new InvalidTypedData(`it has more than ${MOST_STRUCTS} types`)
  const types = new Map<string, readonly Member[]>()
  for (const name of names) {
    const members = given[name]
    if (!Array.isArray(members) || members.length > MOST_MEMBERS)
      throw new InvalidTypedData(`the type ${name.slice(0, 80)} must be a list of at most ${MOST_MEMBERS} members`)
    types.set(
      name,
      members.map((member) => memberOf(member, name)),
    )
    checkStruct(name, types.get(name)!)
  }
  types.set(DOMAIN_TYPE, domainMembers(types.get(DOMAIN_TYPE), domain))
  return types
}

function memberOf(given: unknown, of: string): Member {
  if (!isRecord(given) || typeof given.name !== 'string' || typeof given.type !== 'string')
    throw new InvalidTypedData(`a member of the type ${of.slice(0, 80)} has no name or no type`)
  return { name: given.name, type: given.type }
}

/** Libraries leave the domain's type out: then it has what the domain has. Where it stands, it says what is signed. */
function domainMembers(
  given: readonly Member[] | undefined,
  domain: Readonly<Record<string, unknown>>,
): readonly Member[] {
  const present = Object.keys(domain).filter((name) => domain[name] !== undefined && domain[name] !== null)
  const strange = present.find((name) => !DOMAIN.some((member) => member.name === name))
  if (given === undefined) {
    if (strange !== undefined)
      throw new InvalidTypedData(`the domain has ${JSON.stringify(strange.slice(0, 80))}, which no domain has`)
    return DOMAIN.filter(({ name }) => present.includes(name))
  }
  for (const { name, type } of given) {
    const meant = DOMAIN.find((member) => member.name === name)
    if (!meant || meant.type !== type)
      throw new InvalidTypedData(
        `the domain has a member ${JSON.stringify(`${type} ${name}`.slice(0, 80))}, which no domain has`,
      )
  }
  // What stands in the domain and is not signed would be shown as if it bound the signature.
  const unsigned = present.find((name) => !given.some((member) => member.name === name))
  if (unsigned !== undefined) throw new InvalidTypedData(`the domain's ${unsigned.slice(0, 80)} would not be signed`)
  return given
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new InvalidTypedData(`${what} must be an object`)
  return value
}
