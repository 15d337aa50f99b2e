/**
 * Times operations on a secret, fixed or random, and prints the t-tests as JSON. Runs in a process of its own, whose
 * flags decide which compiler of the engine made the code.
 *
 * Only what is promised is timed: the kernel with the secret, not the verification that follows, whose time depends on
 * the signature. Blinding is left out (b = 0), which makes it easier to see a difference and not harder. The last line
 * is a control: a multiplication in variable time, which must stand out, or the harness measures nothing.
 */
import { randomBytes } from 'node:crypto'
import { readEd25519File } from '@glowworm/wasm-core/infrastructure/ed25519-file'
import { readWasmFile } from '@glowworm/wasm-core/infrastructure/wasm-files'
import type { Ed25519Exports } from '@glowworm/wasm-core/wasm/ed25519'
import type { Secp256k1Exports } from '@glowworm/wasm-core/wasm/secp256k1-module'
import { type Samples, strongestEvidence, type Verdict } from './t-test.ts'

export interface Measured extends Verdict {
  readonly name: string
  readonly microseconds: number
}

const SAMPLES = Number(process.argv[2] ?? 50_000)
const WARM_UP = 500
const PIECE = 1000

const [secp, ed] = await Promise.all([
  readWasmFile('secp256k1').then((bytes) => instantiate<Secp256k1Exports>(bytes)),
  readEd25519File().then((bytes) => instantiate<Ed25519Exports>(bytes)),
])
secp.prepareSigning()
secp.prepareVerifying()
ed.prepareSigning()
const message = new Uint8Array(32).fill(0x5a)
const one = new Uint8Array(32).with(31, 1)
const memory = new Uint8Array(secp.memory.buffer)
const edMemory = new Uint8Array(ed.memory.buffer)
const xOnly = makeGeneratorTable()

const operations: [string, (secret: Uint8Array) => void][] = [
  [
    'secp256k1 ECDSA sign',
    (secret) => {
      memory.set(secret, secp.SECRET_KEY.value)
      memory.set(message, secp.DIGEST.value)
      secp.sign(0)
    },
  ],
  [
    'secp256k1 Schnorr sign',
    (secret) => {
      memory.set(secret, secp.SECRET_KEY.value)
      secp.schnorrStart()
      hash(secp, memory)
      secp.schnorrNonce()
      hash(secp, memory)
      secp.schnorrEnd()
    },
  ],
  [
    'secp256k1 ECDH',
    (secret) => {
      memory.set(secret, secp.SECRET_KEY.value)
      secp.ecdh()
    },
  ],
  [
    'ed25519 sign',
    (secret) => {
      edMemory.set(secret, ed.SECRET_KEY.value)
      ed.signStart()
      hash(ed, edMemory)
      ed.signNonce()
      hash(ed, edMemory)
      ed.signEnd()
    },
  ],
  [
    'control: variable time',
    (secret) => {
      memory[secp.PUBLIC_KEY.value] = 2
      memory.set(xOnly, secp.PUBLIC_KEY.value + 1)
      memory.set(secret, secp.DIGEST.value)
      secp.tweakPublicKey()
    },
  ],
]

const results: Measured[] = operations.map(([name, run]) => {
  const samples = measure(run)
  return { name, ...strongestEvidence(samples), microseconds: samples.times.slice().sort()[SAMPLES >> 1]! }
})
process.stdout.write(JSON.stringify(results))

/** Random secrets and the fixed one in random order; all are copied from an array of their own, made beforehand. */
function measure(run: (secret: Uint8Array) => void): Samples {
  for (let i = 0; i < WARM_UP; i++) run(randomScalar())
  const times = new Float64Array(SAMPLES)
  const classes = Uint8Array.from(randomBytes(SAMPLES), (byte) => byte & 1)
  for (let start = 0; start < SAMPLES; start += PIECE) {
    const count = Math.min(PIECE, SAMPLES - start)
    const secrets = Array.from({ length: count }, (_, i) => (classes[start + i] ? randomScalar() : one.slice()))
    for (let i = 0; i < count; i++) {
      const secret = secrets[i]!
      const before = performance.now()
      run(secret)
      times[start + i] = (performance.now() - before) * 1000
    }
  }
  return { times, classes }
}

function randomScalar(): Uint8Array {
  return new Uint8Array(randomBytes(32)).with(0, 0x7f) // below n
}

function hash(kernel: Secp256k1Exports | Ed25519Exports, view: Uint8Array): void {
  view.set(message, kernel.MESSAGE.value)
  kernel.message(message.length)
}

/** Readies ECDH with the generator. Its x. */
function makeGeneratorTable(): Uint8Array {
  memory.set(one, secp.SECRET_KEY.value)
  secp.publicKey()
  const x = memory.slice(secp.PUBLIC_KEY.value + 1, secp.PUBLIC_KEY.value + 33)
  secp.ecdhPoint(65)
  return x
}

async function instantiate<T>(bytes: Uint8Array<ArrayBuffer>): Promise<T> {
  return (await WebAssembly.instantiate(bytes)).instance.exports as T
}
