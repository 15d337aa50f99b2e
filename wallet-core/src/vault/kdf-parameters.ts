/** Cost of turning a password into a key (Argon2id, RFC 9106), and the bounds that are enforced before any work. */
import { WalletError } from '../errors.ts'

export interface KdfParameters {
  readonly memoryKiB: number
  readonly iterations: number
  readonly parallelism: number
}

/** RFC 9106 §4, second recommended option, with one lane because WebAssembly runs on one thread. */
export const DEFAULT_KDF: KdfParameters = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 1 }

/**
 * The floor is what OWASP's password storage cheat sheet names (19 MiB, 2 passes); the ceiling keeps a doctored
 * header from exhausting the device.
 */
export const KDF_BOUNDS = {
  memoryKiB: { least: 19 * 1024, most: 1024 * 1024 },
  iterations: { least: 1, most: 64 },
  parallelism: { least: 1, most: 8 },
  /** memoryKiB · iterations */
  work: { least: 2 * 19 * 1024, most: 4 * 1024 * 1024 },
} as const

/** @throws {KdfOutOfBounds} naming the parameter. */
export function checkKdfParameters(parameters: KdfParameters): void {
  for (const name of ['memoryKiB', 'iterations', 'parallelism'] as const)
    checkBound(name, parameters[name], KDF_BOUNDS[name])
  checkBound('work', parameters.memoryKiB * parameters.iterations, KDF_BOUNDS.work)
}

function checkBound(name: string, value: number, { least, most }: { least: number; most: number }): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new KdfOutOfBounds(`${name} is ${value}, expected a whole number from ${least} to ${most}`)
}

/** A vault asks for a key derivation so weak or so costly that it is not carried out. */
export class KdfOutOfBounds extends WalletError {
  constructor(reason: string) {
    super({ name: 'Vault.KdfOutOfBounds', code: 'KDF_OUT_OF_BOUNDS', kind: 'refused' }, `Key derivation: ${reason}.`, {
      next: 'The stored wallet was changed by somebody else. Import your phrase into a fresh wallet.',
    })
  }
}
