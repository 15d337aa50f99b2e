/**
 * What makes V8 take less memory: a small young generation, and neither optimising compiler, whose own code and
 * working space are most of what a light client adds to a Node process. Computing takes about half as long again. V8
 * reads these at its start only; in `NODE_OPTIONS` most are not allowed.
 */
export const LOW_MEMORY_FLAGS = [
  '--max-semi-space-size=1',
  '--min-semi-space-size=1',
  '--no-opt',
  '--no-maglev',
  '--liftoff-only',
]

/** This program again, in the same process, with those flags. Returns where it has them. @throws where the system cannot */
export function restartWithLittleMemory() {
  if (LOW_MEMORY_FLAGS.every((flag) => process.execArgv.includes(flag))) return
  if (!process.execve) throw new Error('--low-memory: this system cannot start a program in place of another')
  // Node calls the function experimental, on the standard error of a program that is gone by then.
  process.removeAllListeners('warning')
  const [, ...args] = process.argv
  process.execve(process.execPath, [process.execPath, ...LOW_MEMORY_FLAGS, ...process.execArgv, ...args], process.env)
}
