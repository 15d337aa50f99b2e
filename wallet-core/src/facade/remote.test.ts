import { describe, expect, test } from 'vitest'
import { ADDRESS, CHOICES, fundedWallet, PASSWORD, settle, testWallet, until, utf8 } from '../../test/wallet.ts'
import { type Channel, channelPair } from './channel.ts'
import { connectFacade, serveFacade } from './remote.ts'

describe('the façade over a channel', () => {
  test('does what the façade itself does', async () => {
    const t = await testWallet()
    const [near, far] = channelPair()
    serveFacade(t.wallet.facade, far)
    const facade = await connectFacade(near)
    expect(facade.state.phase).toBe('no-wallet')
    const seen: string[] = []
    const stop = facade.subscribe((state) => seen.push(state.phase))
    const { phrase } = await facade.create({ password: utf8(PASSWORD), words: 24 })
    expect(new TextDecoder().decode(phrase).split(' ')).toHaveLength(24)
    expect(facade.state.phase).toBe('unlocked')
    expect(seen).toContain('unlocked')
    stop()
    await facade.chooseSources({ choices: CHOICES, checkpoint: null })
    await until(() => facade.state.accounts[0]?.balance.kind === 'proven', 'the balance')
    expect(facade.state).toEqual(t.state)
    expect(facade.state.accounts[0]!.balance).toMatchObject({ value: 0n, height: 10n })
    await expect(facade.unlock({ password: utf8('not this one') })).rejects.toMatchObject({
      problem: { code: 'WRONG_PASSWORD', kind: 'usage', next: expect.any(String) },
    })
    expect(await facade.refresh()).toBeUndefined()
  })

  test('a request sent again after a reconnection is carried out once', async () => {
    const t = await fundedWallet()
    const [near, far] = channelPair()
    let deaf = false
    let reopened = () => {}
    const flaky: Channel = {
      send: near.send,
      listen: (handler) => near.listen((message) => (deaf ? undefined : handler(message))),
      onReopen(handler) {
        reopened = handler
        return () => {}
      },
    }
    const stop = serveFacade(t.wallet.facade, far)
    const facade = await connectFacade(flaky)
    deaf = true
    const adding = facade.addAccount({ name: 'Second' })
    await until(() => t.state.accounts.length === 2, 'the account')
    await settle()
    stop()
    serveFacade(t.wallet.facade, far)
    deaf = false
    reopened()
    await adding
    expect(facade.state.accounts).toHaveLength(2)
    expect(facade.state.accounts[0]!.address).toBe(ADDRESS)
  })

  test('what is not a command is not answered', async () => {
    const t = await testWallet()
    const [near, far] = channelPair()
    serveFacade(t.wallet.facade, far)
    const heard: unknown[] = []
    near.listen((message) => heard.push(message))
    const base = { protocol: 'glowworm.facade.1', type: 'call', client: 'c', id: 1 }
    for (const command of ['subscribe', 'state', 'constructor', '__proto__', 7]) near.send({ ...base, command })
    near.send({ ...base, protocol: 'another', command: 'lock' })
    near.send('lock')
    near.send(null)
    await settle()
    expect(heard).toEqual([])
    near.send({ ...base, command: 'create', request: null })
    await until(() => heard.length > 1, 'an answer')
    expect(heard.at(-1)).toMatchObject({ ok: false, problem: { code: 'UNEXPECTED' } })
    expect(t.state.phase).toBe('no-wallet')
  })
})
