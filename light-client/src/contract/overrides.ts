/** What a caller wants to be different in the state before a call. @module */
import { fromHex } from '../data/hex.ts'
import { InvalidInput } from '../errors.ts'
import type { StateOverrides } from '../ledgers/ethereum/call-claims.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { addressOf, change, type Machine } from './machine.ts'

/** @throws {InvalidInput | MissingEvidence} */
export async function applyOverrides(machine: Machine, overrides: StateOverrides = {}): Promise<void> {
  const { overlay } = machine
  for (const [key, override] of Object.entries(overrides)) {
    const owner = addressOf(key as Hex)
    if (override.state && override.stateDiff)
      throw new InvalidInput(`stateOverrides.${key}`, 'state and stateDiff cannot be given together')
    const { balance, nonce } = override
    if (balance !== undefined || nonce !== undefined)
      await change(machine, key as Hex, (account) => {
        if (balance !== undefined) account.balance = balance
        if (nonce !== undefined) account.nonce = nonce
      })
    if (override.code !== undefined) await overlay.putCode(owner, fromHex(override.code, 'code'))
    if (override.state) await overlay.clearStorage(owner)
    for (const [slot, value] of Object.entries(override.state ?? override.stateDiff ?? {}))
      await overlay.putStorage(owner, fromHex(slot, 'slot', 32), fromHex(value, 'value', 32))
  }
}
