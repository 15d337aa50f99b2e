/** Typed errors of the devnet, one class per cause. @module */

/** Base of all devnet errors; `code` is stable. */
export class DevnetError extends Error {
  readonly code: string
  constructor(name: string, code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = name
    this.code = code
  }
}

/** An option of the devnet, the liar or a command line is malformed. */
export class InvalidOption extends DevnetError {
  constructor(option: string, expected: string) {
    super('Devnet.InvalidOption', 'INVALID_OPTION', `${option}: ${expected}`)
  }
}

/** @lodestar/params was loaded with another preset before the devnet could choose the minimal one. */
export class WrongPreset extends DevnetError {
  constructor(preset: string) {
    super(
      'Devnet.WrongPreset',
      'WRONG_PRESET',
      `@lodestar/params runs with the ${preset} preset, the devnet needs minimal. Set LODESTAR_PRESET=minimal before it is first imported.`,
    )
  }
}

/** The execution node could not be started or died. */
export class ExecutionNodeFailed extends DevnetError {
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(
      'Devnet.ExecutionNodeFailed',
      'EXECUTION_NODE_FAILED',
      `The execution node (anvil) ${reason}. Check that @foundry-rs/anvil is installed for this platform (npm ci, with optional dependencies).`,
      options,
    )
  }
}

/** The execution node answered a JSON-RPC request with an error; `rpcCode` is the node's own. */
export class ExecutionRpcError extends DevnetError {
  readonly rpcCode: number
  constructor(method: string, rpcCode: number, message: string) {
    super('Devnet.ExecutionRpcError', 'EXECUTION_RPC_ERROR', `${method}: ${message}`)
    this.rpcCode = rpcCode
  }
}

/** The chain the devnet built contradicts itself; always a defect of the devnet. */
export class BrokenChain extends DevnetError {
  constructor(reason: string) {
    super('Devnet.BrokenChain', 'BROKEN_CHAIN', `The devnet built an inconsistent chain: ${reason}`)
  }
}

/** A loopback port is taken. */
export class PortTaken extends DevnetError {
  constructor(port: number, what: string) {
    super(
      'Devnet.PortTaken',
      'PORT_TAKEN',
      `Port ${port} of 127.0.0.1, wanted for ${what}, is taken. Stop what runs there, or choose another with --port.`,
    )
  }
}
