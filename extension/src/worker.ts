/** The service worker of Chromium. Peers are carried by an offscreen document. */
// A service worker cannot load modules later: what executes calls comes with it, what reads names, and what computes
// without WebAssembly.
import * as contractLayer from '@glowworm/light-client/contract/index'
import { createBelongings } from '@glowworm/wallet-core/assets/belongings'
import { normalize } from '@glowworm/wallet-core/intent/names/ensip15'
import * as noble from '@glowworm/wasm-core/noble/engines'
import { offscreenChannel } from './infrastructure/offscreen-document.ts'
import { startWallet } from './worker/start.ts'

startWallet(offscreenChannel(), {
  loadContractLayer: async () => contractLayer,
  loadBelongings: createBelongings,
  loadNormalize: async () => normalize,
  loadNoble: async () => noble,
})
