/** Page and phone with a bridge between them that does what it likes. */
import { expect, it } from 'vitest'
import type { Http, HttpRequest } from '../../../infrastructure/ports.ts'
import { boxName, freshSecret, openAnswer, sealAnswer } from './infrastructure/mailbox-seal.ts'
import { fetchAnswer, postAnswer } from './mailbox.ts'

const ANSWER = 'GLOWWORM-PAGE-1:ANSWER'
const mailbox = () => ({ bridge: 'https://bridge.example', secret: freshSecret() })
const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 1)) }
const never = () => new AbortController().signal

/** An honest bridge, in which the test may change what lies there. */
function bridge() {
  const boxes = new Map<string, string>()
  const seen: HttpRequest[] = []
  const answer = (status: number, text = '') => ({
    status,
    header: () => null,
    bytes: new TextEncoder().encode(text),
  })
  const http: Http = async (request) => {
    seen.push(request)
    const { url, method, body } = request
    if (method === 'POST') {
      if (boxes.has(url)) return answer(409)
      boxes.set(url, String(body))
      return answer(201)
    }
    const letter = boxes.get(url)
    return letter === undefined ? answer(404) : answer(200, letter)
  }
  return { http, boxes, seen }
}

it('the answer arrives, and the bridge sees neither it nor the secret', async () => {
  const { http, seen } = bridge()
  const box = mailbox()
  const fetched = fetchAnswer(box, http, clock, never())
  await postAnswer(box, ANSWER, http)
  expect(await fetched).toBe(ANSWER)
  const hex = [...box.secret].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  for (const { url, body } of seen) {
    expect(url).toMatch(/^https:\/\/bridge\.example\/mailbox\/[0-9a-f]{32}$/)
    expect(`${url} ${body ?? ''}`).not.toContain(hex)
    expect(atob(String(body ?? ''))).not.toContain('GLOWWORM')
  }
  expect(await boxName(box.secret)).not.toBe(hex)
})

it.each([
  ['another letter in its place', async () => sealAnswer(freshSecret(), ANSWER)],
  ['a letter of an earlier pairing', async () => sealAnswer(freshSecret(), 'GLOWWORM-PAGE-1:EARLIER')],
  ['the letter with one bit changed', async (letter: string) => flipped(letter)],
  ['part of the letter', async (letter: string) => letter.slice(0, 24)],
  ['nothing', async () => ''],
  ['no base64', async () => '<html>'],
])('%s is thrown away, and said to be the bridge’s', async (_, change) => {
  const { http, boxes } = bridge()
  const box = mailbox()
  await postAnswer(box, ANSWER, http)
  for (const [url, letter] of boxes) boxes.set(url, await change(letter))
  await expect(fetchAnswer(box, http, clock, never())).rejects.toMatchObject({ code: 'BRIDGE_ANSWERS_FALSELY' })
})

it('a bridge that withholds, fails or is gone is asked until nobody waits any more', async () => {
  const waiting = new AbortController()
  let asked = 0
  const http: Http = async () => {
    asked += 1
    if (asked === 3) waiting.abort(new Error('left'))
    if (asked === 1) throw new Error('gone')
    return { status: asked === 2 ? 500 : 404, header: () => null, bytes: new Uint8Array(0) }
  }
  await expect(fetchAnswer(mailbox(), http, clock, waiting.signal)).rejects.toThrow('left')
  expect(asked).toBe(3)
})

it('a bridge that is flooded, or had the name already, is named to the phone with what to do instead', async () => {
  for (const status of [409, 429, 503, 200]) {
    const http: Http = async () => ({ status, header: () => null, bytes: new Uint8Array(0) })
    await expect(postAnswer(mailbox(), ANSWER, http)).rejects.toMatchObject({
      code: 'MAILBOX_REFUSED',
      message: expect.stringContaining('bridge.example'),
      next: expect.stringContaining('code'),
    })
  }
})

it('letters differ each time, and open with their secret alone', async () => {
  const secret = freshSecret()
  const [one, two] = [await sealAnswer(secret, ANSWER), await sealAnswer(secret, ANSWER)]
  expect(one).not.toBe(two)
  expect(await openAnswer(secret, one)).toBe(ANSWER)
  expect(await openAnswer(freshSecret(), one)).toBeNull()
  // Far within what a box takes, with the longest code there is.
  expect((await sealAnswer(secret, 'A'.repeat(700))).length).toBeLessThanOrEqual(1024)
})

function flipped(letter: string): string {
  const bytes = Uint8Array.from(atob(letter), (character) => character.charCodeAt(0))
  bytes[20]! ^= 1
  return btoa(String.fromCharCode(...bytes))
}
