import {
  checkDomain,
  checkLength,
  checkSameCount,
  checkScalarLengths,
  checkWide,
  isZero,
  refuseUnreduced,
  refuseZero,
  SCALAR_BYTES,
  UNIFORM_BYTES,
  WIDE_BYTES,
} from '../bls12381-groups-arguments.ts'
import { InvalidPoint } from '../errors.ts'
import { guardedBls12381Groups } from '../guarded.ts'
import { SealedContents } from '../sealed.ts'
import type { Bls12381G1, Bls12381G2, Bls12381Groups, Bls12381Scalars, G1Point, G2Point } from '../slots.ts'
import { G1_BYTES, G2_BYTES, type GroupsModule, instantiateGroups } from './bls12381-groups-module.ts'
import {
  type BlsModule,
  instantiateBls,
  KEY_BYTES,
  POINT_IDENTITY,
  readMessage,
  reasonOf,
  SIGNATURE_BYTES,
} from './bls12381-module.ts'

/** Of all instances alike: points are the same numbers everywhere. */
const pointsOfG1 = new SealedContents<G1Point, Uint8Array>('a point of G1')
const pointsOfG2 = new SealedContents<G2Point, Uint8Array>('a point of G2')

/** From so many public points on, buckets are faster than tables. */
const MANY = 64

/** The most pairs of one call of the kernel. */
const PAIRS = 16

/**
 * The `Bls12381Groups` slot on `bls12381.wasm`, which pairs and sees nothing secret, and `bls12381-groups.wasm`.
 * @throws {WebAssembly.CompileError} where the platform refuses WebAssembly or lacks SIMD.
 */
export async function createWasmBls12381Groups(pairing: BufferSource, groups: BufferSource): Promise<Bls12381Groups> {
  const [blsModule, groupsModule] = await Promise.all([instantiateBls(pairing), instantiateGroups(groups)])
  return wasmBls12381Groups(blsModule, groupsModule)
}

/** The slot on running instances; apart for the test that scans the memory. */
export function wasmBls12381Groups(bls: BlsModule, groups: GroupsModule): Bls12381Groups {
  return guardedBls12381Groups({
    g1: g1Of(groups),
    g2: g2Of(bls, groups),
    scalars: scalarsOf(groups),
    pairingProductIsOne,
  })

  function pairingProductIsOne(pairs: readonly { readonly g1: G1Point; readonly g2: G2Point }[]): boolean {
    const opened = pairs.map(({ g1, g2 }, i) => [
      pointsOfG1.open(`pairs[${i}].g1`, g1),
      pointsOfG2.open(`pairs[${i}].g2`, g2),
    ])
    const { kernel, view, parsed } = bls
    kernel.pairingStart()
    for (let from = 0; from < opened.length; from += PAIRS) {
      const window = opened.slice(from, from + PAIRS)
      for (const [i, [g1, g2]] of window.entries()) {
        view.set(g1!, parsed + (G1_BYTES + G2_BYTES) * i)
        view.set(g2!, parsed + (G1_BYTES + G2_BYTES) * i + G1_BYTES)
      }
      kernel.pairingAdd(window.length)
    }
    return kernel.pairingEnd() !== 0
  }
}

function g1Of(module: GroupsModule): Bls12381G1 {
  const { kernel, view, wipe } = module
  const input = kernel.INPUT.value
  const points = kernel.POINTS.value
  const scalarsAt = kernel.SCALARS.value
  const chunk = kernel.CHUNK.value

  const result = (): G1Point => pointsOfG1.seal(view.slice(kernel.RESULT.value, kernel.RESULT.value + G1_BYTES))
  const enter = (content: Uint8Array, i = 0): void => view.set(content, points + G1_BYTES * i)
  const openAll = (handles: readonly G1Point[]) => handles.map((point, i) => pointsOfG1.open(`points[${i}]`, point))

  /** Calls `add` with windows full of points, and of scalars if there are any. */
  function inChunks(contents: readonly Uint8Array[], scalars: readonly Uint8Array[], add: (count: number) => void) {
    for (let from = 0; from < contents.length; from += chunk) {
      const window = contents.slice(from, from + chunk)
      for (const [i, content] of window.entries()) enter(content, i)
      for (const [i, scalar] of scalars.slice(from, from + chunk).entries())
        view.set(scalar, scalarsAt + SCALAR_BYTES * i)
      add(window.length)
    }
  }

  function checkMultiples(handles: readonly G1Point[], scalars: readonly Uint8Array[]): Uint8Array[] {
    checkSameCount(handles, scalars)
    const contents = openAll(handles)
    checkScalarLengths('scalars', scalars)
    return contents
  }

  function refuseUnreducedOf(scalars: readonly Uint8Array[]): void {
    for (let from = 0; from < scalars.length; from += chunk) {
      const window = scalars.slice(from, from + chunk)
      for (const [i, scalar] of window.entries()) view.set(scalar, scalarsAt + SCALAR_BYTES * i)
      const refused = kernel.scalarsUnreduced(window.length)
      if (refused !== -1) refuseUnreduced(`scalars[${from + refused}]`)
    }
  }

  function decode(encoded: Uint8Array): G1Point {
    if (encoded.length !== KEY_BYTES) {
      throw new InvalidPoint('encoded', `expected ${KEY_BYTES} bytes, got ${encoded.length}`)
    }
    view.set(encoded, input)
    const verdict = kernel.pointRead()
    if (verdict > POINT_IDENTITY) throw new InvalidPoint('encoded', reasonOf(verdict))
    return result()
  }

  return {
    generator: decode(GENERATOR_G1),
    decode,
    encode(point) {
      enter(pointsOfG1.open('point', point))
      kernel.pointWrite()
      return view.slice(kernel.RESULT.value, kernel.RESULT.value + KEY_BYTES)
    },
    isIdentity(point) {
      enter(pointsOfG1.open('point', point))
      return kernel.isIdentity() !== 0
    },
    negate(point) {
      const content = pointsOfG1.open('point', point)
      try {
        enter(content)
        kernel.negatePoint()
        return result()
      } finally {
        wipe()
      }
    },
    sum(handles) {
      const contents = openAll(handles)
      try {
        kernel.sumStart()
        inChunks(contents, [], kernel.sumAddPoints)
        kernel.sumEnd()
        return result()
      } finally {
        wipe()
      }
    },
    secretSumOfMultiples(handles, scalars) {
      const contents = checkMultiples(handles, scalars)
      try {
        refuseUnreducedOf(scalars)
        kernel.sumStart()
        inChunks(contents, scalars, kernel.sumAddSecret)
        kernel.sumEnd()
        return result()
      } finally {
        wipe()
      }
    },
    sumOfMultiples(handles, scalars) {
      const contents = checkMultiples(handles, scalars)
      refuseUnreducedOf(scalars)
      kernel.sumStart()
      if (contents.length < MANY) inChunks(contents, scalars, kernel.sumAddPublic)
      else {
        kernel.bucketsStart()
        inChunks(contents, scalars, kernel.bucketsAdd)
        kernel.bucketsEnd()
      }
      kernel.sumEndPublic()
      return result()
    },
    hash(message, domain) {
      checkDomain(domain)
      readMessage({ kernel, view, input, inputBytes: kernel.INPUT_BYTES.value }, message)
      view.set(domain, input)
      kernel.hashEnd(domain.length)
      return result()
    },
    mapUniform(uniform) {
      checkLength('uniform', uniform, UNIFORM_BYTES)
      view.set(uniform, input)
      kernel.mapInput()
      return result()
    },
  }
}

function g2Of(bls: BlsModule, { kernel: secret, view: secretView, wipe }: GroupsModule): Bls12381G2 {
  const { kernel, view, input, output } = bls
  const result = (): G2Point => pointsOfG2.seal(view.slice(output, output + G2_BYTES))

  function decode(encoded: Uint8Array): G2Point {
    if (encoded.length !== SIGNATURE_BYTES) {
      throw new InvalidPoint('encoded', `expected ${SIGNATURE_BYTES} bytes, got ${encoded.length}`)
    }
    view.set(encoded, input)
    const verdict = kernel.pointReadG2()
    if (verdict > POINT_IDENTITY) throw new InvalidPoint('encoded', reasonOf(verdict))
    return result()
  }

  return {
    generator: decode(GENERATOR_G2),
    decode,
    encode(point) {
      view.set(pointsOfG2.open('point', point), input)
      kernel.pointWriteG2()
      return view.slice(output, output + SIGNATURE_BYTES)
    },
    isIdentity(point) {
      return pointsOfG2.open('point', point).every((byte) => byte === 0)
    },
    secretMultipleOfGenerator(scalar) {
      checkLength('scalar', scalar, SCALAR_BYTES)
      try {
        secretView.set(scalar, secret.SCALARS.value)
        if (secret.scalarsUnreduced(1) !== -1) refuseUnreduced('scalar')
        if (isZero(scalar)) refuseZero('scalar')
        secret.multiplyGeneratorG2()
        const at = secret.RESULT.value
        return pointsOfG2.seal(secretView.slice(at, at + G2_BYTES))
      } finally {
        wipe()
      }
    },
    hash(message, domain) {
      checkDomain(domain)
      readMessage(bls, message)
      view.set(domain, input)
      kernel.hashEndG2(domain.length)
      return result()
    },
  }
}

function scalarsOf({ kernel, view, wipe }: GroupsModule): Bls12381Scalars {
  /** Checks the operands, runs `compute` on them and gives the scalar it leaves. */
  function run(operands: Record<string, Uint8Array>, compute: () => void): Uint8Array {
    for (const [name, scalar] of Object.entries(operands)) checkLength(name, scalar, SCALAR_BYTES)
    try {
      for (const [i, scalar] of Object.values(operands).entries()) {
        view.set(scalar, kernel.SCALARS.value + SCALAR_BYTES * i)
      }
      const refused = kernel.scalarsUnreduced(Object.keys(operands).length)
      if (refused !== -1) refuseUnreduced(Object.keys(operands)[refused]!)
      compute()
      return result()
    } finally {
      wipe()
    }
  }
  const result = () => view.slice(kernel.RESULT.value, kernel.RESULT.value + SCALAR_BYTES)

  return {
    add: (a, b) => run({ a, b }, kernel.scalarsAdd),
    multiply: (a, b) => run({ a, b }, kernel.scalarsMultiply),
    negate: (a) => run({ a }, kernel.scalarsNegate),
    invert(a) {
      checkLength('a', a, SCALAR_BYTES)
      if (isZero(a)) refuseZero('a')
      return run({ a }, kernel.scalarsInvert)
    },
    reduce(wide) {
      checkWide(wide)
      try {
        view.fill(0, kernel.SCALARS.value, kernel.SCALARS.value + WIDE_BYTES)
        view.set(wide, kernel.SCALARS.value + WIDE_BYTES - wide.length)
        kernel.scalarsReduce()
        return result()
      } finally {
        wipe()
      }
    },
  }
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))

const GENERATOR_G1 = bytesOf(
  '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb',
)
const GENERATOR_G2 = bytesOf(
  '93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e' +
    '024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8',
)
