import { afterEach, expect, it } from 'vitest'
import { startWebServer, type WebServer } from '../../infrastructure/web-server.ts'
import { THIS_DEVICE } from '../../network/peer-book/origins.ts'
import { mailboxService, startMailboxes } from './mailbox-server.ts'
import { createMailboxes, LETTER_LIVES } from './mailboxes.ts'

const BOX = 'a'.repeat(32)
const ORIGIN = { origin: 'https://dapp.example' }
let server: WebServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

const at = (box = BOX) => `http://127.0.0.1:${server!.port}/mailbox/${box}`
const post = (body: string, headers: Record<string, string> = ORIGIN, box = BOX) =>
  fetch(at(box), { method: 'POST', headers: { 'content-type': 'text/plain', ...headers }, body })

it('a letter is written once and read once, by any page', async () => {
  server = await startMailboxes('127.0.0.1', 0)
  expect((await fetch(at(), { headers: ORIGIN })).status).toBe(404)
  const written = await post('QUJD')
  expect(written.status).toBe(201)
  expect(written.headers.get('access-control-allow-origin')).toBe(ORIGIN.origin)
  expect((await post('REVG')).status).toBe(409)
  const read = await fetch(at(), { headers: { origin: 'http://127.0.0.1:8080' } })
  expect([read.status, await read.text()]).toEqual([200, 'QUJD'])
  expect(read.headers.get('cache-control')).toBe('no-store')
  expect((await fetch(at(), { headers: ORIGIN })).status).toBe(404)
  // Whoever reads first does not get to answer in the phone's place.
  expect((await post('REVG')).status).toBe(409)
})

it('what is too long, no base64, of no page, or elsewhere is refused', async () => {
  server = await startMailboxes('127.0.0.1', 0)
  const answers = await Promise.all([
    post('A'.repeat(1025)),
    post('<script>'),
    post('QUJD', {}),
    post('QUJD', { origin: 'null' }),
    post('QUJD', { origin: 'http://dapp.example' }),
    post('QUJD', ORIGIN, 'b'.repeat(31)),
    post('QUJD', ORIGIN, `${'b'.repeat(32)}/x`),
    fetch(at(), { method: 'DELETE', headers: ORIGIN }),
    fetch(at(), { method: 'OPTIONS', headers: ORIGIN }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([413, 400, 403, 403, 403, 404, 404, 405, 405])
  expect((await fetch(at(), { headers: ORIGIN })).status).toBe(404)
})

it('letters end after two minutes, and their names with them', () => {
  let now = 0
  const mailboxes = createMailboxes({ now: () => now })
  expect(mailboxes.put(BOX, 'QUJD', 'ip4:192.0.2.0/24')).toBe('taken')
  now = LETTER_LIVES - 1
  expect(mailboxes.put(BOX, 'REVG', 'ip4:192.0.2.0/24')).toBe('occupied')
  now = LETTER_LIVES
  expect(mailboxes.take(BOX)).toBeNull()
  expect(mailboxes.put(BOX, 'REVG', 'ip4:192.0.2.0/24')).toBe('taken')
})

it('who floods fills neither the memory nor the boxes of others', () => {
  let now = 0
  const mailboxes = createMailboxes({ now: () => now })
  const box = (i: number) => i.toString(16).padStart(32, '0')
  const flooded = Array.from({ length: 100 }, (_, i) => mailboxes.put(box(i), 'QUJD', 'ip4:192.0.2.0/24'))
  expect(flooded.filter((delivery) => delivery === 'taken')).toHaveLength(16)
  expect(mailboxes.put(box(1000), 'QUJD', 'ip4:198.51.100.0/24')).toBe('taken')
  const many = Array.from({ length: 10_000 }, (_, i) => mailboxes.put(box(2000 + i), 'QUJD', THIS_DEVICE))
  expect(many.filter((delivery) => delivery === 'taken').length).toBeLessThan(4096)
  expect(many.at(-1)).toBe('full')

  const visits = Array.from({ length: 300 }, () => mailboxes.admit('ip4:192.0.2.0/24'))
  expect(visits.filter(Boolean)).toHaveLength(240)
  expect(mailboxes.admit('ip4:198.51.100.0/24')).toBe(true)
  now = 60_000
  expect(mailboxes.admit('ip4:192.0.2.0/24')).toBe(true)
})

it('a visitor who comes too often hears so, with leave to read it', async () => {
  const full = { ...createMailboxes({ now: () => 0 }), admit: () => false }
  server = await startWebServer(
    mailboxService(full),
    0,
    { bodyBytes: 1024, connections: 4, unsentBytes: 0, unanswered: 1 },
    '127.0.0.1',
  )
  const answer = await fetch(at(), { headers: ORIGIN })
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([429, ORIGIN.origin])
})
