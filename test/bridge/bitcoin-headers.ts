/**
 * A second ledger for tests: runs of Bitcoin's block headers. The key is the hash of the last one, as it is written
 * (32 bytes), and their number (u16 big-endian); the evidence the headers, 80 bytes each, oldest first.
 */
import { type Engines, GlowwormError, type LedgerVerifier } from '@glowworm/light-client'

export const HEADER_BYTES = 80
/** The easiest target of mainnet. */
const LIMIT = 0xffffn << 208n

/** Proof of work and linkage. That it is the heaviest chain is beyond one run of headers. */
export function bitcoinHeaders({ hashes }: Engines): LedgerVerifier {
  const hashOf = (header: Uint8Array) => hashes.sha256(hashes.sha256(header)).reverse()
  return {
    type: 'family/bitcoin-headers',
    verify(key, evidence) {
      const count = new DataView(key.buffer, key.byteOffset).getUint16(32)
      if (evidence.length !== count * HEADER_BYTES) throw new FalseHeaders(`${evidence.length} bytes`)
      let child = key.subarray(0, 32)
      for (let at = evidence.length - HEADER_BYTES; at >= 0; at -= HEADER_BYTES) {
        const header = evidence.subarray(at, at + HEADER_BYTES)
        if (Buffer.compare(hashOf(header), child) !== 0)
          throw new FalseHeaders(`the hash of header ${at / HEADER_BYTES}`)
        if (toNumber(child) > targetOf(header)) throw new FalseHeaders('too little work')
        child = new Uint8Array(header.subarray(4, 36)).reverse()
      }
    },
  }
}

export function keyOfRun(headers: Uint8Array, { hashes }: Engines): Uint8Array {
  const key = new Uint8Array(34)
  key.set(hashes.sha256(hashes.sha256(headers.subarray(-HEADER_BYTES))).reverse())
  new DataView(key.buffer).setUint16(32, headers.length / HEADER_BYTES)
  return key
}

function targetOf(header: Uint8Array): bigint {
  const bits = new DataView(header.buffer, header.byteOffset).getUint32(72, true)
  const target = BigInt(bits & 0x7fffff) << BigInt(8 * Math.max(0, (bits >>> 24) - 3))
  return target > LIMIT ? 0n : target
}

const toNumber = (bigEndian: Uint8Array) => BigInt(`0x${Buffer.from(bigEndian).toString('hex')}`)

class FalseHeaders extends GlowwormError {
  constructor(what: string) {
    super({ name: 'Bitcoin.FalseHeaders', code: 'FALSE_HEADERS', kind: 'lie' }, `not the headers asked for: ${what}`)
  }
}
