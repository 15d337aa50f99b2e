/** The access list a call would profit from, repeated until it no longer changes (geth's `AccessList`). @module */
import { generateAddress } from '@ethereumjs/util'
import { fromHex, minimalBytes, toHex } from '../data/hex.ts'
import type {
  AccessList,
  AccessListOutcome,
  BlockOverrides,
  CallRequest,
  StateOverrides,
} from '../ledgers/ethereum/call-claims.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { ProvenGround } from './contract-layer.ts'
import { type Bench, prepare } from './execute.ts'
import { messageOf } from './message.ts'
import type { Message, TransactionResult } from './transaction.ts'
import type { Work } from './work.ts'

/** A list that names itself new state each time would never end; geth's ends by its gas. */
const MAX_ROUNDS = 64

/** @throws {CallRefused | MissingEvidence} */
export async function createAccessList(
  ground: ProvenGround,
  claim: { call: CallRequest; stateOverrides?: StateOverrides; blockOverrides?: BlockOverrides },
  work?: Work,
): Promise<AccessListOutcome> {
  const bench = await prepare(ground, claim, work)
  const message = messageOf(claim.call, bench.block)
  const free = freeAddresses(bench, message)
  let accessed = entriesOf(message.accessList)
  let result: TransactionResult
  for (let round = 0; ; round++) {
    const before = accessed
    const traced = await traceAccess(bench, { ...message, accessList: listOf(before, free) })
    result = traced.result
    accessed = union(before, traced.accessed)
    if (round >= MAX_ROUNDS || sizeOf(accessed, free) === sizeOf(before, free)) break
  }
  const failed = result.status === 'revert' ? 'execution reverted' : result.halt
  return { accessList: listOf(accessed, free), gasUsed: result.gasUsed, error: failed, reads: bench.state.reads() }
}

type Accessed = ReadonlyMap<Hex, ReadonlySet<Hex>>

/** Addresses that are warm anyway; naming them would only cost. */
function freeAddresses({ machine }: Bench, { from, to }: Message): ReadonlySet<Hex> {
  const nonce = machine.overlay.account(from)?.nonce ?? 0n
  const created = toHex(generateAddress(fromHex(from, 'from', 20), minimalBytes(nonce)))
  const precompiles = [...machine.evm.precompiles.keys()].map((address): Hex => `0x${address}`)
  return new Set([from, to ?? created, ...precompiles])
}

/** Runs once and notes what is touched, in frames that revert too. */
async function traceAccess(bench: Bench, message: Message): Promise<{ result: TransactionResult; accessed: Accessed }> {
  const { evm } = bench.machine
  const created = new Set<string>()
  const note = ({ address }: { address: { toString(): string } }) => created.add(address.toString().slice(2))
  evm.events.on('newContract', note)
  evm.journal.startReportingAccessList()
  const reported = evm.journal.accessList!
  try {
    const result = await bench.run(message)
    const accessed = new Map<Hex, Set<Hex>>()
    for (const [address, slots] of reported) {
      // A contract made by the call itself cannot be named before the call.
      if (created.has(address) && slots.size === 0) continue
      accessed.set(`0x${address}`, new Set([...slots].map((slot): Hex => `0x${slot}`)))
    }
    return { result, accessed }
  } finally {
    evm.events.off('newContract', note)
  }
}

function entriesOf(list: AccessList): Accessed {
  return new Map(list.map(({ address, storageKeys }) => [address, new Set(storageKeys)]))
}

function union(a: Accessed, b: Accessed): Accessed {
  const all = new Map([...a].map(([address, slots]) => [address, new Set(slots)]))
  for (const [address, slots] of b) {
    const known = all.get(address) ?? new Set<Hex>()
    for (const slot of slots) known.add(slot)
    all.set(address, known)
  }
  return all
}

function listOf(accessed: Accessed, free: ReadonlySet<Hex>): AccessList {
  return [...accessed]
    .filter(([address, slots]) => slots.size > 0 || !free.has(address))
    .map(([address, slots]) => ({ address, storageKeys: [...slots].sort() }))
    .sort((a, b) => (a.address < b.address ? -1 : 1))
}

function sizeOf(accessed: Accessed, free: ReadonlySet<Hex>): number {
  return listOf(accessed, free).reduce((sum, { storageKeys }) => sum + 1 + storageKeys.length, 0)
}
