/** Everything that is loaded when the chain is first followed, put together. @module */
import type { LoadBelongings } from '../facade/belongings.ts'
import { createAssetCommands } from './asset-commands.ts'
import { createHoldings } from './holdings.ts'
import { KNOWN_TOKENS } from './known-tokens.ts'

export const createBelongings: LoadBelongings = async (core) => {
  const listed = () => KNOWN_TOKENS[core.ports.network.chainId] ?? []
  const holdings = createHoldings(core, listed)
  return {
    get view() {
      return { holdings: holdings.view }
    },
    commands: createAssetCommands(core, holdings, listed),
    refresh: (client) => holdings.refresh(client),
    clear: () => holdings.clear(),
  }
}
