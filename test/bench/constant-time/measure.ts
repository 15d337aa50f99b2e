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

/** Where the secret goes, and what is timed. */
interface Timed {
  readonly name: string
  readonly memory: Uint8Array
  readonly window: number
  readonly run: () => void
}

const operations: Timed[] = [
  {
    name: 'secp256k1 ECDSA sign',
    memory,
    window: secp.SECRET_KEY.value,
    run() {
      memory.set(message, secp.DIGEST.value)
      secp.sign(0)
    },
  },
  {
    name: 'secp256k1 Schnorr sign',
    memory,
    window: secp.SECRET_KEY.value,
    run() {
      secp.schnorrStart()
      hash(secp, memory)
      secp.schnorrNonce()
      hash(secp, memory)
      secp.schnorrEnd()
    },
  },
  { name: 'secp256k1 ECDH', memory, window: secp.SECRET_KEY.value, run: () => void secp.ecdh() },
  {
    name: 'ed25519 sign',
    memory: edMemory,
    window: ed.SECRET_KEY.value,
    run() {
      ed.signStart()
      hash(ed, edMemory)
      ed.signNonce()
      hash(ed, edMemory)
      ed.signEnd()
    },
  },
  {
    name: 'control: variable time',
    memory,
    window: secp.DIGEST.value,
    run() {
      memory[secp.PUBLIC_KEY.value] = 2
      memory.set(xOnly, secp.PUBLIC_KEY.value + 1)
      secp.tweakPublicKey()
    },
  },
]

const results: Measured[] = operations.map((operation) => {
  const samples = measure(operation)
  const microseconds = samples.times.slice().sort()[SAMPLES >> 1]!
  return { name: operation.name, ...strongestEvidence(samples), microseconds }
})
process.stdout.write(JSON.stringify(results))

/** Random secrets and the fixed one in random order. Both lie in the same array and go the same way before the clock starts. */
function measure({ memory: view, window, run }: Timed): Samples {
  const times = new Float64Array(SAMPLES)
  const classes = Uint8Array.from(randomBytes(SAMPLES), (byte) => byte & 1)
  const secrets = new Uint8Array(32 * PIECE)
  for (let start = -PIECE; start < SAMPLES; start += PIECE) {
    secrets.set(randomBytes(secrets.length))
    for (let i = 0; i < PIECE; i++) {
      if (classes[start + i])
        secrets[32 * i] = secrets[32 * i]! & 0x7f // below n
      else secrets.set(one, 32 * i)
    }
    for (let i = 0; i < PIECE && start + i < SAMPLES; i++) {
      view.set(secrets.subarray(32 * i, 32 * i + 32), window)
      const before = performance.now()
      run()
      const after = performance.now()
      if (start >= 0) times[start + i] = (after - before) * 1000 // the first piece warms up
    }
  }
  return { times, classes }
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
