/** Askers that take their time, or everybody's. */
import { afterEach, expect, it } from 'vitest'
import { platformClock } from '../../infrastructure/clock.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import { startNode, type TestNode, until } from '../libp2p/test-nodes.ts'
import { answerMethods } from './answer-methods.ts'
import { LIGHT_CLIENT_METHODS } from './methods.ts'
import { requestChunks } from './request-chunks.ts'
import { encodePayload } from './ssz-snappy.ts'
import { hashes, madeEvidence, PROFILE } from './test-consensus.ts'

const nodes: TestNode[] = []
afterEach(async () => {
  for (const { node } of nodes.splice(0)) await node.stop()
})

/** A node that answers with short patience, and a connection to it. */
async function meet(verified: EvidenceSource = madeEvidence()) {
  const server = await startNode(['/ip4/127.0.0.1/tcp/0'])
  const asker = await startNode()
  nodes.push(server, asker)
  const stop = await answerMethods(server.node, {
    profile: PROFILE,
    hashes,
    clock: platformClock,
    verified,
    times: { request: 300, answer: 300 },
    onStatus: () => {},
    onGoodbye: () => {},
    onGreed: () => {},
  })
  const connection = await asker.node.dial(server.node.getMultiaddrs())
  const bootstrap = () =>
    requestChunks(
      connection,
      {
        protocols: [LIGHT_CLIENT_METHODS.bootstrap],
        maxChunks: 1,
        spoken: () => ({
          content: new Uint8Array(32).fill(0x11),
          contextBytes: 4,
          boundsOf: () => ({ min: 0, max: 5000 }),
        }),
      },
      new AbortController().signal,
      platformClock,
    )
  return { connection, bootstrap, stop }
}

it('a request that drips is refused or reset, and others do not notice', async () => {
  const { connection, bootstrap } = await meet()
  const stream = await connection.newStream(LIGHT_CLIENT_METHODS.bootstrap)
  const answered: number[] = []
  stream.addEventListener('message', ({ data }) => answered.push(data.subarray()[0]!))
  const request = encodePayload(new Uint8Array(32))
  for (const byte of request) {
    if (stream.status !== 'open' || answered.length > 0) break
    stream.send(Uint8Array.of(byte))
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  await until(() => answered.length > 0 || stream.status !== 'open')
  expect(answered).not.toContain(0)
  expect((await bootstrap()).chunks[0]).toMatchObject({ result: 'success' })
})

it('a source that never answers costs the asker its stream, and nothing more', async () => {
  const silent: EvidenceSource = { ...madeEvidence(), request: () => new Promise(() => {}) }
  const { bootstrap, stop } = await meet(silent)
  await expect(bootstrap()).rejects.toThrow()
  await stop()
})

it('inner failures are not spelt out', async () => {
  const failing: EvidenceSource = {
    ...madeEvidence(),
    request: async () => {
      throw new Error('secret of the house')
    },
  }
  const { bootstrap } = await meet(failing)
  expect((await bootstrap()).chunks).toEqual([{ result: 'error', code: 2, message: '' }])
})
