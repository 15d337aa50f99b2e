import type { Ed25519Exports } from '../../src/wasm/ed25519.ts'
import { addressesOf, type GuardedTarget, type Step } from './gate.ts'

/** Nothing is decided: the key is any 32 bytes. */
function signing(length: number): Step[] {
  const message: Step = { call: 'message', args: [length], publics: { MESSAGE: new Uint8Array(length).fill(0x5a) } }
  return [{ call: 'signStart' }, message, { call: 'signNonce' }, message, { call: 'signEnd' }]
}

export const ed25519Operations: GuardedTarget = {
  name: 'ed25519',
  async prepare(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes)
    const kernel = instance.exports as unknown as Ed25519Exports
    kernel.prepareSigning()
    kernel.prepareVerifying()
    return { memory: new Uint8Array(kernel.memory.buffer), addresses: addressesOf(instance) }
  },
  wipe: 'wipe',
  operations: [
    { name: 'public key', secrets: { SECRET_KEY: 32 }, ways: { usual: [{ call: 'publicKey' }] } },
    {
      name: 'signature',
      secrets: { SECRET_KEY: 32 },
      // With and without room for the length in the last block of SHA-512.
      ways: { '40 bytes': signing(40), '90 bytes': signing(90) },
    },
  ],
}
