/** Where the recorded Deneb periods lie, and how a node would answer ranges of them. */
const FOLDER = 'eth-lightclient/colibri-mainnet/eth_getBalance1'

/** Bootstrap of slot 11,034,656, period 1347: bare SSZ. */
export const DENEB_BOOTSTRAP = `${FOLDER}/eth_v1_beacon_light_client_bootstrap_0x2e522016a5ac7d8d57d758b633a25491a43d12750db8f417fd6cf264b7ec5.ssz`
/** Updates of periods 1347 to 1392: u64le length ‖ fork digest ‖ SSZ each. */
export const DENEB_UPDATES = `${FOLDER}/eth_v1_beacon_light_client_updates_start_period_1347_count_46.ssz`

/** The part of recorded updates that a query asks for. */
export function updateRange(all: Uint8Array, firstPeriod: number, query: URLSearchParams): Uint8Array {
  const start = Number(query.get('start_period'))
  const count = Number(query.get('count'))
  const parts: Uint8Array[] = []
  for (let at = 0, period = firstPeriod; at < all.length; period++) {
    const size = 8 + Number(new DataView(all.buffer, all.byteOffset + at).getBigUint64(0, true))
    if (period >= start && period < start + count) parts.push(all.subarray(at, at + size))
    at += size
  }
  return new Uint8Array(Buffer.concat(parts))
}
