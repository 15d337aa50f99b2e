/** Puts a descriptor and the arguments it describes together. Where they disagree, nothing is made of either. @module */
import type { Hex } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import { type AbiValue, UnreadableData } from '../abi/decode.ts'
import { canonicalSignature } from '../abi/types.ts'
import type { CallSite, Meaning } from '../functions/known-function.ts'
import type { DescribedField } from '../intent.ts'
import { readToken } from '../tokens.ts'
import type { DescribedFunction, FieldFormat } from './descriptor.ts'
import { valueAt } from './path.ts'

/** @throws {UnreadableData} when a value is not what the descriptor takes it for */
export async function describe(
  { function: described, intent, fields }: DescribedFunction,
  bound: boolean,
  values: readonly AbiValue[],
  site: CallSite,
): Promise<Meaning> {
  const read = await Promise.all(fields.map((field) => describeField(field, values, site)))
  const covered = new Set(fields.flatMap(({ path }) => (path.root === 'arguments' ? [path.places[0]!] : [])))
  // Arguments that the descriptor is silent about are shown as they are.
  const silent = described.parameters.flatMap(({ name, type }, i) =>
    covered.has(i) ? [] : [{ label: name === '' ? String(i + 1) : name, value: rawValue(type.kind, values[i]!) }],
  )
  return {
    action: { kind: 'described', function: canonicalSignature(described), intent, bound, fields: [...read, ...silent] },
    warnings: [],
  }
}

async function describeField(field: FieldFormat, values: readonly AbiValue[], site: CallSite): Promise<DescribedField> {
  const value = valueAt(field.path, values, site)
  const { label, path } = field
  switch (field.format) {
    case 'raw':
      return { label, value: rawValue(path.type.kind, value) }
    case 'addressName':
      return { label, value: { kind: 'address', address: addressOf(path.type.kind, value) } }
    case 'amount':
      return { label, value: { kind: 'native-amount', amount: unsigned(path.type.kind, value) } }
    case 'date':
      return { label, value: { kind: 'date', time: unsigned(path.type.kind, value) } }
    case 'duration':
      return { label, value: { kind: 'duration', seconds: unsigned(path.type.kind, value) } }
    case 'tokenAmount': {
      const amount = unsigned(path.type.kind, value)
      const token = addressOf(field.token.type.kind, valueAt(field.token, values, site))
      const unlimited = field.threshold !== null && amount >= field.threshold
      return {
        label,
        value: {
          kind: 'token-amount',
          token: await readToken(token, site.resolvers),
          amount: unlimited ? null : amount,
        },
      }
    }
    case 'nftName': {
      const collection = addressOf(field.collection.type.kind, valueAt(field.collection, values, site))
      return { label, value: { kind: 'nft', collection, id: unsigned(path.type.kind, value) } }
    }
  }
}

function addressOf(kind: string, value: AbiValue): Hex {
  if (kind !== 'address') throw new UnreadableData('its description takes something else for an address')
  return value as Hex
}

function unsigned(kind: string, value: AbiValue): bigint {
  if (kind !== 'uint') throw new UnreadableData('its description takes something else for a number')
  return value as bigint
}

function rawValue(kind: string, value: AbiValue): DescribedField['value'] {
  return kind === 'address' ? { kind: 'address', address: value as Hex } : { kind: 'text', text: textOf(value) }
}

function textOf(value: AbiValue): string {
  if (typeof value === 'string') return JSON.stringify(value).slice(1, -1)
  if (value instanceof Uint8Array) return toHex(value)
  return Array.isArray(value) ? `[${value.map(textOf).join(', ')}]` : String(value)
}
