/**
 * Block bodies as far as they must be hashed to show what execution block they hold (consensus-specs
 * {capella,deneb,electra}/beacon-chain.md), whole or blinded, as SSZ or JSON.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { branchOf } from '../../../data/ssz/branch.ts'
import { list } from '../../../data/ssz/list.ts'
import * as ssz from '../../../data/ssz/types.ts'
import { bitlist, numberList, variableList } from '../../../data/ssz/variable-list.ts'
import {
  BeaconBlockHeader,
  CapellaExecutionPayloadHeader,
  DenebExecutionPayloadHeader,
  type ExecutionPayloadHeader,
  executionFields,
  type LightClientHeader,
  lightClientTypes,
} from '../data.ts'
import { EXECUTION_PAYLOAD_GINDEX, FORK_RULES } from '../forks.ts'
import { FORK_NAMES, type ForkName, type NetworkProfile } from '../profile.ts'
import { UnsupportedState } from './beacon-state.ts'
import { placeOf } from './place.ts'
import { type BeaconLimits, beaconLimits } from './presets.ts'

type Fields = Record<string, ssz.SszType<unknown>>

const Checkpoint = ssz.container({ epoch: ssz.uint64, root: ssz.bytes32 })
const AttestationData = ssz.container({
  slot: ssz.uint64,
  index: ssz.uint64,
  beacon_block_root: ssz.bytes32,
  source: Checkpoint,
  target: Checkpoint,
})
const Eth1Data = ssz.container({ deposit_root: ssz.bytes32, deposit_count: ssz.uint64, block_hash: ssz.bytes32 })
const BLOCK_FIELDS = {
  slot: ssz.uint64Number,
  proposer_index: ssz.uint64,
  parent_root: ssz.bytes32,
  state_root: ssz.bytes32,
}
const signed = <T>(message: ssz.SszType<T>) => ssz.container({ message, signature: ssz.bytes96 })
const SignedBeaconBlockHeader = signed(BeaconBlockHeader)
const ProposerSlashing = ssz.container({
  signed_header_1: SignedBeaconBlockHeader,
  signed_header_2: SignedBeaconBlockHeader,
})
const Deposit = ssz.container({
  proof: ssz.rootVector(33),
  data: ssz.container({
    pubkey: ssz.bytes48,
    withdrawal_credentials: ssz.bytes32,
    amount: ssz.uint64,
    signature: ssz.bytes96,
  }),
})
const VoluntaryExit = ssz.container({ epoch: ssz.uint64, validator_index: ssz.uint64 })
const BLSToExecutionChange = ssz.container({
  validator_index: ssz.uint64,
  from_bls_pubkey: ssz.bytes48,
  to_execution_address: ssz.bytes20,
})
const Withdrawal = ssz.container({
  index: ssz.uint64,
  validator_index: ssz.uint64,
  address: ssz.bytes20,
  amount: ssz.uint64,
})
const ExecutionRequests = ssz.container({
  deposits: list(
    ssz.container({
      pubkey: ssz.bytes48,
      withdrawal_credentials: ssz.bytes32,
      amount: ssz.uint64,
      signature: ssz.bytes96,
      index: ssz.uint64,
    }),
    8192,
  ),
  withdrawals: list(
    ssz.container({ source_address: ssz.bytes20, validator_pubkey: ssz.bytes48, amount: ssz.uint64 }),
    16,
  ),
  consolidations: list(
    ssz.container({ source_address: ssz.bytes20, source_pubkey: ssz.bytes48, target_pubkey: ssz.bytes48 }),
    2,
  ),
})

/** Whether blocks come with their transactions, or with the header of their payload in place of it. */
export type BlockForm = 'whole' | 'blinded'

/** Fields of `BeaconBlockBody` or `BlindedBeaconBlockBody`, in order. */
function bodyFields(fork: ForkName, form: BlockForm, profile: NetworkProfile): Fields {
  const limits = beaconLimits(profile)
  const reached = since(fork)
  const { SyncAggregate } = lightClientTypes(profile.preset, FORK_RULES[fork].format)
  const committees = reached('electra') ? limits.MAX_COMMITTEES_PER_SLOT : 1
  const bits = 2048 * committees // MAX_VALIDATORS_PER_COMMITTEE
  const IndexedAttestation = ssz.container({
    attesting_indices: numberList(bits),
    data: AttestationData,
    signature: ssz.bytes96,
  })
  const AttesterSlashing = ssz.container({ attestation_1: IndexedAttestation, attestation_2: IndexedAttestation })
  const Attestation = ssz.container({
    aggregation_bits: bitlist(bits),
    data: AttestationData,
    signature: ssz.bytes96,
    ...(reached('electra') ? { committee_bits: ssz.bitvector(limits.MAX_COMMITTEES_PER_SLOT) } : {}),
  })
  return {
    randao_reveal: ssz.bytes96,
    eth1_data: Eth1Data,
    graffiti: ssz.bytes32,
    proposer_slashings: list(ProposerSlashing, 16),
    attester_slashings: variableList(AttesterSlashing, reached('electra') ? 1 : 2),
    attestations: variableList(Attestation, reached('electra') ? 8 : 128),
    deposits: list(Deposit, 16),
    voluntary_exits: list(signed(VoluntaryExit), 16),
    sync_aggregate: SyncAggregate,
    ...(form === 'whole'
      ? { execution_payload: payloadType(fork, limits) }
      : { execution_payload_header: reached('deneb') ? DenebExecutionPayloadHeader : CapellaExecutionPayloadHeader }),
    bls_to_execution_changes: list(signed(BLSToExecutionChange), 16),
    ...(reached('deneb') ? { blob_kzg_commitments: list(ssz.bytes48, 4096) } : {}),
    ...(reached('electra') ? { execution_requests: ExecutionRequests } : {}),
  } as Fields
}

const transactionsType = variableList(ssz.byteList(2 ** 30), 2 ** 20)
const withdrawalsType = (limits: BeaconLimits) => list(Withdrawal, limits.MAX_WITHDRAWALS_PER_PAYLOAD)

/** `ExecutionPayload`: its header's fields, with the transactions and withdrawals themselves. */
function payloadType(fork: ForkName, limits: BeaconLimits) {
  const { transactions_root: _, withdrawals_root: __, ...before } = executionFields
  const blobs = { blob_gas_used: ssz.uint64, excess_blob_gas: ssz.uint64 }
  return ssz.container({
    ...before,
    transactions: transactionsType,
    withdrawals: withdrawalsType(limits),
    ...(since(fork)('deneb') ? blobs : {}),
  } as Fields)
}

/**
 * `block_to_light_client_header` of a signed block, in the layout of its own fork. Nothing is believed or checked here
 * but the form: whoever uses the header compares its root.
 * @throws {UnsupportedState | SszError}
 */
export function headerOfBlock(
  block: { readonly ssz: Uint8Array } | { readonly json: unknown },
  fork: ForkName,
  form: BlockForm,
  profile: NetworkProfile,
  { hashes, merkle }: Engines,
): LightClientHeader {
  if (fork === 'gloas' || !since(fork)('capella')) throw new UnsupportedState(fork)
  const fields = bodyFields(fork, form, profile)
  const { state_root, slot, proposer_index, parent_root } = BLOCK_FIELDS
  const Body = ssz.container(fields)
  const Block = signed(ssz.container({ slot, proposer_index, parent_root, state_root, body: Body }))
  const { message } = 'ssz' in block ? Block.deserialize(block.ssz) : Block.fromJson(block.json)
  const body = message.body as Record<string, unknown>
  const names = Object.keys(fields)
  const roots = new Uint8Array(names.length * 32)
  for (const [i, name] of names.entries()) roots.set(fields[name]!.hashTreeRoot(body[name], merkle), i * 32)
  const { depth, index } = placeOf(EXECUTION_PAYLOAD_GINDEX)
  return {
    beacon: {
      slot: message.slot,
      proposer_index: message.proposer_index,
      parent_root: message.parent_root,
      state_root: message.state_root,
      body_root: merkle.sszRoot(roots, names.length),
    },
    execution: payloadHeader(body, beaconLimits(profile), merkle),
    execution_branch: branchOf(roots, depth, index, hashes),
  }
}

function payloadHeader(
  body: Record<string, unknown>,
  limits: BeaconLimits,
  merkle: Engines['merkle'],
): ExecutionPayloadHeader {
  if (body.execution_payload_header) return body.execution_payload_header as ExecutionPayloadHeader
  const { transactions, withdrawals, ...rest } = body.execution_payload as ExecutionPayloadHeader & {
    transactions: readonly Uint8Array[]
    withdrawals: readonly ssz.ValueOf<typeof Withdrawal>[]
  }
  return {
    ...rest,
    transactions_root: transactionsType.hashTreeRoot(transactions, merkle),
    withdrawals_root: withdrawalsType(limits).hashTreeRoot(withdrawals, merkle),
  }
}

function since(fork: ForkName) {
  return (target: ForkName) => FORK_NAMES.indexOf(fork) >= FORK_NAMES.indexOf(target)
}
