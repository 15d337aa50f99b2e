/** Lodestar's light client by its specification part; what surrounds it fetches the same answers, in SSZ. */
import { createBeaconConfig } from '@lodestar/config'
import { mainnetChainConfig } from '@lodestar/config/networks'
import { LightclientSpec } from '@lodestar/light-client/spec'
import { ssz } from '@lodestar/types'
// Not among the exports, but nothing else of the package checks a bootstrap without polling a node.
import { validateLightClientBootstrap } from './node_modules/@lodestar/light-client/lib/spec/validateLightClientBootstrap.js'

const GENESIS_VALIDATORS_ROOT = fromHex('4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95')
const GENESIS_TIME = 1606824023
const PERIOD = 1347

export async function start({ url, checkpoint }) {
  const config = createBeaconConfig(mainnetChainConfig, GENESIS_VALIDATORS_ROOT)
  const get = async (path) => {
    const answer = await fetch(`${url}/eth/v1/beacon/light_client/${path}`, {
      headers: { accept: 'application/octet-stream' },
    })
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const slot = () => Math.floor((Date.now() / 1000 - GENESIS_TIME) / 12)
  return {
    async sync() {
      const bootstrap = ssz.deneb.LightClientBootstrap.deserialize(await get(`bootstrap/${checkpoint}`))
      validateLightClientBootstrap(config, fromHex(checkpoint.slice(2)), bootstrap)
      const options = { allowForcedUpdates: false, updateHeadersOnForcedUpdate: false }
      const client = new LightclientSpec(config, options, bootstrap)
      for (const update of split(await get(`updates?start_period=${PERIOD}&count=128`)))
        client.onUpdate(slot(), ssz.deneb.LightClientUpdate.deserialize(update))
      client.onFinalityUpdate(slot(), ssz.deneb.LightClientFinalityUpdate.deserialize(await get('finality_update')))
      client.onOptimisticUpdate(
        slot(),
        ssz.deneb.LightClientOptimisticUpdate.deserialize(await get('optimistic_update')),
      )
    },
    stop: async () => {},
  }
}

/** u64le length ‖ fork digest ‖ SSZ each. */
function* split(all) {
  const view = new DataView(all.buffer, all.byteOffset, all.length)
  for (let at = 0; at < all.length; ) {
    const end = at + 8 + Number(view.getBigUint64(at, true))
    yield all.subarray(at + 12, end)
    at = end
  }
}

function fromHex(text) {
  return Uint8Array.from(text.match(/../g), (byte) => Number.parseInt(byte, 16))
}
