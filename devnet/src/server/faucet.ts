/** POST /faucet {"address"} → {"hash"}: a little of the worthless coin. @module */
import type { ExecutionChain } from '../execution/execution-chain.ts'
import { type Answer, json, type Question } from './http.ts'

/** Wei per request. */
export const FAUCET_AMOUNT = 10n ** 18n
const REQUESTS_PER_MINUTE = 60
const MAX_BODY_BYTES = 1024

/** Answers requests to the faucet; it remembers when it paid, to keep a page in a loop from emptying it. */
export function createFaucet(execution: ExecutionChain): (question: Question) => Promise<Answer> {
  const paidAt: number[] = []
  return async ({ method, url, body }) => {
    if (url.pathname !== '/faucet') return json(404, { code: 404, message: `Nothing is served at ${url.pathname}` })
    if (method !== 'POST') return json(405, { code: 405, message: 'The faucet is asked with POST' })
    const address = Buffer.byteLength(body) <= MAX_BODY_BYTES ? addressIn(body) : undefined
    if (!address) return json(400, { code: 400, message: 'Expected {"address": "0x" and 40 hex digits}' })
    const now = Date.now()
    while (paidAt[0] !== undefined && paidAt[0] < now - 60_000) paidAt.shift()
    if (paidAt.length >= REQUESTS_PER_MINUTE)
      return json(429, { code: 429, message: `The faucet pays ${REQUESTS_PER_MINUTE} times a minute; try again later` })
    paidAt.push(now)
    const hash = await execution.send({ to: address, value: `0x${FAUCET_AMOUNT.toString(16)}` })
    return json(200, { hash })
  }
}

function addressIn(body: string): string | undefined {
  try {
    const { address } = JSON.parse(body) as { address?: unknown }
    return typeof address === 'string' && /^0x[0-9a-fA-F]{40}$/.test(address) ? address : undefined
  } catch {
    return undefined
  }
}
