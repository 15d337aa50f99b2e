/** Where a block too far back, or on another branch, must not pass for unknown or for proven. */
import { toHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { proveBlock } from '@glowworm/light-client/ledgers/ethereum/block-history'
import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import { type EvidenceRequest, type Hex, keyOf } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { nobleEngines } from '@glowworm/wasm-core'
import { expect, it } from 'vitest'

const engines = nobleEngines()

/** A header of the first layout with this number and parent, and its hash. */
function header(number: number, parent: Uint8Array): { hash: Hex; bytes: Uint8Array; raw: Uint8Array } {
  const word = new Uint8Array(32)
  const minimal = (value: number) =>
    Uint8Array.from(value === 0 ? [] : value < 256 ? [value] : [value >> 8, value & 255])
  const bytes = encode([
    parent,
    word,
    new Uint8Array(20),
    word,
    word,
    word,
    new Uint8Array(256),
    minimal(0),
    minimal(number),
    minimal(0),
    minimal(0),
    minimal(0),
    minimal(0),
    word,
    new Uint8Array(8),
  ])
  const raw = engines.hashes.keccak256(bytes)
  return { hash: toHex(raw), bytes, raw }
}

function anchorAt(number: number, hash: Uint8Array): EthereumAnchor {
  const { LightClientHeader } = lightClientTypes(PRESETS.minimal, 'electra')
  const zero = LightClientHeader.zero()
  const head = { ...zero, execution: { ...zero.execution!, block_number: BigInt(number), block_hash: hash } }
  return {
    checkpoint: `0x${'00'.repeat(32)}`,
    store: {
      finalized_header: head,
      optimistic_header: head,
      current_sync_committee: { pubkeys_root: new Uint8Array(32), aggregate_pubkey: new Uint8Array(48), pubkeys: null },
      next_sync_committee: null,
      best_valid_update: null,
      previous_max_active_participants: 0,
      current_max_active_participants: 0,
    },
  }
}

const evidence = (...headers: { hash: Hex; bytes: Uint8Array }[]) =>
  new Map(
    headers.map(({ hash, bytes }) => [
      keyOf({ type: 'execution_header', blockHash: hash } satisfies EvidenceRequest),
      bytes,
    ]),
  )

it('a block within the window is asked of the head, one beyond it is leapt to by a stepping stone', () => {
  const old = header(1, new Uint8Array(32))
  const asked = (head: number) => {
    try {
      proveBlock(anchorAt(head, new Uint8Array(32).fill(9)), old.hash, evidence(old), PROFILES.mainnet!, engines)
    } catch (cause) {
      return (cause as { requests: { type: string; address: Hex; slots: Hex[] }[] }).requests
    }
  }
  const address = '0x0000f90827f1c53a10cb7a02335b175320002935'
  const slot = (number: number) => `0x${number.toString(16).padStart(64, '0')}`
  expect(asked(8192)).toMatchObject([{ type: 'account', address, slots: [slot(1)] }])
  expect(asked(8193)).toMatchObject([{ type: 'account', address, slots: [slot(1024)] }])
})

it('a near block is followed by its parents, and a block of another branch is not on the chain', () => {
  const first = header(1, new Uint8Array(32))
  const second = header(2, first.raw)
  const third = header(3, second.raw)
  const anchor = anchorAt(3, third.raw)
  expect(
    proveBlock(anchor, first.hash, evidence(first, second, third), PROFILES.mainnet!, engines).finality.level,
  ).toBe('final')
  const stranger = header(1, new Uint8Array(32).fill(7))
  expect(() =>
    proveBlock(anchor, stranger.hash, evidence(stranger, second, third), PROFILES.mainnet!, engines),
  ).toThrow(expect.objectContaining({ code: 'NOT_ON_CHAIN' }))
  const future = header(4, third.raw)
  expect(() => proveBlock(anchor, future.hash, evidence(future), PROFILES.mainnet!, engines)).toThrow(
    expect.objectContaining({ code: 'NOT_ON_CHAIN' }),
  )
})

it('a header that does not have the hash asked for is a lie', () => {
  const asked = header(1, new Uint8Array(32))
  const other = header(2, new Uint8Array(32))
  const swapped = new Map([[keyOf({ type: 'execution_header', blockHash: asked.hash }), other.bytes]])
  expect(() => proveBlock(anchorAt(5, new Uint8Array(32)), asked.hash, swapped, PROFILES.mainnet!, engines)).toThrow(
    expect.objectContaining({ kind: 'lie' }),
  )
})
