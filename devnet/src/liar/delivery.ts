/** Writes an answer to the wire the way a lie wants it. @module */
import type { ServerResponse } from 'node:http'
import { type Answer, send, writeHead } from '../server/http.ts'
import type { Lie } from './lies.ts'

const FLOOD_CHUNK = 64 * 1024

export function deliver(
  response: ServerResponse,
  answer: Answer,
  lie: Lie['delivery'],
  slowMilliseconds: number,
): void {
  const body = typeof answer.body === 'string' ? new TextEncoder().encode(answer.body) : answer.body
  const delivery = lie?.(body, answer.type) ?? { way: 'whole', body }
  if (delivery.way === 'whole') send(response, { ...answer, body: delivery.body })
  if (delivery.way === 'flood') {
    writeHead(response, answer)
    response.write(delivery.body)
    flood(response, delivery.padding, delivery.bytes)
  }
  if (delivery.way === 'drip') {
    writeHead(response, answer, delivery.body.length)
    drip(response, delivery.body, slowMilliseconds)
  }
  // 'never': the asker is left waiting; the server's close ends the connection.
}

function flood(response: ServerResponse, padding: number, bytes: number): void {
  const chunk = new Uint8Array(FLOOD_CHUNK).fill(padding)
  let left = bytes
  const pump = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length
      if (response.write(chunk)) continue
      response.once('drain', pump)
      return
    }
    response.end()
  }
  pump()
}

function drip(response: ServerResponse, body: Uint8Array, milliseconds: number): void {
  let at = 0
  const timer = setInterval(() => {
    response.write(body.subarray(at, ++at))
    if (at >= body.length) response.end()
  }, milliseconds)
  response.on('close', () => clearInterval(timer))
}
