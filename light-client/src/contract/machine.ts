/** The EVM library set up for one block: its rules, our cryptography, an overlay of proven state. @module */
import { Common, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { Account, Address } from '@ethereumjs/util'
import type { Engines } from '@glowworm/wasm-core'
import { fromHex } from '../data/hex.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { HardFork } from './block-context.ts'
import { precompileCrypto } from './precompile-crypto.ts'
import type { StateOverlay } from './state-overlay.ts'
import type { Work } from './work.ts'

/** What executes transactions, one after another, on one overlay. */
export interface Machine {
  readonly evm: EVM
  readonly overlay: StateOverlay
  readonly engines: Engines
  readonly chainId: bigint
}

/** Gives the hash of one of the 256 blocks before. @throws {MissingEvidence} */
export type BlockHashes = (number: bigint) => Hex

/** EIP-7708: the EVM itself can log transfers of the native coin. */
const TRANSFER_LOGS = 7708
const JUMPDEST = { opcode: 0x5b, opcodeName: 'JUMPDEST', baseFee: 1 }

export async function createMachine(options: {
  readonly hardFork: HardFork
  readonly chainId: number
  readonly overlay: StateOverlay
  readonly blockHashes: BlockHashes
  readonly engines: Engines
  readonly traceTransfers?: boolean
  readonly work?: Work
}): Promise<Machine> {
  const { hardFork, chainId, overlay, blockHashes, engines, work } = options
  const common = new Common({
    chain: { ...Mainnet, chainId },
    hardfork: hardFork,
    customCrypto: precompileCrypto(engines),
    ...(options.traceTransfers ? { eips: [TRANSFER_LOGS] } : {}),
  })
  const blockchain = {
    getBlock: async (number: number) => {
      const hash = fromHex(blockHashes(BigInt(number)), 'block hash', 32)
      return { hash: () => hash }
    },
    putBlock: async () => {},
    shallowCopy: () => blockchain,
  }
  // Whatever repeats passes a JUMPDEST or begins a message; between two of those there is one contract's length of code.
  const takeTurns = async () => void (await work?.turn())
  const customOpcodes = work ? [{ ...JUMPDEST, logicFunction: takeTurns }] : []
  const evm = await createEVM({ common, stateManager: overlay, blockchain, customOpcodes })
  // The library waits for `resume`; what is thrown at once ends the run.
  if (work)
    evm.events.on('beforeMessage', (_message, resume) => {
      const others = work.turn()
      if (others) void others.then(() => resume?.())
      else resume?.()
    })
  return { evm, overlay, engines, chainId: BigInt(chainId) }
}

export const ZERO_ADDRESS: Hex = `0x${'0'.repeat(40)}`

export const addressOf = (hex: Hex): Address => new Address(fromHex(hex, 'address', 20))

/** Reads an account, changes it and puts it back. */
export async function change({ evm, overlay }: Machine, address: Hex, edit: (account: Account) => void): Promise<void> {
  const account = (await overlay.getAccount(addressOf(address))) ?? new Account()
  edit(account)
  await evm.journal.putAccount(addressOf(address), account)
}
