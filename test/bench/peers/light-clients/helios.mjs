/** Helios. It takes its head from a finality update and wants the full block of it; where that is missing, it has no state. */
import { createHeliosProvider } from '@a16z/helios'

export async function start({ url, checkpoint }) {
  const config = { executionRpc: url, consensusRpc: url, network: 'mainnet', checkpoint, dbType: 'config' }
  const client = await createHeliosProvider(config, 'ethereum')
  return { sync: () => client.waitSynced(), stop: () => client.shutdown() }
}
