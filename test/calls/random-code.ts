/** Random EVM programs for differential tests: every result goes into what they return, so no difference stays hidden. */

export interface Random {
  /** From 0 to `below` − 1. */
  number(below: number): number
  pick<T>(list: readonly T[]): T
}

/** xorshift32: the same programs on every run. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1
  const number = (below: number) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
  return { number, pick: (list) => list[number(list.length)]! }
}

const OP = {
  ADD: 0x01, MUL: 0x02, SUB: 0x03, DIV: 0x04, SDIV: 0x05, MOD: 0x06, SMOD: 0x07, ADDMOD: 0x08, MULMOD: 0x09, EXP: 0x0a,
  SIGNEXTEND: 0x0b, LT: 0x10, GT: 0x11, SLT: 0x12, SGT: 0x13, EQ: 0x14, ISZERO: 0x15, AND: 0x16, OR: 0x17, XOR: 0x18,
  NOT: 0x19, BYTE: 0x1a, SHL: 0x1b, SHR: 0x1c, SAR: 0x1d, CLZ: 0x1e, KECCAK256: 0x20, ADDRESS: 0x30, BALANCE: 0x31,
  ORIGIN: 0x32, CALLER: 0x33, CALLVALUE: 0x34, CALLDATALOAD: 0x35, CALLDATASIZE: 0x36, CALLDATACOPY: 0x37, CODESIZE: 0x38,
  CODECOPY: 0x39, GASPRICE: 0x3a, EXTCODESIZE: 0x3b, EXTCODECOPY: 0x3c, RETURNDATASIZE: 0x3d, RETURNDATACOPY: 0x3e,
  EXTCODEHASH: 0x3f, BLOCKHASH: 0x40, COINBASE: 0x41, TIMESTAMP: 0x42, NUMBER: 0x43, PREVRANDAO: 0x44, GASLIMIT: 0x45,
  CHAINID: 0x46, SELFBALANCE: 0x47, BASEFEE: 0x48, BLOBHASH: 0x49, BLOBBASEFEE: 0x4a, POP: 0x50, MLOAD: 0x51, MSTORE: 0x52,
  MSTORE8: 0x53, SLOAD: 0x54, SSTORE: 0x55, PC: 0x58, MSIZE: 0x59, GAS: 0x5a, TLOAD: 0x5c, TSTORE: 0x5d, MCOPY: 0x5e,
  PUSH0: 0x5f, LOG0: 0xa0, CREATE: 0xf0, CALL: 0xf1, CALLCODE: 0xf2, RETURN: 0xf3, DELEGATECALL: 0xf4, CREATE2: 0xf5,
  STATICCALL: 0xfa, REVERT: 0xfd, INVALID: 0xfe, SELFDESTRUCT: 0xff,
} as const // biome-ignore format: a table of opcodes

type Op = keyof typeof OP

/** Operations that take so many words and leave one. */
const BY_INPUTS: readonly (readonly Op[])[] = [
  ['ADDRESS', 'ORIGIN', 'CALLER', 'CALLVALUE', 'CALLDATASIZE', 'CODESIZE', 'GASPRICE', 'COINBASE', 'TIMESTAMP', 'NUMBER',
    'PREVRANDAO', 'GASLIMIT', 'CHAINID', 'SELFBALANCE', 'BASEFEE', 'PC', 'MSIZE', 'GAS', 'RETURNDATASIZE', 'PUSH0'],
  ['ISZERO', 'NOT', 'BALANCE', 'CALLDATALOAD', 'EXTCODESIZE', 'EXTCODEHASH', 'SLOAD'],
  ['ADD', 'MUL', 'SUB', 'DIV', 'SDIV', 'MOD', 'SMOD', 'EXP', 'SIGNEXTEND', 'LT', 'GT', 'SLT', 'SGT', 'EQ', 'AND', 'OR',
    'XOR', 'BYTE', 'SHL', 'SHR', 'SAR'],
  ['ADDMOD', 'MULMOD'],
] // biome-ignore format: lists of opcodes

export interface ProgramOptions {
  readonly fork: 'capella' | 'deneb' | 'electra' | 'fulu'
  /** Addresses that programs look at and call. */
  readonly addresses: readonly string[]
  readonly steps: number
  readonly blockNumber: bigint
}

/** A program as hex. It ends by RETURN, or now and then by REVERT, SELFDESTRUCT, INVALID or a bad jump. */
export function randomProgram(random: Random, options: ProgramOptions): `0x${string}` {
  const { addresses, fork } = options
  const cancun = fork !== 'capella'
  const bytes: string[] = []
  const op = (...names: Op[]) => bytes.push(...names.map((name) => OP[name].toString(16).padStart(2, '0')))
  const push = (hex: string) => {
    const digits = hex.length % 2 ? `0${hex}` : hex
    bytes.push((0x5f + digits.length / 2).toString(16), digits)
  }
  const small = (below: number) => push(random.number(below).toString(16))
  const word = () => {
    const kind = random.number(6)
    if (kind === 0) return small(4)
    if (kind === 1) return push('ff'.repeat(32))
    if (kind === 2) return push(`80${'00'.repeat(31)}`)
    if (kind === 3) return push(random.pick(addresses).slice(2))
    if (kind === 4) return small(0x10000)
    push(Array.from({ length: 32 }, () => random.number(256).toString(16).padStart(2, '0')).join(''))
  }
  /** acc := keccak(acc ‖ top of the stack), in memory at 0. */
  const absorb = () => {
    push('20')
    op('MSTORE')
    push('40')
    push('0')
    op('KECCAK256')
    push('0')
    op('MSTORE')
  }
  const plain = () => {
    const inputs = random.pick([0, 0, 1, 1, 1, 2, 2, 2, 3])
    for (let i = 0; i < inputs; i++) word()
    op(random.pick(BY_INPUTS[inputs]!))
    absorb()
  }
  const slot = () => small(5)
  const range = () => {
    small(96)
    small(128)
  }
  const call = () => {
    const kind: Op = random.pick(['CALL', 'STATICCALL', 'DELEGATECALL', 'CALLCODE'] as const)
    small(96) // size out
    push('80') // where out goes
    small(160) // size in
    push('0')
    if (kind === 'CALL' || kind === 'CALLCODE') small(random.number(4) === 0 ? 3 : 1)
    if (random.number(3) === 0) small(fork === 'capella' ? 10 : 0x13)
    else push(random.pick(addresses).slice(2))
    random.number(3) === 0 ? small(200_000) : op('GAS')
    op(kind)
    absorb()
    push('80')
    op('MLOAD')
    absorb()
    op('RETURNDATASIZE')
    absorb()
  }
  const create = () => {
    // mstore8s a constructor that returns a byte of code, then creates it
    const init = random.pick(['600160005360016000f3', '60ef60005360016000f3', '60006000fd', '33ff', '5b600056'])
    push(init.padEnd(64, '0'))
    push('a0')
    op('MSTORE')
    const second = random.number(2) === 0
    if (second) small(9)
    push((init.length / 2).toString(16))
    push('a0')
    small(random.number(3) === 0 ? 3 : 1)
    op(second ? 'CREATE2' : 'CREATE')
    absorb()
  }
  const rare: readonly (() => void)[] = [
    call,
    call,
    call,
    create,
    () => {
      word()
      slot()
      op('SSTORE')
    },
    () => {
      slot()
      op('SLOAD')
      absorb()
    },
    () => {
      small(3)
      small(3)
      op('MSTORE8')
    },
    () => {
      const asked = options.blockNumber - BigInt(random.number(300))
      push((asked < 0n ? 0n : asked).toString(16))
      op('BLOCKHASH')
      absorb()
    },
    () => {
      for (let i = random.number(5); i >= 0; i--) word()
      const topics = Math.min(4, bytes.length % 5)
      for (let i = 0; i < topics; i++) word()
      range()
      bytes.push((OP.LOG0 + topics).toString(16))
    },
    () => {
      small(64)
      small(40)
      push('c0')
      op(random.pick(['CALLDATACOPY', 'CODECOPY']))
    },
    () => {
      small(64)
      small(40)
      push('c0')
      push(random.pick(addresses).slice(2))
      op('EXTCODECOPY')
    },
    () => {
      if (!cancun) return
      word()
      slot()
      op('TSTORE')
      slot()
      op('TLOAD')
      absorb()
    },
    () => {
      if (!cancun) return
      small(64)
      small(64)
      small(64)
      op('MCOPY')
      small(3)
      op('BLOBHASH')
      absorb()
    },
    () => {
      if (fork !== 'fulu') return
      word()
      op('CLZ')
      absorb()
    },
  ]
  for (let i = 0; i < options.steps; i++) random.number(3) === 0 ? random.pick(rare)() : plain()
  const end = random.number(12)
  if (end === 0) {
    push(random.pick(addresses).slice(2))
    op('SELFDESTRUCT')
  } else if (end === 1) op('INVALID')
  else if (end === 2) bytes.push('60', '01', '56')
  else {
    push('e0')
    push('0')
    op(end <= 4 ? 'REVERT' : 'RETURN')
  }
  return `0x${bytes.join('')}`
}
