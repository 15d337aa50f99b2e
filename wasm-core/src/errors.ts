/** Base of the errors of this package. `code` is stable and safe to match on; the message names the argument. */
export class WasmCoreError extends Error {
  readonly code: string
  constructor(name: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = name
    this.code = code
  }
}

/** An argument has the wrong length or range. Always the caller's fault. */
export class InvalidArgument extends WasmCoreError {
  readonly argument: string
  constructor(argument: string, message: string) {
    super('WasmCore.InvalidArgument', 'INVALID_ARGUMENT', `${argument}: ${message}`)
    this.argument = argument
  }
}

/** Bytes that do not encode a point of the right subgroup, or encode the identity where it is refused. */
export class InvalidPoint extends WasmCoreError {
  readonly argument: string
  readonly reason: string
  constructor(argument: string, reason: string, options?: ErrorOptions) {
    super('WasmCore.InvalidPoint', 'INVALID_POINT', `${argument}: ${reason}`, options)
    this.argument = argument
    this.reason = reason
  }

  /** The same of an argument that is part of a larger one. */
  within(outer: string): InvalidPoint {
    return new InvalidPoint(`${outer}.${this.argument}`, this.reason, { cause: this })
  }
}

/** A signature from which no public key can be recovered. */
export class InvalidSignature extends WasmCoreError {
  constructor(message: string) {
    super('WasmCore.InvalidSignature', 'INVALID_SIGNATURE', message)
  }
}

/** Trie nodes that prove neither a value nor its absence. `node` is the index of the offending node. */
export class MerkleProofError extends WasmCoreError {
  readonly node: number
  constructor(message: string, node: number) {
    super('WasmCore.MerkleProofError', 'MERKLE_PROOF', message)
    this.node = node
  }
}

/** The way of a key through a trie leads to a node that is not given: it can be asked for, by its hash. */
export class MissingTrieNode extends WasmCoreError {
  /** Index of the key. */
  readonly key: number
  /** Keccak-256 of the node, 32 bytes. */
  readonly hash: Uint8Array
  constructor(key: number, hash: Uint8Array) {
    const text = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
    super('WasmCore.MissingTrieNode', 'MISSING_TRIE_NODE', `keys[${key}]: the node with the hash 0x${text} is missing`)
    this.key = key
    this.hash = hash
  }
}

/** A WebAssembly artefact cannot be read: it was not built, or not deployed with the program. */
export class MissingArtefact extends WasmCoreError {
  constructor(file: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const remedy = 'run "npm run build" in wasm-core, or deploy the file with the program'
    super('WasmCore.MissingArtefact', 'MISSING_ARTEFACT', `${file}.wasm cannot be read (${reason}): ${remedy}`, {
      cause,
    })
  }
}

/** A signature just made does not verify: the computation was disturbed. It is not given out; signing may be retried. */
export class FaultDetected extends WasmCoreError {
  constructor() {
    super(
      'WasmCore.FaultDetected',
      'FAULT_DETECTED',
      'the signature just made does not verify; it was discarded, sign again',
    )
  }
}
