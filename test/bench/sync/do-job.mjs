/** The job, the same in Node and in a page. Plain JavaScript: in Node nothing else shall be loaded. */

const AGAIN = 51

/** Moves the clock of this process or page, so that recorded data are of today. */
export function setClock(now) {
  const RealDate = Date
  const ahead = now - RealDate.now()
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length > 0 ? given : [RealDate.now() + ahead]))
    }
    static now() {
      return RealDate.now() + ahead
    }
  }
}

/**
 * @param load gives the module of the client
 * @param memory bytes of memory, resident and of the process's own; null where they cannot be known here
 * @param processor milliseconds of processor time so far, or null
 */
export async function doJob(job, load, memory = async () => null, processor = () => null) {
  setClock(job.now)
  const before = await memory()
  const start = performance.now()
  const client = await (await load()).start(job)
  const started = performance.now() - start
  const processorBefore = processor()
  const synced = await timed(() => client.sync(job))
  const syncedProcessor = processorBefore === null ? null : processor() - processorBefore
  const balance = job.address && client.balance ? await client.balance(job.address) : null
  const after = await memory()
  const balanceAgain = balance !== null ? await median(AGAIN, () => client.balanceAgain(job.address)) : null
  let block = null
  // Once: what is known of a block is not worked out again.
  if (client.block) {
    await client.loadBlocks?.()
    const begun = performance.now()
    const transactions = await client.block(job.block)
    block = { transactions, milliseconds: performance.now() - begun }
  }
  const updates = job.address ? await client.updates?.() : null
  await client.stop()
  return {
    started,
    synced,
    syncedProcessor,
    balance,
    balanceAgain,
    block,
    update: updates ? middle(updates) : null,
    memory: added(before, after),
  }
}

const added = (before, after) =>
  before && after && { resident: after.resident - before.resident, own: after.own - before.own }

async function median(times, run) {
  const all = []
  for (let i = 0; i < times; i++) all.push(await timed(run))
  return middle(all)
}

async function timed(run) {
  const start = performance.now()
  await run()
  return performance.now() - start
}

const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
