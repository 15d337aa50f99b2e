/** Argument checks that both engines of the groups share. */
import { InvalidArgument } from './errors.ts'

export const SCALAR_BYTES = 32
export const WIDE_BYTES = 64
export const UNIFORM_BYTES = 128

export function checkScalarLengths(argument: string, scalars: readonly Uint8Array[]): void {
  for (const [i, scalar] of scalars.entries()) checkLength(`${argument}[${i}]`, scalar, SCALAR_BYTES)
}

export function checkLength(argument: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new InvalidArgument(argument, `expected ${length} bytes, got ${bytes.length}`)
}

export function checkWide(wide: Uint8Array): void {
  if (wide.length === 0 || wide.length > WIDE_BYTES) {
    throw new InvalidArgument('wide', `expected 1 to ${WIDE_BYTES} bytes, got ${wide.length}`)
  }
}

export function checkDomain(domain: Uint8Array): void {
  if (domain.length === 0 || domain.length > 255) {
    throw new InvalidArgument('domain', `expected 1 to 255 bytes, got ${domain.length}`)
  }
}

export function checkSameCount(points: readonly unknown[], scalars: readonly unknown[]): void {
  if (points.length !== scalars.length) {
    throw new InvalidArgument('scalars', `expected as many as points, ${points.length}, got ${scalars.length}`)
  }
}

/** Says nothing about the scalar but where it stands. */
export function refuseUnreduced(argument: string): never {
  throw new InvalidArgument(argument, 'expected a number below the group order')
}

export function refuseZero(argument: string): never {
  throw new InvalidArgument(argument, 'expected a number that is not zero')
}

/** Reads every byte, whatever they are. */
export function isZero(scalar: Uint8Array): boolean {
  return scalar.reduce((any, byte) => any | byte, 0) === 0
}
