/**
 * Where the host writes and reads. Everything but INPUT is reserved at compile time, so the static data of this module
 * must end below INPUT: `staticEnd` lets the host check that. INPUT comes last because memory may grow behind it.
 */

/** Input window: everything from here to the end of memory. */
export const INPUT: usize = 0x10000
/** The 32-byte result of a hash or a branch. */
export const OUTPUT: usize = memory.data(32, 16)
/** Trie root to walk from, 32 bytes. */
export const ROOT: usize = memory.data(32, 16)
/** Trie key, at most 64 bytes. */
export const KEY: usize = memory.data(64, 16)
/** What a walk says: u32 address and u32 length of the value, u32 index of the node at fault. */
export const RESULT: usize = memory.data(16, 16)

export function staticEnd(): usize {
  return __heap_base
}

/** memory.copy for a few bytes: engines call a function of theirs for it, which costs more than such a loop. */
export function copyBytes(to: usize, from: usize, length: usize): void {
  let i: usize = 0
  for (; i + 8 <= length; i += 8) store<u64>(to + i, load<u64>(from + i))
  for (; i < length; i++) store<u8>(to + i, load<u8>(from + i))
}
