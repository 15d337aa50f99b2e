import { fromHex, toHex } from '../../../data/hex.ts'
import { local, type RpcMethod } from '../method.ts'
import { dataParam } from '../parameters.ts'

export const web3_sha3: RpcMethod = {
  standing: 'local',
  how: 'Keccak-256, computed here',
  async run({ chain }, [data]) {
    const bytes = fromHex(dataParam(data, 'data'), 'data')
    return local(toHex(chain.engines.hashes.keccak256(bytes)), 'computed here')
  },
}
