/**
 * The commands of Ledger's Ethereum app that are needed here (its `ethapp` document): an address, a typed transaction,
 * a message, and typed data by its two hashes. Every command of a request is known in advance, so whoever carries them
 * needs to know nothing: it sends them one after another and stops at the first status that is not 0x9000.
 * @module
 */
import { concatBytes } from '@glowworm/light-client/data/hex'
import { BlindSigningOff, DeviceFault, DeviceLocked, DeviceRejected, OtherApp, UnreadableAnswer } from '../errors.ts'
import { pathSteps } from '../key-path.ts'

const CLA = 0xe0
const INS = { address: 0x02, transaction: 0x04, message: 0x08, typedData: 0x0c } as const
/** Of data in one command. */
const MOST_BYTES = 255

/** Without showing it on the device: it is shown and compared when something is received. */
export const addressCommand = (path: string): Uint8Array => command(INS.address, 0, pathBytes(path))

/** @param unsigned EIP-2718 envelope of a transaction without its signature */
export const transactionCommands = (path: string, unsigned: Uint8Array): Uint8Array[] =>
  inParts(INS.transaction, concatBytes(pathBytes(path), unsigned))

export const messageCommands = (path: string, message: Uint8Array): Uint8Array[] =>
  inParts(INS.message, concatBytes(pathBytes(path), uint32(message.length), message))

export const typedDataCommand = (path: string, domainHash: Uint8Array, messageHash: Uint8Array): Uint8Array =>
  command(INS.typedData, 0, concatBytes(pathBytes(path), domainHash, messageHash))

/** The data of the last of as many answers as there were commands. @throws {DeviceError} for one that says no */
export function lastAnswer(answers: readonly Uint8Array[], commands: number): Uint8Array {
  const all = checkAnswers(answers)
  if (all.length !== commands) throw new UnreadableAnswer(`it holds ${all.length} answers to ${commands} commands`)
  return all.at(-1)!
}

/** Their data, without the statuses. @throws {DeviceError} for the first that says no */
export function checkAnswers(answers: readonly Uint8Array[]): Uint8Array[] {
  if (!Array.isArray(answers) || answers.length === 0) throw new UnreadableAnswer('it is empty')
  return answers.map((answer: unknown) => {
    if (!(answer instanceof Uint8Array) || answer.length < 2) throw new UnreadableAnswer('it has no status')
    const status = (answer.at(-2)! << 8) | answer.at(-1)!
    if (status !== 0x9000) throw refusal(status)
    return answer.subarray(0, -2)
  })
}

function refusal(status: number): Error {
  switch (status) {
    case 0x6985:
    case 0x5501:
      return new DeviceRejected()
    case 0x5515:
    case 0x6b0c:
    case 0x6804:
      return new DeviceLocked()
    case 0x6d00:
    case 0x6d02:
    case 0x6e00:
    case 0x6e01:
    case 0x6511:
      return new OtherApp()
    case 0x6a80:
      return new BlindSigningOff()
    default:
      return new DeviceFault(status)
  }
}

function inParts(instruction: number, data: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length; at += MOST_BYTES)
    parts.push(command(instruction, at === 0 ? 0x00 : 0x80, data.subarray(at, at + MOST_BYTES)))
  return parts
}

const command = (instruction: number, first: number, data: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(CLA, instruction, first, 0x00, data.length), data)

function pathBytes(path: string): Uint8Array {
  const steps = pathSteps(path)
  return concatBytes(Uint8Array.of(steps.length), ...steps.map(uint32))
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
