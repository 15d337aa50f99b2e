import { describe, expect, test } from 'vitest'
import { ADDRESS, fundedWallet, PASSWORD, PHRASE, settle, testWallet, until, utf8 } from '../../test/wallet.ts'
import { type Channel, channelPair } from './channel.ts'
import type { AgreedCheckpoint, WalletFacade } from './facade.ts'
import { connectFacade, serveFacade } from './remote.ts'
import { unlessStopped } from './stopped.ts'

const STOPPED = { problem: { code: 'STOPPED' } }
const TO = `0x${'22'.repeat(20)}`

/** The façade as the interface has it: behind a channel. */
async function remote(facade: WalletFacade, flaky = (near: Channel): Channel => near): Promise<WalletFacade> {
  const [near, far] = channelPair()
  serveFacade(facade, far)
  return connectFacade(flaky(near))
}

describe('a command that is stopped', () => {
  test('stops asking operators, and the next one is asked as if nothing had been', async () => {
    const asked: (AbortSignal | undefined)[] = []
    const answer = Promise.withResolvers<AgreedCheckpoint>()
    const t = await testWallet({
      askOperators: (_, stop) => {
        asked.push(stop)
        return asked.length === 1 ? new Promise(() => {}) : answer.promise
      },
    })
    const facade = await remote(t.wallet.facade)
    const stopper = new AbortController()
    const asking = facade.askForCheckpoint({ operators: ['a', 'b'] }, stopper.signal)
    await until(() => asked.length === 1, 'the asking')
    stopper.abort()
    await expect(asking).rejects.toMatchObject(STOPPED)
    expect(asked[0]!.aborted).toBe(true)
    const agreed = { root: `0x${'11'.repeat(32)}`, time: 1, by: ['a', 'b'] } as const
    answer.resolve(agreed)
    expect(await facade.askForCheckpoint({ operators: ['a', 'b'] })).toEqual(agreed)
  })

  test('puts no transfer up for approval', async () => {
    const t = await fundedWallet()
    const facade = await remote(t.wallet.facade)
    const stopper = new AbortController()
    const preparing = facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n }, stopper.signal)
    stopper.abort()
    await expect(preparing).rejects.toMatchObject(STOPPED)
    await settle()
    expect(t.state.approvals).toEqual([])
  })

  test('imports nothing, and a signal that comes too late changes nothing', async () => {
    const t = await testWallet()
    const facade = await remote(t.wallet.facade)
    const from = () => ({ kind: 'phrase' as const, phrase: utf8(PHRASE), passphrase: new Uint8Array(0) })
    const stopped = facade.importWallet({ password: utf8(PASSWORD), from: from() }, AbortSignal.abort())
    await expect(stopped).rejects.toMatchObject(STOPPED)
    expect(t.state.phase).toBe('no-wallet')
    const stopper = new AbortController()
    await facade.importWallet({ password: utf8(PASSWORD), from: from() }, stopper.signal)
    stopper.abort()
    await settle()
    expect(facade.state).toMatchObject({ phase: 'unlocked', accounts: [{ address: ADDRESS }] })
  })

  test('is stopped too when the channel was lost meanwhile', async () => {
    let deaf = false
    let reopened = () => {}
    const asked: (AbortSignal | undefined)[] = []
    const t = await testWallet({
      askOperators: (_, stop) => {
        asked.push(stop)
        return new Promise(() => {})
      },
    })
    const facade = await remote(t.wallet.facade, (near) => ({
      send: (message) => (deaf ? undefined : near.send(message)),
      listen: near.listen,
      onReopen(handler) {
        reopened = handler
        return () => {}
      },
    }))
    const stopper = new AbortController()
    const asking = facade.askForCheckpoint({ operators: ['a', 'b'] }, stopper.signal)
    await until(() => asked.length === 1, 'the asking')
    deaf = true
    stopper.abort()
    deaf = false
    reopened()
    await expect(asking).rejects.toMatchObject(STOPPED)
    expect(asked).toHaveLength(1)
  })
})

test('what comes after nobody waits any more is given away, to be wiped', async () => {
  const work = Promise.withResolvers<Uint8Array>()
  const stopper = new AbortController()
  const waiting = unlessStopped(work.promise, stopper.signal, (bytes) => bytes.fill(0))
  stopper.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'STOPPED' })
  const secret = Uint8Array.of(1, 2, 3)
  work.resolve(secret)
  await settle()
  expect([...secret]).toEqual([0, 0, 0])
})
