/** Everything that is loaded when the chain is first followed, put together. @module */
import type { LoadBelongings } from '../facade/belongings.ts'
import { createHistoryCommands, historyView } from '../history/history-commands.ts'
import { createPermissions } from '../history/permissions.ts'
import { createSearch } from '../history/search.ts'
import { createAssetCommands } from './asset-commands.ts'
import { createHoldings } from './holdings.ts'
import { KNOWN_TOKENS } from './known-tokens.ts'

export const createBelongings: LoadBelongings = async (core) => {
  const listed = () => KNOWN_TOKENS[core.ports.network.chainId] ?? []
  const holdings = createHoldings(core, listed)
  const search = createSearch(core)
  const permissions = createPermissions(core, holdings)
  return {
    get view() {
      return { holdings: holdings.view, history: historyView(core, search, permissions) }
    },
    commands: {
      ...createAssetCommands(core, holdings, listed),
      ...createHistoryCommands(core, search, permissions),
    },
    refresh: (client) => holdings.refresh(client),
    clear() {
      search.stop()
      holdings.clear()
      permissions.clear()
    },
  }
}
