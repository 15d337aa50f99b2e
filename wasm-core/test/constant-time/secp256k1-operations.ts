import { secureRandom } from '../../src/infrastructure/secure-random.ts'
import type { Secp256k1Exports } from '../../src/wasm/secp256k1-module.ts'
import type { Decision } from './execution.ts'
import { addressesOf, type GuardedTarget, type Step } from './gate.ts'

const key: Decision[] = [
  { says: 'the key is below n', answer: 1 },
  { says: 'the key is unusable', answer: 0 },
]
const badKey = (call: string): Step => ({ call, decisions: [{ says: 'the key is below n', answer: 0 }] })
const isZero = (what: string, answer: 0 | 1): Decision => ({ says: `${what} is zero`, answer })

// A nonce, r or s that is no good is one in 2^127. Another nonce is taken then, and the first one matters to nobody.
const nonce: Decision[] = [
  { says: 'the nonce is below n', answer: 1 },
  { says: 'the nonce is usable', answer: 1 },
]
const good = [...nonce, isZero('r', 0), isZero('s', 0)]
const digest = { DIGEST: new Uint8Array(32).fill(0x5a) }
const signing = (extraBytes: number, ...decisions: Decision[]): Step[] => [
  { call: 'sign', args: [extraBytes], publics: digest, decisions: [...key, ...decisions, ...good], returns: 1 },
]

/** With and without room for the length in the last block of SHA-256. */
const MESSAGES = [32, 60]

function schnorrWay(length: number): Step[] {
  return [
    { call: 'schnorrStart', decisions: key, returns: 1 },
    { call: 'message', args: [length] },
    { call: 'schnorrNonce', decisions: [isZero('the nonce', 0)], returns: 1 },
    { call: 'message', args: [length] },
    { call: 'schnorrEnd' },
  ]
}

export const secp256k1Operations: GuardedTarget = {
  name: 'secp256k1',
  async prepare(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes)
    const kernel = instance.exports as unknown as Secp256k1Exports
    const memory = new Uint8Array(kernel.memory.buffer)
    kernel.prepareSigning()
    kernel.prepareVerifying()
    memory.set(secureRandom.bytes(64), kernel.RANDOM.value)
    kernel.randomize()
    // The table of a public point, for ECDH: the generator will do.
    memory.set(secureRandom.bytes(31), kernel.SECRET_KEY.value + 1)
    kernel.publicKey()
    kernel.ecdhPoint(65)
    kernel.wipe()
    return { memory, addresses: addressesOf(instance) }
  },
  blinding: { address: 'BLINDING', bytes: 'BLINDING_BYTES' },
  wipe: 'wipe',
  operations: [
    {
      name: 'blinding',
      secrets: {},
      blinding: { RANDOM: 64 },
      ways: { usual: [{ call: 'randomize' }] },
    },
    {
      name: 'public key',
      secrets: { SECRET_KEY: 32 },
      ways: {
        usual: [{ call: 'publicKey', decisions: key, returns: 1 }],
        'bad key': [{ ...badKey('publicKey'), returns: 0 }],
      },
    },
    {
      name: 'ECDSA signature',
      secrets: { SECRET_KEY: 32, EXTRA_ENTROPY: 32 },
      ways: {
        'without extra entropy': signing(0),
        'with extra entropy': signing(32),
        'bad key': [{ ...badKey('sign'), args: [0], publics: digest, returns: 0 }],
        'one nonce too large, one r of zero, one s of zero': signing(
          0,
          { says: 'the nonce is below n', answer: 0 },
          ...[...nonce, isZero('r', 1)],
          ...[...nonce, isZero('r', 0), isZero('s', 1)],
        ),
      },
    },
    {
      name: 'Schnorr signature',
      secrets: { SECRET_KEY: 32, EXTRA_ENTROPY: 32 },
      ways: {
        ...Object.fromEntries(MESSAGES.map((length) => [`${length} bytes`, schnorrWay(length)])),
        'bad key': [{ ...badKey('schnorrStart'), returns: 0 }],
        'nonce is zero': [
          { call: 'schnorrStart', decisions: key, returns: 1 },
          { call: 'schnorrNonce', decisions: [isZero('the nonce', 1)], returns: 0 },
        ],
      },
    },
    {
      name: 'tweaked secret key',
      secrets: { SECRET_KEY: 32 },
      ways: {
        usual: [{ call: 'tweakSecretKey', publics: digest, decisions: [...key, isZero('the result', 0)], returns: 0 }],
        'bad key': [{ ...badKey('tweakSecretKey'), publics: digest, returns: 1 }],
        'tweak too large': [
          { call: 'tweakSecretKey', publics: { DIGEST: new Uint8Array(32).fill(255) }, decisions: key, returns: 2 },
        ],
        cancelled: [
          { call: 'tweakSecretKey', publics: digest, decisions: [...key, isZero('the result', 1)], returns: 3 },
        ],
      },
    },
    {
      name: 'ECDH',
      secrets: { SECRET_KEY: 32 },
      ways: {
        usual: [{ call: 'ecdh', decisions: key, returns: 1 }],
        'bad key': [{ ...badKey('ecdh'), returns: 0 }],
      },
    },
  ],
}
