import { GlowwormError, type SourceSummary } from '@glowworm/light-client'
import type { Carrier } from '@glowworm/light-client/network/evidence-source'
import { encodeRequest } from '@glowworm/light-client/network/libp2p/evidence-protocol'
import { InvalidRequest } from '@glowworm/light-client/network/libp2p/evidence-request'
import { expect, test } from 'vitest'
import { longestTransaction } from './longest-transaction.ts'

const lie = new GlowwormError({ name: 'Test.Lie', code: 'LIE', kind: 'lie' }, 'it is false')

function source(carrier: Carrier, caught: GlowwormError | null = null): SourceSummary {
  const learned = { addresses: [], olderAddresses: 0, decoys: 0, transactions: 0, sent: 0 }
  return { description: { id: carrier, carrier, words: carrier }, answers: 0, bytes: 0, lie: caught, learned }
}

test('is what a peer takes, to the byte', () => {
  const most = longestTransaction([source('beacon-rest'), source('webrtc')])!
  const sent = (length: number) => encodeRequest({ type: 'send_transaction', raw: `0x${'ff'.repeat(length)}` })
  expect(sent(most).length).toBeGreaterThan(0)
  expect(() => sent(most + 1)).toThrow(InvalidRequest)
})

test('is not known where a node over HTTP takes some that was not caught lying, or nobody is there', () => {
  expect(longestTransaction([])).toBeNull()
  expect(longestTransaction([source('beacon-rest')])).toBeNull()
  expect(longestTransaction([source('webrtc'), source('execution-rpc')])).toBeNull()
  expect(longestTransaction([source('webrtc'), source('execution-rpc', lie)])).not.toBeNull()
  expect(longestTransaction([source('webrtc', lie)])).toBeNull()
})
