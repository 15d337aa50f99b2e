/**
 * Prints the unrolled half of the BLS12-381 targets: `field.ts` (constants and field kernels) and formulas:
 * `points.ts`, `pairing.ts` (towers and lines), `map-to-g2.ts`, and `groups.ts`, which only the target of the groups
 * needs. Refuses to print what could overflow; see `bls12381-bounds.ts`.
 * @module
 */
import { CARRIED_LIMB, MASK } from './bls12381-bounds.ts'
import { printConstants, printGroupConstants, printMapConstants, printPairingConstants } from './bls12381-constants.ts'
import { printLinear } from './bls12381-linear.ts'
import { defineMap, defineMapG1, defineRoots } from './bls12381-maps.ts'
import { defineJacobian, defineLines, definePoints } from './bls12381-points.ts'
import { type ProductLimits, printProducts } from './bls12381-products.ts'
import { type Library, newLibrary } from './bls12381-program.ts'
import { defineSteady } from './bls12381-steady.ts'
import { defineTowers } from './bls12381-towers.ts'

/** One operand of a product may be the un-carried sum of two carried numbers; values reach 40p. */
const LIMITS: ProductLimits = {
  a: { limb: 2n * CARRIED_LIMB, value: 40 },
  b: { limb: 2n * CARRIED_LIMB, value: 40 },
  lifted: 42,
}
/** a0 − a1 + 21p inside a square is not carried: up to 2^28 + 3·2^28. */
const SQUARE_FACTOR = { limb: CARRIED_LIMB + 3n * (MASK + 1n), value: 42 }

const HEADER = '// Printed by generate/bls12381.ts. Do not edit.\n'

export function generate(): Record<string, string> {
  const library = newLibrary(LIMITS)
  definePoints(library)
  defineJacobian(library)
  defineRoots(library)
  const points = print(library, '')
  defineTowers(library)
  defineLines(library)
  const pairing = print(library, printPairingConstants())
  defineMap(library)
  const map = print(library, printMapConstants())
  defineSteady(library)
  defineMapG1(library)
  const groups = print(library, printGroupConstants())
  const kernels = [printProducts(LIMITS, SQUARE_FACTOR), printLinear()]
  const constants = printConstants(library.multiples, LIMITS.lifted, LIMITS.lifted / 2)
  return {
    'field.ts': [HEADER, constants, ...kernels].join('\n'),
    'points.ts': points,
    'pairing.ts': pairing,
    'map-to-g2.ts': map,
    'groups.ts': groups,
  }
}

/** A file of `constants` and the functions defined since the last one, with scratch memory of their own. */
function print(library: Library, constants: string): string {
  const code = [constants, scratch(library.scratch), ...library.printed].join('\n')
  library.scratch.length = 0
  library.printed.length = 0
  return [HEADER, imports(code), code].join('\n')
}

/** Every name of field.ts that the printed formulas mention. */
function imports(printed: string): string {
  const code = printed.replace(/\/\*\*.*?\*\//g, '')
  const names = new Set(code.match(/\b(f2\w+|reduceColumns|[A-Z][A-Z0-9_]+)\b/g))
  const wanted = [...names]
    .filter((name) => !name.startsWith('SCRATCH_') && !code.includes(`const ${name}: usize`))
    .sort()
  return `import {\n${wanted.map((name) => `  ${name},\n`).join('')}} from './field'\n`
}

function scratch(sizes: readonly number[]): string {
  return sizes.map((size, level) => `const SCRATCH_${level}: usize = memory.data(${size}, 16)`).join('\n')
}
