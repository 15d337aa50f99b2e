/** Ethereum as a ledger family, on the devnet's data, with both engines. */
import { createHash } from 'node:crypto'
import { type Devnet, FIXTURE_CONTRACT, startDevnet } from '@glowworm/devnet'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { EthereumClaim } from '@glowworm/light-client/ledgers/ethereum/claims'
import { type EthereumAnchor, executionOf } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import { type EthereumRequest, type Hex, keyOf } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { afterAll, beforeAll, describe } from 'vitest'
import { ledgerFamilyCompliance } from '../compliance/ledger-family.ts'
import { ENGINES } from '../engines.ts'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
})
afterAll(() => devnet?.close())

describe.each(ENGINES)('with %s', (_, load) => {
  ledgerFamilyCompliance('ethereum', async () => {
    const engines = await load()
    const { profile, checkpoint } = devnet
    const family = createEthereumFamily(profile, engines)
    const sources = [
      beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp }),
      executionRpcSource({ url: devnet.executionUrl, http: platformHttp }),
    ]
    const ask = async (request: EthereumRequest) => {
      const source = sources.find((candidate) => candidate.serves(request.type))!
      return (await source.request(request, AbortSignal.timeout(10_000))).bytes
    }
    const now = devnet.time() * 1000
    const bootstrap = await ask({ type: 'bootstrap', root: checkpoint })
    const updates = splitUpdates(await ask({ type: 'updates', startPeriod: 0, count: 4 }))
    const finality = await ask({ type: 'finality_update' })
    const advances = [
      ...updates.map((bytes) => ({
        bytes,
        with: (changed: Uint8Array) => ({ kind: 'update', bytes: changed }) as const,
      })),
      { bytes: finality, with: (changed: Uint8Array) => ({ kind: 'finality_update', bytes: changed }) as const },
    ]
    const anchor = advances.reduce(
      (at, step) => family.advance(at, step.with(step.bytes), now),
      family.bootstrap({ checkpoint }, bootstrap, now),
    )
    const { blockHash } = executionOf(anchor.store.finalized_header)!
    const slot: Hex = `0x${'1'.padStart(64, '0')}`
    const answers = async (...requests: EthereumRequest[]) =>
      new Map(await Promise.all(requests.map(async (request) => [keyOf(request), await ask(request)] as const)))
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
    return {
      family,
      trust: { checkpoint },
      bootstrap,
      advances,
      claims,
      now,
      tooLate: now + 30 * 86_400_000,
      identity,
      mayChange: {
        reason:
          'signature_slot is not signed: any slot of the same period and fork, after the attested one and not in the future, gives the same committee, the same domain and the same anchor',
        // The last 8 bytes of the fixed part, which ends where the first variable part begins (after the 4-byte digest).
        covers: (position: number, bytes: Uint8Array) => {
          const end = 4 + new DataView(bytes.buffer, bytes.byteOffset + 4).getUint32(0, true)
          return position >= end - 8 && position < end
        },
      },
    }
  })
})

/** Heads and committees. How many signed is a running maximum, which an older update may raise without moving anything. */
function identity({ store }: EthereumAnchor): string {
  const { SyncCommittee, LightClientHeader } = lightClientTypes(PRESETS.minimal, 'electra')
  const said = JSON.stringify([
    LightClientHeader.toJson(store.finalized_header),
    LightClientHeader.toJson(store.optimistic_header),
    SyncCommittee.toJson(store.current_sync_committee),
    store.next_sync_committee && SyncCommittee.toJson(store.next_sync_committee),
  ])
  return createHash('sha256').update(said).digest('hex') // short enough to compare by eye
}
