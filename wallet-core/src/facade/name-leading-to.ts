/** A name that somebody entered, once more before anything rests on it. */
import type { Hex } from '@glowworm/light-client'
import { CommandFailed, WalletError } from '../errors.ts'
import type { LookUp } from '../intent/names/look-up.ts'
import type { Shown } from './facade.ts'

/** The name, once it is proven again that it leads there. @throws {NameMoved} and why it could not be proven */
export async function nameLeadingTo(lookUp: LookUp, name: string, recipient: Hex): Promise<Shown<string>> {
  const found = await lookUp(name)
  if (found.kind !== 'proven') throw found.kind === 'unproven' ? new CommandFailed(found.problem) : new NameMoved(name)
  if (found.value.address !== recipient || found.value.name === null) throw new NameMoved(name)
  return { ...found, value: found.value.name }
}

export class NameMoved extends WalletError {
  constructor(name: string) {
    super(
      { name: 'Wallet.NameMoved', code: 'NAME_MOVED', kind: 'refused' },
      `${name.slice(0, 80)} does not lead to that address (any more). Nothing was prepared.`,
      { next: 'Enter the name again and compare the address.' },
    )
  }
}
