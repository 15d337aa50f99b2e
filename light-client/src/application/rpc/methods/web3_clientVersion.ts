import { PRODUCT } from '../../../product.ts'
import { local, type RpcMethod } from '../method.ts'

export const web3_clientVersion: RpcMethod = {
  standing: 'local',
  how: 'name and version of this software',
  async run() {
    return local(`${PRODUCT.name}/v${PRODUCT.version}`, 'this software')
  },
}
