/**
 * Evidence that can be checked against the hash it was asked by, with no chain at hand: whoever carries it to others
 * need not follow the chain to know that it is what was asked for. That the hash lies on the chain is the asker's to
 * prove.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, fromHex } from '../../data/hex.ts'
import { decodeList, verifyReceipts, verifyTransactions, verifyWithdrawals } from './block-content.ts'
import { headerByHash, InvalidExecutionHeader } from './block-history.ts'
import { decodeStateProof, verifyAccount, verifyCode, verifySlot } from './contract.ts'
import { type EthereumRequest, type EvidenceRequest, type Hex, keyOf } from './evidence.ts'
import type { ExecutionHeader } from './execution-header.ts'
import type { NetworkProfile } from './profile.ts'
import { verifyState } from './state-evidence.ts'
import { KEY_BYTES, rootOfKeys } from './sync-protocol/committee.ts'
import { UnexpectedContent } from './sync-protocol/errors.ts'
import { initialize_light_client_store } from './sync-protocol/initialize.ts'
import { decodeBootstrap } from './wire.ts'

const NEEDS_HEADER = ['account', 'state', 'receipts', 'transactions', 'withdrawals'] as const
const STANDS_ALONE = ['bootstrap', 'committee', 'execution_header', 'execution_headers', 'code'] as const

export type SelfCertifyingRequest = Extract<
  EvidenceRequest,
  { readonly type: (typeof NEEDS_HEADER)[number] | (typeof STANDS_ALONE)[number] }
>

const TYPES: ReadonlySet<string> = new Set([...NEEDS_HEADER, ...STANDS_ALONE])

export function isSelfCertifying(request: EthereumRequest): request is SelfCertifyingRequest {
  return TYPES.has(request.type)
}

/** The header that `certify` needs besides the answer; null where the answer stands alone. */
export function headerNeededFor(
  request: SelfCertifyingRequest,
): Extract<EvidenceRequest, { readonly type: 'execution_header' }> | null {
  return (NEEDS_HEADER as readonly string[]).includes(request.type)
    ? { type: 'execution_header', blockHash: (request as Extract<SelfCertifyingRequest, { blockHash: Hex }>).blockHash }
    : null
}

/**
 * Returns when the answer is what was asked for. Pure.
 * @param header answer to `headerNeededFor(request)`; it is checked here too
 * @throws {GlowwormError} of kind `lie` that says what does not hold
 */
export function certify(
  request: SelfCertifyingRequest,
  answer: Uint8Array,
  header: Uint8Array | null,
  profile: NetworkProfile,
  engines: Engines,
): void {
  switch (request.type) {
    case 'bootstrap':
      initialize_light_client_store(
        fromHex(request.root, 'root', 32),
        decodeBootstrap(answer, profile, engines.hashes),
        profile,
        engines,
      )
      return
    case 'committee':
      if (
        answer.length !== profile.preset.SYNC_COMMITTEE_SIZE * KEY_BYTES ||
        !hasRoot(answer, request.pubkeysRoot, engines)
      )
        throw new UnexpectedContent('list of committee keys', 'that of the committee asked for')
      return
    case 'execution_header':
      openHeader(request.blockHash, answer, engines)
      return
    case 'execution_headers':
      certifyHeaders(request.blockHash, request.count, answer, engines)
      return
    case 'code':
      verifyCode(request.codeHash, answer, engines)
      return
    default:
      certifyUnder(openHeader(request.blockHash, header ?? new Uint8Array(0), engines), request, answer, engines)
  }
}

function certifyUnder(
  header: ExecutionHeader,
  request: Extract<SelfCertifyingRequest, { readonly type: (typeof NEEDS_HEADER)[number] }>,
  answer: Uint8Array,
  engines: Engines,
): void {
  switch (request.type) {
    case 'account': {
      const { account: nodes, slots } = decodeStateProof(answer, request.slots.length)
      const { storageRoot } = verifyAccount(header.stateRoot, request.address, nodes, engines)
      for (const [i, slot] of request.slots.entries()) verifySlot(storageRoot, slot, slots[i]!, engines)
      return
    }
    case 'state':
      verifyState(header.stateRoot, request, answer, engines)
      return
    case 'receipts':
      // From before Byzantium many honest nodes no longer have what receipts held then (EIP-658). Which fork a header is of
      // it does not say, only that it is from the time of proof of work.
      verifyReceipts(header, decodeList(answer, 'receipts'), engines, header.difficulty > 0n ? 'unprovable' : 'lie')
      return
    case 'transactions':
      verifyTransactions(header, decodeList(answer, 'transactions'), engines)
      return
    case 'withdrawals':
      verifyWithdrawals(header, decodeList(answer, 'withdrawals'), engines)
  }
}

/** Each header is the parent of the one before it. */
function certifyHeaders(first: Hex, count: number, answer: Uint8Array, engines: Engines): void {
  const headers = decodeList(answer, 'headers')
  if (headers.length === 0 || headers.length > count) throw new InvalidExecutionHeader(first)
  let hash = first
  for (const header of headers) hash = openHeader(hash, header, engines).parentHash
}

function openHeader(blockHash: Hex, bytes: Uint8Array, engines: Engines): ExecutionHeader {
  return headerByHash(blockHash, new Map([[keyOf({ type: 'execution_header', blockHash }), bytes]]), engines)
}

function hasRoot(pubkeys: Uint8Array, root: Hex, engines: Engines): boolean {
  return bytesEqual(rootOfKeys(pubkeys, engines.merkle), fromHex(root, 'root', 32))
}
