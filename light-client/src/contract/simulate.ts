/** Calls one after another in blocks that do not exist yet: `eth_simulateV1` (execution-apis), as far as it can be proven. @module */
import type { Account } from '@ethereumjs/util'
import { toHex } from '../data/hex.ts'
import { InvalidInput } from '../errors.ts'
import { nextBaseFee } from '../ledgers/ethereum/base-fee.ts'
import type {
  AccountChange,
  SimulatedBlock,
  SimulatedBlockRequest,
  SimulatedCall,
  Simulation,
} from '../ledgers/ethereum/call-claims.ts'
import type { Log } from '../ledgers/ethereum/claims.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { bloomOf } from '../ledgers/ethereum/logs.ts'
import { type BlockContext, isAtLeast, overrideBlock } from './block-context.ts'
import { CallRefused } from './call-refused.ts'
import type { ProvenGround } from './contract-layer.ts'
import { type Bench, prepare } from './execute.ts'
import { ZERO_ADDRESS } from './machine.ts'
import { CALL_GAS_CAP, messageOf } from './message.ts'
import { applyOverrides } from './overrides.ts'
import type { StateOverlay } from './state-overlay.ts'
import { type Message, runTransaction } from './transaction.ts'
import type { Work } from './work.ts'

/** execution-apis: most blocks of one simulation, counting those that only fill a gap. */
const MAX_BLOCKS = 256n
const MAX_CALLS = 1000
/** Where transfers of the native coin appear to be logged. */
const NATIVE_COIN: Hex = `0x${'e'.repeat(40)}`
/** EIP-7708's own address, and its topics. */
const SYSTEM_ADDRESS: Hex = '0xfffffffffffffffffffffffffffffffffffffffe'
const BURN_TOPIC: Hex = '0xcc16f5dbb4873280815c1ee09dbd06736cffcc184412cf7a71a0fdb75d397ca5'
const NO_RANDAO: Hex = `0x${'0'.repeat(64)}`

export interface SimulationRequest {
  readonly blocks: readonly SimulatedBlockRequest[]
  readonly traceTransfers: boolean
  readonly validation: boolean
}

/** @throws {InvalidInput | CallRefused | UnknownBlockHash | MissingEvidence} */
export async function simulate(ground: ProvenGround, request: SimulationRequest, work?: Work): Promise<Simulation> {
  const bench = await prepare(ground, { traceTransfers: request.traceTransfers }, work)
  if (request.traceTransfers && !isAtLeast(bench.block.hardFork, 'cancun'))
    throw new InvalidInput('traceTransfers', 'transfers can be traced on blocks of Cancun and later only')
  if (request.blocks.reduce((sum, { calls }) => sum + calls.length, 0) > MAX_CALLS)
    throw new InvalidInput('blockStateCalls', `expected at most ${MAX_CALLS} calls`)
  const first = bench.block.number
  const blocks: SimulatedBlock[] = []
  let gasLeft = CALL_GAS_CAP
  let parent: Parent = { ...bench.block, gasUsed: ground.gasUsed }
  for (const asked of request.blocks) {
    // Blocks between the last and the number asked are made, empty.
    const number = asked.blockOverrides?.number ?? parent.number + 1n
    if (number <= parent.number)
      throw new CallRefused('block-order', `block numbers must be in order: ${number} <= ${parent.number}`)
    if (number - first > MAX_BLOCKS) throw new CallRefused('too-many-blocks', `expected at most ${MAX_BLOCKS} blocks`)
    while (parent.number + 1n < number) {
      const block = blockAfter(parent, {}, request.validation)
      push(block, 0n, [], [])
      parent = { ...block, gasUsed: 0n }
    }
    const block = blockAfter(parent, asked, request.validation)
    await applyOverrides(bench.machine, asked.stateOverrides)
    const calls: SimulatedCall[] = []
    const logs: Log[] = []
    let gasUsed = 0n
    for (const call of asked.calls) {
      const room = block.gasLimit - gasUsed
      if (call.gas !== undefined && call.gas > room)
        throw new CallRefused('block-gas', `block gas limit reached: ${gasUsed} + ${call.gas} > ${block.gasLimit}`)
      const sender = bench.machine.overlay.account(call.from ?? ZERO_ADDRESS)
      const message: Message = {
        ...messageOf(call, block, gasLeft < room ? gasLeft : room),
        nonce: request.validation ? (call.nonce ?? sender?.nonce ?? 0n) : null,
      }
      const { real, ...result } = await runCall(bench, block, message)
      logs.push(...real)
      gasUsed += result.gasUsed
      gasLeft -= result.gasUsed
      calls.push(result)
    }
    push(block, gasUsed, calls, logs)
    parent = { ...block, gasUsed }
  }
  return { blocks, reads: bench.state.reads() }

  function push(block: BlockContext, gasUsed: bigint, calls: readonly SimulatedCall[], logs: readonly Log[]): void {
    // Only the first stands on a block that exists.
    const parentHash = blocks.length === 0 ? ground.blockHash : null
    const logsBloom = toHex(bloomOf(logs, ground.engines.hashes.keccak256))
    blocks.push({ ...publicFields(block), parentHash, logsBloom, gasUsed, calls })
  }
}

type Parent = BlockContext & { readonly gasUsed: bigint }

function blockAfter(
  parent: Parent,
  { blockOverrides = {} }: Partial<SimulatedBlockRequest>,
  validation: boolean,
): BlockContext {
  const next = overrideBlock(
    {
      ...parent,
      number: parent.number + 1n,
      timestamp: parent.timestamp + 12n,
      prevRandao: NO_RANDAO,
      // Without validation the base fee is zero unless it is asked for.
      baseFeePerGas: validation ? nextBaseFee(parent) : 0n,
    },
    blockOverrides,
  )
  if (next.timestamp <= parent.timestamp)
    throw new CallRefused('block-time', `block timestamps must be in order: ${next.timestamp} <= ${parent.timestamp}`)
  return next
}

async function runCall({ machine }: Bench, block: BlockContext, message: Message) {
  const { overlay } = machine
  const before = overlay.written()
  const { status, returnData, halt, gasUsed, created, logs } = await runTransaction(machine, block, message)
  return {
    status,
    returnData: toHex(returnData),
    halt,
    gasUsed,
    created: status === 'success' ? created : null,
    logs: logs.flatMap(asNativeTransfer),
    changes: changesSince(before, overlay),
    /** What the contracts themselves logged. */
    real: logs.filter(({ address }) => address !== SYSTEM_ADDRESS),
  } satisfies SimulatedCall & { real: readonly Log[] }
}

/** The EVM's own transfer logs under the address that callers know; burns are no transfers. */
function asNativeTransfer(log: Log): Log[] {
  if (log.address !== SYSTEM_ADDRESS) return [log]
  return log.topics[0] === BURN_TOPIC ? [] : [{ ...log, address: NATIVE_COIN }]
}

function changesSince(before: ReadonlyMap<Hex, Account | null>, overlay: StateOverlay): AccountChange[] {
  return [...overlay.written()].flatMap(([address, now]) => {
    const then = before.has(address) ? before.get(address)! : overlay.proven(address)
    const change = { address, before: figuresOf(then), after: figuresOf(now) }
    return sameFigures(change.before, change.after) ? [] : [change]
  })
}

type Figures = AccountChange['before']

function figuresOf(account: Account | null): Figures {
  return account && { balance: account.balance, nonce: account.nonce, codeHash: toHex(account.codeHash) }
}

function sameFigures(a: Figures, b: Figures): boolean {
  if (!a || !b) return a === b
  return a.balance === b.balance && a.nonce === b.nonce && a.codeHash === b.codeHash
}

function publicFields({ number, timestamp, gasLimit, baseFeePerGas, feeRecipient, prevRandao }: BlockContext) {
  return { number, timestamp, gasLimit, baseFeePerGas, feeRecipient, prevRandao }
}
