/**
 * Mainnet as recorded in the public vectors, at two moments.
 * @module
 */
import { createHash } from 'node:crypto'
import type { ssz } from '@lodestar/types'
import { loadLodestarTypes } from '../../lodestar-types.ts'
import { DENEB_BOOTSTRAP, DENEB_UPDATES } from '../../recorded-mainnet.ts'
import { vectorBytes, vectorJson } from '../../vector-files.ts'
import { executionBlock } from './execution-block.ts'

const CASES = 'eth-lightclient/colibri-mainnet'
const FULU = 'eth-lightclient/mainnet-fulu-json'
/** Fulu since its second blob-parameter fork. */
const FULU_DIGEST = [0x8c, 0x9f, 0x62, 0xfe]
const SIGNED_BLOCK = '0xbbc16d42478b2053bf9cc743521a02f655a7a4f2b5e065621b899c90176f2601'
const SIGNING_BLOCK = '0x20976fe3944f891a9663a5f589c49839ca14d0c1a1f76020bb0608310338b121'
export const PERIODS = 46
/** The account whose balance is asked for in the Deneb network. */
export const ADDRESS = '0x95222290DD7278Aa3Ddd389Cc1E1d165CC4BAfe5'

/** One answer in both encodings of the Beacon API. */
export interface BeaconAnswer {
  readonly ssz: Uint8Array
  readonly json: string
}

/** What a beacon node and an execution node know at one moment. */
export interface RecordedNetwork {
  readonly version: 'deneb' | 'fulu'
  readonly checkpoint: string
  /** Milliseconds since the Unix epoch: four seconds into the slot that signs the head. */
  readonly now: number
  readonly firstPeriod: number
  readonly bootstrap: BeaconAnswer
  readonly bootstrapSlot: number
  /** In the order of their periods; `ssz` with length and fork digest before it, `json` one entry of the list. */
  readonly updates: readonly BeaconAnswer[]
  readonly finalityUpdate: BeaconAnswer
  readonly optimisticUpdate: BeaconAnswer
  /** Whole beacon blocks, by root, slot and `head`; for clients that work with those. */
  readonly blocks: ReadonlyMap<string, BeaconAnswer>
  /** Entries of /eth/v1/beacon/headers, by root and `head`, and the one whose parent has a root. */
  readonly headers: ReadonlyMap<string, unknown>
  readonly childOf: ReadonlyMap<string, unknown>
  /** By slot, the roots of blocks whose bodies are not recorded. */
  readonly roots: ReadonlyMap<string, string>
  /** As eth_getBlockByHash gives it, with all transactions. */
  readonly executionBlock: Record<string, unknown>
  /** The result of eth_getProof for `ADDRESS` at that block; null where none is recorded. */
  readonly accountProof: { readonly balance: string } | null
}

/**
 * 46 periods of committee updates from 1347 on, and in the period after them two blocks in a row, of which the second
 * carries the signatures under the first. A beacon node makes its optimistic update of just these; here it is made the
 * same way. The recorded account proof is of the first block.
 */
export async function denebNetwork(): Promise<RecordedNetwork> {
  const { ssz } = await loadLodestarTypes('mainnet')
  const answer = answersOf('deneb')
  const bootstrap = ssz.deneb.LightClientBootstrap.deserialize(vectorBytes(DENEB_BOOTSTRAP))
  const updates = splitRecorded(vectorBytes(DENEB_UPDATES)).map(({ framed, content }) => ({
    framed,
    update: ssz.deneb.LightClientUpdate.deserialize(content),
  }))
  const last = updates.at(-1)!.update
  const signed = readBlock(ssz, SIGNED_BLOCK)
  const signing = readBlock(ssz, SIGNING_BLOCK)
  const [signedAnswer, signingAnswer] = [signed, signing].map((block) => answer(ssz.deneb.SignedBeaconBlock, block))
  const [signedHeader, signingHeader] = [signed, signing].map((block) => headerEntry(ssz, block))
  const payload = ssz.deneb.ExecutionPayload.toJson(signed.message.body.executionPayload)
  const proof = `eth_getBalance1/eth_getProof_${ADDRESS}____0x152afff.json`
  return {
    version: 'deneb',
    checkpoint: hex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(bootstrap.header.beacon)),
    now: timeIn(signing.message.slot),
    firstPeriod: 1347,
    bootstrap: answer(ssz.deneb.LightClientBootstrap, bootstrap),
    bootstrapSlot: bootstrap.header.beacon.slot,
    updates: updates.map(({ framed, update }) => ({
      ssz: framed,
      json: answer(ssz.deneb.LightClientUpdate, update).json,
    })),
    finalityUpdate: answer(ssz.deneb.LightClientFinalityUpdate, last),
    optimisticUpdate: answer(ssz.deneb.LightClientOptimisticUpdate, {
      attestedHeader: lightClientHeader(ssz, signed),
      syncAggregate: signing.message.body.syncAggregate,
      signatureSlot: signing.message.slot,
    }),
    blocks: new Map([
      [SIGNED_BLOCK, signedAnswer!],
      [String(signed.message.slot), signedAnswer!],
      [SIGNING_BLOCK, signingAnswer!],
      [String(signing.message.slot), signingAnswer!],
      ['head', signingAnswer!],
    ]),
    headers: new Map([
      [SIGNED_BLOCK, signedHeader],
      [SIGNING_BLOCK, signingHeader],
      ['head', signingHeader],
    ]),
    childOf: new Map([[SIGNED_BLOCK, signingHeader]]),
    roots: new Map(
      [last.attestedHeader, last.finalizedHeader].map(({ beacon }) => [
        String(beacon.slot),
        hex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(beacon)),
      ]),
    ),
    executionBlock: await executionBlock(payload, hex(signed.message.parentRoot)),
    accountProof: vectorJson<{ result: { balance: string } }>(`${CASES}/${proof}`).result,
  }
}

/** A day of March 2026: a finality update, and the whole execution block it finalizes, of 769 transactions. */
export async function fuluNetwork(): Promise<RecordedNetwork> {
  const { ssz } = await loadLodestarTypes('mainnet')
  const answer = answersOf('fulu')
  const read = <T>(type: { fromJson(json: unknown): T }, name: string): T =>
    type.fromJson(vectorJson<{ data: unknown }>(`${FULU}/lc_${name}.json`).data)
  const bootstrap = read(ssz.electra.LightClientBootstrap, 'bootstrap')
  const [update] = vectorJson<{ data: unknown }[]>(`${FULU}/lc_updates.json`)
  const updateAnswer = answer(ssz.electra.LightClientUpdate, ssz.electra.LightClientUpdate.fromJson(update!.data))
  const finality = read(ssz.electra.LightClientFinalityUpdate, 'finality')
  return {
    version: 'fulu',
    checkpoint: hex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(bootstrap.header.beacon)),
    now: timeIn(finality.signatureSlot),
    firstPeriod: 1711,
    bootstrap: answer(ssz.electra.LightClientBootstrap, bootstrap),
    bootstrapSlot: bootstrap.header.beacon.slot,
    updates: [{ ...updateAnswer, ssz: framed(FULU_DIGEST, updateAnswer.ssz) }],
    finalityUpdate: answer(ssz.electra.LightClientFinalityUpdate, finality),
    optimisticUpdate: answer(
      ssz.electra.LightClientOptimisticUpdate,
      read(ssz.electra.LightClientOptimisticUpdate, 'optimistic'),
    ),
    blocks: new Map(),
    headers: new Map(),
    childOf: new Map(),
    roots: new Map(),
    executionBlock: vectorJson(`${FULU}/block_0x17a2d23.json`),
    accountProof: null,
  }
}

function answersOf(version: RecordedNetwork['version']) {
  return <T>(type: { serialize(value: T): Uint8Array; toJson(value: T): unknown }, value: T): BeaconAnswer => ({
    ssz: type.serialize(value),
    json: JSON.stringify({ version, execution_optimistic: false, finalized: true, data: type.toJson(value) }),
  })
}

const timeIn = (slot: number): number => (1606824023 + 12 * slot + 4) * 1000

type Ssz = typeof ssz
type SignedBlock = ReturnType<Ssz['deneb']['SignedBeaconBlock']['deserialize']>

function readBlock(types: Ssz, root: string): SignedBlock {
  const block = types.deneb.SignedBeaconBlock.deserialize(
    vectorBytes(`${CASES}/eth_getProof2/eth_v2_beacon_blocks_${root}.ssz`),
  )
  const found = hex(types.deneb.BeaconBlock.hashTreeRoot(block.message))
  if (found !== root) throw new Error(`the recorded block ${root} has the root ${found}`)
  return block
}

/** block_to_light_client_header (specs/deneb/light-client/full-node.md). */
function lightClientHeader(types: Ssz, { message }: SignedBlock) {
  const { body, ...rest } = message
  const { transactions, withdrawals, ...execution } = body.executionPayload
  const { fields } = types.deneb.BeaconBlockBody
  const names = Object.keys(fields) as (keyof typeof fields)[]
  const leaves = names.map((name) =>
    (fields[name] as { hashTreeRoot(value: unknown): Uint8Array }).hashTreeRoot(body[name]),
  )
  return {
    beacon: { ...rest, bodyRoot: types.deneb.BeaconBlockBody.hashTreeRoot(body) },
    execution: {
      ...execution,
      transactionsRoot: types.deneb.ExecutionPayload.fields.transactions.hashTreeRoot(transactions),
      withdrawalsRoot: types.deneb.ExecutionPayload.fields.withdrawals.hashTreeRoot(withdrawals),
    },
    executionBranch: branchTo(names.indexOf('executionPayload'), leaves, 4),
  }
}

/** Siblings from a leaf up, in a tree of 2^depth leaves of which the rest are zero. */
function branchTo(leaf: number, leaves: readonly Uint8Array[], depth: number): Uint8Array[] {
  let level = [...leaves, ...Array<Uint8Array>(2 ** depth - leaves.length).fill(new Uint8Array(32))]
  const branch: Uint8Array[] = []
  for (let at = leaf; level.length > 1; at >>= 1) {
    branch.push(level[at ^ 1]!)
    const above: Uint8Array[] = []
    for (let i = 0; i < level.length; i += 2)
      above.push(
        createHash('sha256')
          .update(level[i]!)
          .update(level[i + 1]!)
          .digest(),
      )
    level = above
  }
  return branch
}

/** An entry of /eth/v1/beacon/headers. */
function headerEntry(types: Ssz, { message, signature }: SignedBlock) {
  const { body, ...rest } = message
  const header = { ...rest, bodyRoot: types.deneb.BeaconBlockBody.hashTreeRoot(body) }
  return {
    root: hex(types.deneb.BeaconBlock.hashTreeRoot(message)),
    canonical: true,
    header: types.phase0.SignedBeaconBlockHeader.toJson({ message: header, signature }),
  }
}

/** u64le length ‖ fork digest ‖ SSZ each. */
function splitRecorded(all: Uint8Array): { framed: Uint8Array; content: Uint8Array }[] {
  const parts: { framed: Uint8Array; content: Uint8Array }[] = []
  const view = new DataView(all.buffer, all.byteOffset, all.length)
  for (let at = 0; at < all.length; ) {
    const end = at + 8 + Number(view.getBigUint64(at, true))
    parts.push({ framed: all.subarray(at, end), content: all.subarray(at + 12, end) })
    at = end
  }
  return parts
}

function framed(digest: readonly number[], content: Uint8Array): Uint8Array {
  const all = new Uint8Array(12 + content.length)
  new DataView(all.buffer).setBigUint64(0, BigInt(4 + content.length), true)
  all.set(digest, 8)
  all.set(content, 12)
  return all
}

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
