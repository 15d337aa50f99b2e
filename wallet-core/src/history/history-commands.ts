/** The commands about what was found in logs. */
import { activityOf } from '../activity/activity.ts'
import { WalletError } from '../errors.ts'
import type { Core } from '../facade/core.ts'
import type { HistoryCommands, HistoryView, TransferView } from '../facade/history-values.ts'
import { networkKey } from '../facade/state.ts'
import { unlessStopped } from '../facade/stopped.ts'
import { knownAddresses } from '../safety/recipients.ts'
import { accountRecord } from '../sites/sites.ts'
import { UnknownEntry } from '../transfer/transfers.ts'
import type { Records } from '../vault/content.ts'
import { Locked } from '../vault/errors.ts'
import { baitIn, historyOf, MOST_TRANSFERS, transferKey } from './history.ts'
import type { Permissions } from './permissions.ts'
import { MOST_BLOCKS, type Search } from './search.ts'

export function historyView(core: Core, search: Search, permissions: Permissions): HistoryView {
  const { records } = core.keyring
  if (records === null) return { transfers: [], coverage: [], search: null, permissions: [] }
  const { covered } = historyOf(records, networkKey(core.ports.network))
  const selected = records.selected
  return {
    transfers: selected === null ? [] : transferViews(core, records, selected, MOST_SHOWN),
    coverage: Object.entries(covered).map(([accountId, ranges]) => ({ accountId, ranges })),
    search: search.view,
    permissions: permissions.view,
  }
}

/** Transfers in the state, which is sent at every change. */
const MOST_SHOWN = 100

function transferViews(core: Core, records: Records, accountId: string, most: number): TransferView[] {
  const account = records.accounts.find(({ id }) => id === accountId)
  if (!account) return []
  const known = knownAddresses(records).map(({ address }) => address)
  const mine = historyOf(records, networkKey(core.ports.network)).transfers.filter((one) => one.accountId === accountId)
  return mine.slice(0, most).map((transfer) => {
    const { logIndex: _index, place: _place, single: _single, ...view } = transfer
    return { ...view, key: transferKey(transfer), bait: baitIn(transfer, account.address, known) }
  })
}

export function createHistoryCommands(core: Core, search: Search, permissions: Permissions): HistoryCommands {
  const { keyring, ports } = core
  const records = () => {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }
  return {
    async searchHistory({ accountId, blocks }) {
      if (!Number.isSafeInteger(blocks) || blocks < 1 || blocks > MOST_BLOCKS) throw new InvalidRange()
      return search.run(accountRecord(records(), accountId), blocks)
    },
    async stopSearch() {
      search.stop()
    },
    async allTransfers({ accountId }) {
      return transferViews(core, records(), accountRecord(records(), accountId).id, MOST_TRANSFERS)
    },
    checkPermissions: ({ accountId }, stop) => permissions.check(accountId, stop),
    async prepareRevokes({ keys }) {
      return permissions.revoke(Array.isArray(keys) ? keys.map(String) : [])
    },
    async exportReceipt({ id }, stop) {
      const entry = activityOf(records(), networkKey(ports.network)).find((one) => one.id === id)
      if (!entry?.hash) throw new UnknownEntry()
      if (!ports.prove) throw new NoProofMaker()
      const proving = ports.prove([{ method: 'eth_getTransactionReceipt', params: [entry.hash] }])
      const { file } = await unlessStopped(proving, stop)
      return { file }
    },
  }
}

export class InvalidRange extends WalletError {
  constructor() {
    super(
      { name: 'History.InvalidRange', code: 'INVALID_RANGE', kind: 'usage' },
      `Expected a whole number of blocks from 1 to ${MOST_BLOCKS}.`,
    )
  }
}

export class NoProofMaker extends WalletError {
  constructor() {
    super(
      { name: 'History.NoProofMaker', code: 'NO_PROOF_MAKER', kind: 'usage' },
      'This form of the wallet cannot make proof files.',
    )
  }
}
