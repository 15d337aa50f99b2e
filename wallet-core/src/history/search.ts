/**
 * Looks through proven blocks for everything that logs tell of an account. Only final blocks: what was found stays true.
 * Found and covered blocks are kept as the search goes on, so that one that is stopped has not been for nothing.
 * @module
 */
import type { Hex, LightClient } from '@glowworm/light-client'
import { findLogs, logSearch, type PlacedLog } from '@glowworm/light-client/application/rpc/find-logs'
import type { Log } from '@glowworm/light-client/ledgers/ethereum/claims'
import { withFound } from '../assets/asset.ts'
import { problemOf, WalletError } from '../errors.ts'
import type { Core } from '../facade/core.ts'
import type { SearchView } from '../facade/history-values.ts'
import { networkKey } from '../facade/state.ts'
import type { AccountRecord, AssetRecord, PermissionRecord, TransferRecord } from '../vault/content.ts'
import { coveredOf, withSearched } from './history.ts'
import { type BlockRange, missing } from './ranges.ts'
import { permissionIn, TOPIC, topicOf, transfersIn } from './read-logs.ts'

/** Blocks after which what was found is kept. */
const STRETCH = 256n
/** Blocks after which the progress is told. */
const SHOWN_EVERY = 32
/** Logs of one stretch after which it is given up. */
const MOST_LOGS = 4096
/** More than these nobody waits for: headers of a week and more. */
export const MOST_BLOCKS = 65_536

export interface Search {
  readonly view: SearchView | null
  /** @returns what could not be decided, with why @throws {SearchRunning} {@link SearchStopped} */
  run(account: AccountRecord, blocks: number): Promise<readonly { from: bigint; to: bigint; reason: string }[]>
  stop(): void
}

export function createSearch(core: Core): Search {
  const { keyring, connection, ports } = core
  const network = networkKey(ports.network)
  let view: SearchView | null = null
  let stopped = false

  const show = (next: SearchView | null) => {
    view = next
    core.published.changed()
  }

  async function stretch(client: LightClient, account: AccountRecord, { from, to }: BlockRange) {
    const { chain } = client
    // In a bloom it is one whatever place a topic has.
    const filter = { addresses: [], topics: [[topicOf(account.address)]] }
    const inBlock = logSearch(chain, filter, (log) => isAbout(log, account.address))
    const id = await chain.byNumber(to)
    if (id === null) throw new SearchStopped()
    const found = await findLogs(
      chain,
      async (block) => {
        if (stopped || keyring.records === null) throw new SearchStopped()
        if (view) view = { ...view, done: view.done + 1 }
        if (view && view.done % SHOWN_EVERY === 0) core.published.changed()
        return inBlock(block)
      },
      { from, last: await chain.header(id), most: MOST_LOGS },
    )
    const undecided = found.undecided.map((range) => ({ ...range, reason: problemOf(range.reason).message }))
    const covered = undecided.reduce<BlockRange[]>(
      (ranges, gap) => ranges.flatMap((range) => missing(range, [gap])),
      [{ from, to }],
    )
    const transfers = found.logs.flatMap((log) => transferRecords(log, account))
    const permissions = found.logs.flatMap((log): PermissionRecord[] => {
      const permission = permissionIn(log, account.address)
      return permission ? [{ ...permission, accountId: account.id }] : []
    })
    await keyring.update((records) => {
      const next = withSearched(records, network, account.id, { transfers, permissions, covered })
      return withFound(next, network, assetsIn(transfers, account, ports.clock.now()))
    })
    return undecided
  }

  return {
    get view() {
      return view
    },
    async run(account, blocks) {
      if (view !== null) throw new SearchRunning()
      stopped = false
      show({ accountId: account.id, done: 0, of: blocks })
      try {
        const client = connection.client()
        const { value: head } = await client.chain.head('finalized')
        const least = head.number + 1n - BigInt(blocks)
        const wanted = { from: least > 0n ? least : 0n, to: head.number }
        const { records } = keyring
        if (records === null) throw new SearchStopped()
        const open = missing(wanted, coveredOf(records, network, account.id)).toReversed()
        show({ accountId: account.id, done: 0, of: open.reduce((sum, { from, to }) => sum + Number(to - from) + 1, 0) })
        const undecided: { from: bigint; to: bigint; reason: string }[] = []
        for (const range of open)
          for (let to = range.to; to >= range.from; to -= STRETCH) {
            const from = to - STRETCH + 1n
            const gaps = await stretch(client, account, { from: from > range.from ? from : range.from, to })
            undecided.push(...gaps)
            // Where the headers end, nothing below can be reached either.
            if (gaps.some((gap) => gap.from <= from && gap.to < to)) return undecided
          }
        return undecided
      } finally {
        show(null)
      }
    },
    stop() {
      stopped = true
    },
  }
}

/** The topic may stand anywhere; what it means is told by the event. */
function isAbout(log: Log, account: Hex): boolean {
  const [event] = log.topics
  return (
    Object.values(TOPIC).some((topic) => topic === event) &&
    (transfersIn(log, account).length > 0 || permissionIn(log, account) !== null)
  )
}

function transferRecords(log: PlacedLog, { id: accountId, address }: AccountRecord): TransferRecord[] {
  const { block, transactionHash: hash, logIndex } = log
  const at = { accountId, block: block.number, time: Number(block.timestamp) * 1000, hash, logIndex }
  return transfersIn(log, address).map((transfer, place) => ({ ...transfer, ...at, place }))
}

/** What came in, as things nobody asked for. */
function assetsIn(transfers: readonly TransferRecord[], { address }: AccountRecord, addedAt: number): AssetRecord[] {
  const received = transfers.filter(({ to, amount }) => to === address && amount > 0n)
  return received.map(({ contract, id, single }) => ({
    standard: id === null ? 'erc20' : single ? 'erc721' : 'erc1155',
    address: contract,
    id,
    standing: 'unasked',
    addedAt,
  }))
}

export class SearchRunning extends WalletError {
  constructor() {
    super({ name: 'History.SearchRunning', code: 'SEARCH_RUNNING', kind: 'usage' }, 'A search is running already.', {
      next: 'Wait for it, or stop it.',
    })
  }
}

export class SearchStopped extends WalletError {
  constructor() {
    super(
      { name: 'History.SearchStopped', code: 'SEARCH_STOPPED', kind: 'refused' },
      'The search was stopped. What it found until then is kept.',
    )
  }
}
