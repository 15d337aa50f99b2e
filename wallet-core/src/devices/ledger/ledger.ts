/** Accounts in a device that speaks Ledger's protocol. */
import type { Hex } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import type { Device } from '../../accounts/account-kind.ts'
import { addressOf } from '../../accounts/address.ts'
import { compress } from '../../accounts/derivation.ts'
import type { DeviceAnswer } from '../../facade/facade.ts'
import type { Signable } from '../../signing/signable.ts'
import { encodeUnsigned } from '../../signing/transaction.ts'
import type { AccountKey } from '../../vault/content.ts'
import type { DeviceKey } from '../device-key.ts'
import { DeviceCannotSign, UnreadableAnswer } from '../errors.ts'
import {
  addressCommand,
  checkAnswers,
  lastAnswer,
  messageCommands,
  transactionCommands,
  typedDataCommand,
} from './commands.ts'

type LedgerKey = Extract<AccountKey, { kind: 'ledger' }>

/** `live`: an account of its own for each, as Ledger's program makes them. `standard`: addresses of the first account. */
export type LedgerPaths = 'live' | 'standard'
const OFFERED = 5
const PATHS: Readonly<Record<LedgerPaths, (index: number) => string>> = {
  live: (index) => `m/44'/60'/${index}'/0/0`,
  standard: (index) => `m/44'/60'/0'/0/${index}`,
}

const offeredPaths = (paths: LedgerPaths): string[] => Array.from({ length: OFFERED }, (_, i) => PATHS[paths](i))

export const ledgerAddressCommands = (paths: LedgerPaths): Uint8Array[] => offeredPaths(paths).map(addressCommand)

/** The keys the device named in answer to {@link ledgerAddressCommands}. @throws {DeviceError} */
export function ledgerKeys(answers: readonly Uint8Array[], paths: LedgerPaths, hashes: Engines['hashes']): DeviceKey[] {
  const offered = offeredPaths(paths)
  const read = checkAnswers(answers)
  if (read.length !== offered.length)
    throw new UnreadableAnswer(`it holds ${read.length} addresses, expected ${offered.length}`)
  return read.map((answer, i) => ({ ...readAddress(answer, hashes), key: { kind: 'ledger', path: offered[i]! } }))
}

/** `u8 length ‖ public key, 65 bytes ‖ u8 length ‖ 40 hex digits`; the address is worked out from the key all the same. */
function readAddress(answer: Uint8Array, hashes: Engines['hashes']): { address: Hex; publicKey: Hex } {
  const publicKey = answer.subarray(1, 66)
  if (answer[0] !== 65 || answer[66] !== 40 || answer.length < 107 || publicKey[0] !== 4)
    throw new UnreadableAnswer('it holds no public key')
  const address = addressOf(publicKey, hashes.keccak256)
  const said = new TextDecoder().decode(answer.subarray(67, 107))
  if (address !== `0x${said.toLowerCase()}`) throw new UnreadableAnswer('its address does not belong to its key')
  return { address, publicKey: toHex(compress(publicKey)) }
}

export const ledger: Device<LedgerKey> = {
  request: ({ key }, signable, { hashes }) => ({ device: 'ledger', commands: commandsFor(key.path, signable, hashes) }),
  signature(answer, signable, { hashes }) {
    // The path is as long as it is; only how many commands there were matters here.
    const commands = commandsFor(PATHS.live(0), signable, hashes).length
    const data = lastAnswer(answersOf(answer), commands)
    if (data.length !== 65) throw new UnreadableAnswer(`a signature has 65 bytes, not ${data.length}`)
    // v ‖ r ‖ s, and v in a different form for each kind.
    return data.subarray(1)
  },
}

function commandsFor(path: string, signable: Signable, hashes: Engines['hashes']): Uint8Array[] {
  switch (signable.kind) {
    case 'transaction':
      if (signable.transaction.type !== 'eip1559' && signable.transaction.type !== 'eip2930')
        throw new DeviceCannotSign('transactions of this kind')
      return transactionCommands(path, encodeUnsigned(signable.transaction, hashes))
    case 'message':
      return messageCommands(path, signable.message)
    case 'typed-data':
      if (signable.hashed.messageHash.length !== 32) throw new DeviceCannotSign('a domain alone')
      return [typedDataCommand(path, signable.hashed.domainHash, signable.hashed.messageHash)]
  }
}

function answersOf(answer: DeviceAnswer): readonly Uint8Array[] {
  if (answer?.device !== 'ledger') throw new UnreadableAnswer('it is from a device of another kind')
  return answer.answers
}
