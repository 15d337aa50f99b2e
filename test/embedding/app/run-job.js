/** What an application does with the light client, the same under every bundler. */
import { GlowwormError, startLightClient } from '@glowworm/light-client/browser'

export async function runJob({ options, address, call }) {
  try {
    const client = await startLightClient(options)
    await client.ready()
    const params = [address, 'finalized']
    const { result, provenance } = await client.answer({ method: 'eth_getBalance', params })
    // The EVM is a chunk of its own, loaded where the client runs.
    const called = await client.request({ method: 'eth_call', params: [call, 'finalized'] })
    const refusal = await client.request({ method: 'eth_sign', params: [] }).catch(({ code }) => code)
    const { engines } = client
    await client.close()
    return { balance: result, standing: provenance.standing, called, refusal, engines }
  } catch (cause) {
    return { failure: cause instanceof GlowwormError ? cause.code : String(cause) }
  }
}
