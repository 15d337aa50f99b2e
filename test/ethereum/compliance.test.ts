/** Ethereum as a ledger family, on the devnet's data, with both engines. */
import { createHash } from 'node:crypto'
import { type Devnet, FIXTURE_CONTRACT, startDevnet } from '@glowworm/devnet'
import { type CompactRequest, compactEvidence } from '@glowworm/light-client/application/compact-evidence'
import { toHex } from '@glowworm/light-client/data/hex'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EthereumAdvance } from '@glowworm/light-client/ledgers/ethereum/advance'
import type { EthereumClaim } from '@glowworm/light-client/ledgers/ethereum/claims'
import { splitHops } from '@glowworm/light-client/ledgers/ethereum/compact/wire'
import { type EthereumAnchor, executionOf } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import { type EthereumRequest, type Hex, keyOf } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { type Engines, loadEngines } from '@glowworm/wasm-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { ledgerFamilyCompliance } from '../compliance/ledger-family.ts'
import { ENGINES } from '../engines.ts'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
})
afterAll(() => devnet?.close())

/** What both ways through the family share: the chain's evidence as a beacon node gives it, and claims at its end. */
async function evidenceOf(engines: Engines) {
  const { profile, checkpoint } = devnet
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  const sources = [
    beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp }),
    executionRpcSource({ url: devnet.executionUrl, http: platformHttp }),
  ]
  const ask = async (request: EthereumRequest) => {
    const source = sources.find((candidate) => candidate.serves(request.type))!
    return (await source.request(request, AbortSignal.timeout(10_000))).bytes
  }
  const now = devnet.time() * 1000
  const answers = async (...requests: EthereumRequest[]) =>
    new Map(await Promise.all(requests.map(async (request) => [keyOf(request), await ask(request)] as const)))
  const claimsAt = async ({ store }: EthereumAnchor) => {
    const { blockHash } = executionOf(store.finalized_header)!
    const slot: Hex = `0x${'1'.padStart(64, '0')}`
    const funded = devnet.accounts[1]!.address.toLowerCase() as Hex
    const claims: { claim: EthereumClaim; evidence: Map<string, Uint8Array> }[] = [
      {
        claim: { type: 'account', address: funded, at: 'finalized' },
        evidence: await answers({ type: 'account', blockHash, address: funded, slots: [] }),
      },
      {
        claim: { type: 'storage', address: FIXTURE_CONTRACT, slot, at: 'finalized' },
        evidence: await answers({ type: 'account', blockHash, address: FIXTURE_CONTRACT, slots: [slot] }),
      },
      {
        claim: { type: 'call', at: 'finalized', call: { to: FIXTURE_CONTRACT, data: slot } },
        evidence: await answers({
          type: 'state',
          blockHash,
          accounts: [
            { address: `0x${'0'.repeat(40)}`, slots: [], code: false },
            { address: FIXTURE_CONTRACT, slots: [slot], code: true },
          ],
        }),
      },
      { claim: { type: 'header', blockHash }, evidence: await answers({ type: 'execution_header', blockHash }) },
    ]
    return claims
  }
  return { profile, family, trust: { checkpoint }, ask, now, tooLate: now + 30 * 86_400_000, claimsAt }
}

const UNSIGNED =
  'signature_slot is not signed: any slot of the same period and fork, after the attested one and not in the future, gives the same committee, the same domain and the same anchor'

const stepOf = (kind: EthereumAdvance['kind'], bytes: Uint8Array) => ({
  bytes,
  with: (changed: Uint8Array): EthereumAdvance => ({ kind, bytes: changed }),
})

describe.each(ENGINES)('with %s', (_, load) => {
  ledgerFamilyCompliance('ethereum', async () => {
    const { family, trust, ask, now, tooLate, claimsAt } = await evidenceOf(await load())
    const bootstrap = await ask({ type: 'bootstrap', root: trust.checkpoint })
    const updates = splitUpdates(await ask({ type: 'updates', startPeriod: 0, count: 4 }))
    const finality = await ask({ type: 'finality_update' })
    const advances = [...updates.map((bytes) => stepOf('update', bytes)), stepOf('finality_update', finality)]
    const anchor = advances.reduce(
      (at, step) => family.advance(at, step.with(step.bytes), now),
      family.bootstrap(trust, bootstrap, now),
    )
    return {
      family,
      trust,
      bootstrap,
      advances,
      claims: await claimsAt(anchor),
      now,
      tooLate,
      identity,
      mayChange: {
        reason: UNSIGNED,
        // The last 8 bytes of the fixed part, which ends where the first variable part begins (after the 4-byte digest).
        covers: (position: number, bytes: Uint8Array) => {
          const end = 4 + new DataView(bytes.buffer, bytes.byteOffset + 4).getUint32(0, true)
          return position >= end - 8 && position < end
        },
      },
    }
  })
})

describe('by compact hops, with wasm', () => {
  ledgerFamilyCompliance('ethereum', async () => {
    const engines = await loadEngines()
    const { profile, family, trust, ask, now, tooLate, claimsAt } = await evidenceOf(engines)
    const made = compactEvidence({ profile, engines, plain: ask, checkpoints: [trust.checkpoint] })
    const compact = { answer: (request: CompactRequest) => made.answer(request, AbortSignal.timeout(10_000)) }
    const bootstrap = await compact.answer({ type: 'compact_bootstrap', root: trust.checkpoint })
    const advances = [
      stepOf('hops', await compact.answer({ type: 'hops', startPeriod: 0, count: 2 })),
      stepOf('hops', await compact.answer({ type: 'hops', startPeriod: 2, count: 2 })),
      stepOf('compact_finality_update', await compact.answer({ type: 'compact_finality_update' })),
    ]
    const anchor = advances.reduce(
      (at, step) => family.advance(at, step.with(step.bytes), now),
      family.bootstrapCompact(trust, bootstrap, now),
    )
    return {
      family: { ...family, bootstrap: family.bootstrapCompact },
      trust,
      bootstrap,
      advances,
      claims: await claimsAt(anchor),
      now,
      tooLate,
      identity,
      mayChange: {
        reason: UNSIGNED,
        // 8 bytes before the offsets of the two lists of absent keys, with which the fixed part of a hop ends.
        covers: (position: number, bytes: Uint8Array) =>
          splitHops(bytes).hops.some((hop) => {
            const start = hop.byteOffset - bytes.byteOffset
            const end = start + new DataView(hop.buffer, hop.byteOffset + HOP_OFFSET).getUint32(0, true) - 8
            return position >= end - 8 && position < end
          }),
      },
    }
  })
})

/** Where a hop names the beginning of its first list, its proof: after two headers, a root and a key. */
const HOP_OFFSET = 80 + 112 + 32 + 48

/** Heads and committees. How many signed is a running maximum, which an older update may raise without moving anything. */
function identity({ store }: EthereumAnchor): string {
  const { LightClientHeader } = lightClientTypes(PRESETS.minimal, 'electra')
  const said = JSON.stringify([
    LightClientHeader.toJson(store.finalized_header),
    LightClientHeader.toJson(store.optimistic_header),
    ...[store.current_sync_committee, store.next_sync_committee].map(
      (committee) => committee && [toHex(committee.pubkeys_root), toHex(committee.aggregate_pubkey)],
    ),
  ])
  return createHash('sha256').update(said).digest('hex') // short enough to compare by eye
}
