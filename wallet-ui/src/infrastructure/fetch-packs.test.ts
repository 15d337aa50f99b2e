import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { fetchPacks, ListsNotFetched } from './fetch-packs.ts'

let answer: (path: string, response: ServerResponse) => void
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url!)
  answer(request.url!, response)
})
let url: string
const { signal } = new AbortController()

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => void asked.splice(0))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const files =
  (held: Record<string, string>) =>
  (path: string, response: ServerResponse): void =>
    void (held[path] === undefined ? response.writeHead(404).end() : response.end(held[path]))
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

it.each(['/lists', '/lists/', '/lists///'])('of a folder (%s), whatever kinds are there', async (path) => {
  answer = files({ '/lists/phishing.gwpack': 'one', '/lists/forks.gwpack': 'two' })
  expect((await fetchPacks(`${url}${path}`, signal)).map(text)).toEqual(['one', 'two'])
  expect(asked).toEqual(['phishing', 'tokens', 'descriptors', 'forks'].map((kind) => `/lists/${kind}.gwpack`))
})

it('of one file', async () => {
  answer = files({ '/a.gwpack': 'it' })
  expect((await fetchPacks(`${url}/a.gwpack`, signal)).map(text)).toEqual(['it'])
  expect(asked).toEqual(['/a.gwpack'])
})

it.each<[string, typeof answer, RegExp]>([
  ['nothing there', files({}), /there is no list/],
  ['a broken server', (_, response) => void response.writeHead(500).end(), /it said 500/],
  [
    'a way to another host',
    (_, response) => void response.writeHead(302, { location: '/x' }).end(),
    /cannot be reached/,
  ],
  ['no end', (_, response) => void response.end(Buffer.alloc(4 * 1024 * 1024 + 1)), /more than 4194304 bytes/],
  [
    'a connection cut',
    (_, response) => void response.write('x', () => setTimeout(() => response.destroy(), 50)),
    /cannot be/,
  ],
])('%s is said', async (_, wrong, said) => {
  answer = wrong
  const failed = await fetchPacks(`${url}/a.gwpack`, signal).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(ListsNotFetched)
  expect((failed as ListsNotFetched).problem).toMatchObject({ code: 'LISTS_NOT_FETCHED', kind: 'unreachable' })
  expect((failed as ListsNotFetched).message).toMatch(said)
  expect(asked).not.toContain('/x')
})

it('can be stopped', async () => {
  answer = () => {}
  const stop = new AbortController()
  const fetching = fetchPacks(`${url}/a.gwpack`, stop.signal)
  stop.abort(new Error('left'))
  await expect(fetching).rejects.toThrow('left')
})
