import type { WalletPorts } from '../ports.ts'
import { createProvider, type Provider } from '../provider/provider.ts'
import { createCommands, facadeOf } from './commands.ts'
import { createCore } from './core.ts'
import type { WalletFacade } from './facade.ts'

export interface Wallet {
  readonly facade: WalletFacade
  /** Serves sites; see `provider/serve.ts`. */
  readonly provider: Provider
  /** Locks when the deadline has passed: for the shell's alarms, which outlive timers. */
  tick(): Promise<void>
  /** Stops following the chain. The session, and so the unlocked state, lasts. */
  close(): Promise<void>
  /** Follows the chain again after `close`, when sources have been chosen. */
  follow(): Promise<void>
}

/**
 * Builds the wallet out of its ports. Takes up a session that outlived the worker, and follows the chain again when
 * sources were chosen before; otherwise nothing is contacted.
 */
export async function createWallet(ports: WalletPorts): Promise<Wallet> {
  const core = await createCore(ports)
  await core.keyring.restore()
  void core.follow()
  return {
    facade: facadeOf(createCommands(core), core.published),
    provider: createProvider(core),
    async tick() {
      await core.keyring.tick()
      await core.endExpired()
    },
    close: () => core.connection.close(),
    follow: () => core.follow(),
  }
}
