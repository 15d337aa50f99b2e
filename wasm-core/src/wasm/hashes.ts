import { checkBytes, checkListOfBytes } from '../bytes-argument.ts'
import { InvalidArgument } from '../errors.ts'
import type { Hashes } from '../slots.ts'
import { type HashesModule, WINDOW } from './hashes-module.ts'

/** The `Hashes` slot on `hashes.wasm`. Messages longer than the window are streamed through it. */
export function wasmHashes({ kernel, input, output, memory, writeMessages }: HashesModule): Hashes {
  const result = () => memory(WINDOW).slice(output, output + 32)
  return {
    keccak256,
    keccak256Many(messages) {
      checkListOfBytes('messages', messages)
      if (messages.reduce((sum, { length }) => sum + length + 68, 0) <= WINDOW) return packed(messages)
      const out = new Uint8Array(32 * messages.length)
      for (let first = 0, next = 0; first < messages.length; first = next) {
        let bytes = 0
        while (next < messages.length && bytes + messages[next]!.length <= WINDOW)
          bytes += messages[next++]!.length + 68
        if (next === first) {
          out.set(keccak256(messages[next++]!), 32 * first) // too long for the window
          continue
        }
        out.set(packed(messages.slice(first, next)), 32 * first)
      }
      return out
    },
    sha256(data) {
      checkBytes('data', data)
      if (data.length <= WINDOW) {
        memory(WINDOW).set(data, input)
        kernel.sha256(data.length)
        return result()
      }
      kernel.sha256Start()
      const rest = stream(data, kernel.sha256Blocks)
      kernel.sha256End(rest, data.length)
      return result()
    },
    sha256Pairs: (nodes) => pairs(nodes, kernel.sha256Pairs),
    sha256dPairs: (nodes) => pairs(nodes, kernel.sha256dPairs),
  }

  function keccak256(data: Uint8Array): Uint8Array {
    checkBytes('data', data)
    if (data.length <= WINDOW) {
      memory(WINDOW).set(data, input)
      kernel.keccak256(data.length)
      return result()
    }
    kernel.keccakStart()
    const rest = stream(data, kernel.keccakBlocks)
    kernel.keccakEnd(rest)
    return result()
  }

  /** Hashes of messages that fit into the window together. */
  function packed(messages: readonly Uint8Array[]): Uint8Array {
    const at = kernel.keccakMany(messages.length, writeMessages(messages))
    return memory(0).slice(at, at + 32 * messages.length)
  }

  function pairs(nodes: Uint8Array, hash: (count: number) => void): Uint8Array {
    checkBytes('nodes', nodes)
    if (nodes.length % 64 !== 0)
      throw new InvalidArgument('nodes', `expected a multiple of 64 bytes, got ${nodes.length}`)
    const out = new Uint8Array(nodes.length / 2)
    for (let at = 0; at < nodes.length; at += WINDOW) {
      const chunk = nodes.subarray(at, at + WINDOW)
      const view = memory(WINDOW + 256) // the last group of four may read past its nodes
      view.set(chunk, input)
      hash(chunk.length / 64)
      out.set(view.subarray(input, input + chunk.length / 2), at / 2)
    }
    return out
  }

  /** Hands over all full windows and leaves the rest, whose length it returns, in the input window. */
  function stream(data: Uint8Array, blocks: (length: number) => void): number {
    const view = memory(WINDOW)
    let at = 0
    for (; at + WINDOW <= data.length; at += WINDOW) {
      view.set(data.subarray(at, at + WINDOW), input)
      blocks(WINDOW)
    }
    view.set(data.subarray(at), input)
    return data.length - at
  }
}
