/** What one bridge process bears: clients connected, answers a second, and what each costs. @module */
import { startBridge } from './bridge.ts'
import { ask, type Client, connectMany } from './clients.ts'
import { percentiles } from './figures.ts'
import { NAMES, type P2pRow, row } from './goals.ts'

const CLIENTS = 500
/** Milliseconds. */
const WARM = 5_000
const MEASURED = 10_000
/** Requests under way, over all clients. */
const AT_A_TIME = 48
/** Under way when latency is looked at: far from what a bridge bears. */
const FEW_AT_A_TIME = 4

export async function loadRows(say: (text: string) => void): Promise<P2pRow[]> {
  const bridge = await startBridge({ wsPort: 0 })
  const clients: Client[] = []
  try {
    const before = await bridge.sample()
    say(`node: ${CLIENTS} clients`)
    const start = performance.now()
    clients.push(...(await connectMany(bridge.addresses[0]!, CLIENTS)))
    const seconds = (performance.now() - start) / 1000
    const connected = await bridge.sample()
    if (connected.connections < CLIENTS) throw new Error(`only ${connected.connections} clients are connected`)
    const perClient = (figure: 'processor' | 'resident' | 'heap') => (connected[figure] - before[figure]) / CLIENTS
    say('node: load')
    await ask(clients, { milliseconds: WARM }, AT_A_TIME)
    const idle = await bridge.sample()
    const own = process.cpuUsage()
    const load = await ask(clients, { milliseconds: MEASURED }, AT_A_TIME)
    const { user, system } = process.cpuUsage(own)
    const busy = await bridge.sample()
    const calm = await ask(clients, { milliseconds: MEASURED / 2 }, FEW_AT_A_TIME)
    const still = await bridge.sample()
    if (still.connections < CLIENTS) throw new Error(`only ${still.connections} clients are still connected`)
    const processor = (busy.processor - idle.processor) / load.answers
    const processorOfClients = (user + system) / 1000 / load.answers
    const [full, few] = [percentiles(load.times), percentiles(calm.times)]
    const note = `${AT_A_TIME} requests of ${CLIENTS} clients under way, answers of 3,900 bytes, all clients in one process beside the bridge's; ${load.failures} failed.`
    return [
      row('node', NAMES.clients, connected.connections, '', 'Each a libp2p node of its own, over WebSocket.'),
      row('node', 'clients taken', CLIENTS / seconds, '/s'),
      row('node', 'processor of the bridge per client that connects', perClient('processor'), 'ms'),
      row('node', 'resident memory of the bridge per client', perClient('resident') / 1000, 'kB'),
      row('node', 'heap of the bridge per client', perClient('heap') / 1000, 'kB'),
      row('node', NAMES.answers, (load.answers * 1000) / load.elapsed, '/s', note),
      row('node', 'processor of the bridge per answer', processor, 'ms', note),
      row('node', 'processor of the clients per answer', processorOfClients, 'ms', note),
      row('node', 'answer under that load, median', full.p50, 'ms', note),
      row('node', 'answer under that load, p95', full.p95, 'ms', note),
      row('node', 'answer with four under way, median', few.p50, 'ms'),
      row('node', 'answer with four under way, p95', few.p95, 'ms'),
    ]
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await bridge.close()
  }
}
