/**
 * Each single-byte change of a committee update and of an account proof throws, or yields the identical anchor and
 * value. The bytes that may change without effect are listed, with the reason.
 */

import { GlowwormError } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { advance, bootstrap, type EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { decodeStateProof, verifyAccount } from '@glowworm/light-client/ledgers/ethereum/contract'
import { lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import type { Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { FORK_RULES, withDigest } from '@glowworm/light-client/ledgers/ethereum/forks'
import { type NetworkProfile, PRESETS, parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { Engines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { ENGINES } from '../engines.ts'
import { describeVectors, vectorBytes, vectorJson } from '../vectors.ts'

const FOLDER = 'eth-lightclient/devnet-synthetic-electra'

function readProfile(): { profile: NetworkProfile; root: Hex } {
  const config = vectorJson<Record<string, string>>(`${FOLDER}/config.json`)
  const profile = parseProfile({
    name: 'synthetic',
    family: 'ethereum',
    chainId: Number(config.execution_chain_id),
    preset: 'minimal',
    secondsPerSlot: Number(config.SECONDS_PER_SLOT),
    genesis: { time: Number(config.genesis_time), validatorsRoot: config.genesis_validators_root },
    forks: [{ name: 'electra', epoch: 0, version: config.ELECTRA_FORK_VERSION }],
  })
  return { profile, root: config.trusted_block_root as Hex }
}

/** What an anchor says, without the objects it says it with. */
function identity(anchor: EthereumAnchor): string {
  const { SyncCommittee, LightClientHeader } = lightClientTypes(PRESETS.minimal, FORK_RULES.electra.format)
  const { store } = anchor
  return JSON.stringify([
    LightClientHeader.toJson(store.finalized_header),
    LightClientHeader.toJson(store.optimistic_header),
    SyncCommittee.toJson(store.current_sync_committee),
    store.next_sync_committee && SyncCommittee.toJson(store.next_sync_committee),
    store.current_max_active_participants,
  ])
}

describeVectors('single-byte mutation', () => {
  describe.each(ENGINES)('%s', (_, load) => {
    async function prepare() {
      const engines = await load()
      const { profile, root } = readProfile()
      const now = (profile.genesis.time + 216 * profile.secondsPerSlot) * 1000
      const digested = (file: string, slot: number) =>
        withDigest(profile, slot, vectorBytes(`${FOLDER}/${file}.ssz`), engines.hashes)
      const anchor = bootstrap({ checkpoint: root }, digested('bootstrap', 0), now, profile, engines)
      return { engines, profile, now, anchor, digested }
    }

    it('of a committee update', async () => {
      const { engines, profile, now, anchor, digested } = await prepare()
      const update = digested('update_period_0', 0)
      const step = (bytes: Uint8Array) => identity(advance(anchor, { kind: 'update', bytes }, now, profile, engines))
      const honest = step(update)
      expect(honest).not.toBe(identity(anchor))
      const { accepted, refused } = mutateEach(update, step, honest)
      expect(refused).toBeGreaterThan(0)
      // signature_slot is not signed. Any slot of the same period and fork, after the attested one and not in the
      // future, gives the same committee, the same domain and the same anchor.
      const signatureSlot = signatureSlotPosition(update)
      for (const { at } of accepted)
        expect(at, `byte ${at} changed without effect`).toSatisfy(
          (n: number) => n >= signatureSlot && n < signatureSlot + 8,
        )
    })

    it('of an account proof', async () => {
      const { engines } = await prepare()
      const proof = vectorJson<{ accountProof: Hex[]; address: Hex }>(`${FOLDER}/proof_account.json`)
      const finality = vectorJson<{ data: { finalized_header: { execution: { state_root: Hex } } } }>(
        `${FOLDER}/finality_update.json`,
      )
      const root = finality.data.finalized_header.execution.state_root
      const answer = encode([proof.accountProof.map((node) => fromHex(node, 'node')), []])
      const step = (bytes: Uint8Array) => describeAccount(root, proof.address, bytes, engines)
      const honest = step(answer)
      const { accepted, refused } = mutateEach(answer, step, honest)
      expect(accepted).toEqual([])
      expect(refused).toBe(answer.length)
    })
  })
})

function describeAccount(root: Hex, address: Hex, bytes: Uint8Array, engines: Engines): string {
  const account = verifyAccount(root, address, decodeStateProof(bytes, 0).account, engines)
  return JSON.stringify(account, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
}

/** Changes every byte in turn. A change may throw a typed error, or be without any effect; nothing else. */
function mutateEach(bytes: Uint8Array, step: (bytes: Uint8Array) => string, honest: string) {
  const accepted: { at: number }[] = []
  let refused = 0
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at] = changed[at]! ^ (1 << (at % 8))
    try {
      const outcome = step(changed)
      expect(outcome, `byte ${at}: another anchor or value was accepted`).toBe(honest)
      accepted.push({ at })
    } catch (error) {
      if (!(error instanceof GlowwormError)) throw error
      refused++
    }
  }
  return { accepted, refused }
}

/** The last 8 bytes of the fixed part, which ends where the first variable part begins. */
function signatureSlotPosition(update: Uint8Array): number {
  return 4 + new DataView(update.buffer, update.byteOffset + 4).getUint32(0, true) - 8
}
