/**
 * The peers, initialised. Plain JavaScript, because their types are not there before the first benchmark installs them;
 * `peers.d.mts` says what is used. Runs under Node and, bundled, in a browser.
 */
import { instantiateSecp256k1 } from '@bitauth/libauth'
import * as asSha256 from '@chainsafe/as-sha256'
import * as mpt from '@ethereumjs/mpt'
import herumi from 'bls-eth-wasm'
import * as hashWasm from 'hash-wasm'
import mcl from 'mcl-wasm'
import { Engine } from 'ox/wasm'
import * as tinySecp256k1 from 'tiny-secp256k1'

export async function loadPeers() {
  await herumi.init(herumi.BLS12_381)
  await mcl.init(mcl.BLS12_381)
  herumi.verifyPublicKeyOrder(true)
  herumi.verifySignatureOrder(true)
  const [libauth, keccak, sha256, ox] = await Promise.all([
    instantiateSecp256k1(),
    hashWasm.createKeccak(256),
    hashWasm.createSHA256(),
    Engine.engine(),
  ])
  return { herumi, mcl, libauth, tinySecp256k1, hashWasm: { keccak, sha256 }, asSha256, ox, mpt }
}
