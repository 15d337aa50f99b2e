/** Everything that is loaded when the chain is first followed, put together. @module */

import { createLogCommands } from '../activity/log/log-commands.ts'
import type { LoadBelongings } from '../facade/belongings.ts'
import { createHistoryCommands, historyView } from '../history/history-commands.ts'
import { createPermissions } from '../history/permissions.ts'
import { createSearch } from '../history/search.ts'
import { webVerifyEd25519 } from '../infrastructure/web-crypto.ts'
import { createPacks } from '../packs/packs.ts'
import { createAssetCommands } from './asset-commands.ts'
import { createHoldings } from './holdings.ts'

export const createBelongings: LoadBelongings = async (core) => {
  const packs = await createPacks(core, webVerifyEd25519)
  const listed = () => packs.tokens
  const holdings = createHoldings(core, listed)
  const search = createSearch(core)
  const permissions = createPermissions(core, holdings)
  return {
    get view() {
      return { holdings: holdings.view, history: historyView(core, search, permissions), lists: packs.view }
    },
    commands: {
      ...createAssetCommands(core, holdings, listed),
      ...createHistoryCommands(core, search, permissions),
      ...createLogCommands(core),
      ...packs.commands,
    },
    get descriptors() {
      return packs.descriptors
    },
    refresh: (client) => holdings.refresh(client),
    clear() {
      search.stop()
      holdings.clear()
      permissions.clear()
    },
  }
}
