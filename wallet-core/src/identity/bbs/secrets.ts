/**
 * Runs `compute` and then overwrites with zeros every array it gave to `secret`, also when it throws. Copies that an
 * engine or the garbage collector made are out of reach.
 */
export function withSecrets<Result>(compute: (secret: (bytes: Uint8Array) => Uint8Array) => Result): Result {
  const held: Uint8Array[] = []
  const secret = (bytes: Uint8Array): Uint8Array => {
    held.push(bytes)
    return bytes
  }
  try {
    return compute(secret)
  } finally {
    for (const bytes of held) bytes.fill(0)
  }
}
