import { createServer } from 'node:net'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { expect, it } from 'vitest'
import { listenFailure } from './listen-failure.ts'

it('says in one line that a port is in use', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  const port = typeof address === 'object' ? address?.port : 0
  try {
    const failure = await createLibp2p({
      addresses: { listen: [`/ip4/127.0.0.1/tcp/${port}`] },
      transports: [tcp()],
    }).catch(listenFailure)
    expect(failure).toBe('it is in use already (EADDRINUSE)')
  } finally {
    taken.close()
  }
})

it('takes the first reason of any other kind, without its trace', () => {
  expect(listenFailure(new Error('Some failed:\n\n  /ip4/…: Error: listen EIO: broken\n   at x'))).toBe(
    'listen EIO: broken',
  )
  expect(listenFailure(new Error('one line\nanother'))).toBe('one line')
})
