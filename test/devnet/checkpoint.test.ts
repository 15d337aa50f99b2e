/** Checkpoints agreed among operators, as a user asks for them, against a live devnet and an operator who lies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../run-cli.ts'

type Lie = 'none' | 'other-block' | 'not-final' | 'unknown' | 'garbage'

describe('glowworm checkpoint', () => {
  let devnet: Devnet
  let folder: string
  let second: Server
  let secondUrl: string
  let lie: Lie = 'none'
  let asked = 0
  beforeAll(async () => {
    devnet = await startDevnet({ secondsPerSlot: 1 })
    folder = mkdtempSync(join(tmpdir(), 'glowworm-checkpoint-'))
    writeFileSync(join(folder, 'profile.json'), JSON.stringify({ ...devnet.profile, checkpoint: undefined }))
    // A second operator with the same chain, until it is told to lie.
    second = createServer(async (request, response) => {
      asked++
      const upstream = await fetch(`${devnet.beaconUrl}${request.url}`)
      let body = await upstream.text()
      let status = upstream.status
      if (request.url?.includes('/headers/')) {
        if (lie === 'unknown' && !request.url.endsWith('finalized')) status = 404
        if (lie === 'garbage') body = '{"data":{"header":{"message":{"slot":"x"}}}}'
        if (lie === 'not-final') body = body.replace('"finalized":true', '"finalized":false')
        if (lie === 'other-block') body = body.replace(/"proposer_index":"(\d+)"/, '"proposer_index":"99"')
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
    await new Promise<void>((resolve) => second.listen(0, '127.0.0.1', resolve))
    secondUrl = `http://127.0.0.1:${(second.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    second?.close()
    await devnet?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli([...args, '--network', join(folder, 'profile.json'), '--json'])
    return { code, stderr, value: JSON.parse(stdout || 'null') }
  }
  const operators = () => ['--checkpoint-from', devnet.beaconUrl, '--checkpoint-from', secondUrl]

  it('gives the block that both call final, and a sync starts from it', async () => {
    lie = 'none'
    const { code, value } = await run('checkpoint', ...operators())
    expect(code).toBe(0)
    expect(value.agreedBy).toEqual([devnet.beaconUrl, secondUrl])
    const synced = await run('sync', '--once', '--checkpoint', value.checkpoint, '--beacon', devnet.beaconUrl)
    expect(synced.code).toBe(0)
    expect(synced.value.finalized.slot).toBeGreaterThanOrEqual(value.slot)
  })

  it.each([
    ['other-block', 'CHECKPOINT_DISAGREEMENT', 3],
    ['not-final', 'CHECKPOINT_DISAGREEMENT', 3],
    ['unknown', 'CHECKPOINT_DISAGREEMENT', 3],
    ['garbage', 'MALFORMED_ANSWER', 4],
  ] as const)('stops when an operator answers with %s, and says who said what', async (wrong, error, exit) => {
    lie = wrong
    const { code, value } = await run('sync', '--once', ...operators(), '--beacon', devnet.beaconUrl)
    expect(value.error.code).toBe(error)
    expect(code).toBe(exit)
    expect(value.error.message).toContain(secondUrl)
  })

  it('keeps what was agreed and does not ask again until told to', async () => {
    lie = 'none'
    const data = ['--data', join(folder, 'data')]
    const first = await run('sync', '--once', ...operators(), ...data, '--beacon', devnet.beaconUrl)
    expect(first.code).toBe(0)
    asked = 0
    lie = 'other-block'
    const again = await run('sync', '--once', ...operators(), ...data, '--beacon', devnet.beaconUrl)
    expect(again.code).toBe(0)
    expect(again.value.checkpoint).toBe(first.value.checkpoint)
    expect(asked).toBe(0)
    expect((await run('checkpoint', ...operators(), ...data)).code).toBe(3)
    expect(asked).toBeGreaterThan(0)
  })

  it('refuses one operator, or two names of one, or a root besides', async () => {
    lie = 'none'
    expect((await run('checkpoint', '--checkpoint-from', devnet.beaconUrl)).code).toBe(2)
    expect((await run('checkpoint')).code).toBe(2)
    const twice = await run(
      'checkpoint',
      '--checkpoint-from',
      'https://a.node.test',
      '--checkpoint-from',
      'https://b.node.test',
    )
    expect(twice.code).toBe(2)
    const both = await run('sync', '--once', ...operators(), '--checkpoint', `0x${'11'.repeat(32)}`)
    expect(both.code).toBe(2)
  })

  it('says what a longer age risks', async () => {
    const root = devnet.checkpoint
    const { code, stderr } = await run('sync', '--once', '--checkpoint', root, '--max-checkpoint-age', '400')
    expect(code).toBe(0)
    expect(stderr).toContain('can sign a false history')
  })
})
