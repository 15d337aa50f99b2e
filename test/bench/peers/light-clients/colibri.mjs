/** Colibri keeps no head: the first proof it verifies makes it walk from the checkpoint to the committee of the proof. */
import Colibri from '@corpus-core/colibri-stateless'

export async function start({ url, checkpoint }) {
  const stored = new Map()
  await Colibri.register_storage({
    get: (key) => stored.get(key) ?? null,
    set: (key, value) => void stored.set(key, new Uint8Array(value)),
    del: (key) => void stored.delete(key),
  })
  const client = new Colibri({
    chainId: 1,
    trusted_checkpoint: checkpoint,
    rpcs: [url],
    beacon_apis: [url],
    prover: [],
    checkpointz: [url],
  })
  let proof
  let proven
  const verify = async (address) => {
    const params = [address, 'latest']
    proof ??= await client.createProof('eth_getBalance', params)
    return client.verifyProof('eth_getBalance', params, proof)
  }
  return {
    async sync({ address }) {
      proven = await verify(address)
    },
    balance: async () => proven,
    balanceAgain: verify,
    block: async () => (await client.rpc('eth_getBlockByNumber', ['latest', true])).transactions.length,
    stop: async () => {},
  }
}
