/**
 * The document's end: identity itself, made with the first command. What it needs of the wallet it asks the worker for: it
 * has no keys, and proves nothing by itself.
 * @module
 */
import { type Channel, namedChannel } from '@glowworm/light-client/network/message-channel'
import { CommandFailed } from '../../errors.ts'
import { IDENTITY_COMMANDS } from '../../facade/identity-command-names.ts'
import type { Identity, IdentityAccess } from '../holder/access.ts'
import type { IdentityRecords } from '../holder/records.ts'
import { type Call, caller, serveCalls } from './calls.ts'
import {
  ACCESS_CHANNEL,
  type CarriedHistory,
  COMMANDS_CHANNEL,
  type HistoryQuestion,
  MOVED,
  type Snapshot,
} from './protocol.ts'

/** What lies in the document itself. */
export type Nearby = Pick<IdentityAccess, 'clock' | 'random' | 'aead' | 'keccak256'>
export type ReadHistory = (question: HistoryQuestion) => Promise<CarriedHistory>

/** Somebody else changes the records as well, but not all the time. */
const MOST_TRIES = 5

/** @param make called once, with the first command */
export function carryIdentity(
  channel: Channel & { onLost?(handler: () => void): () => void },
  nearby: Nearby,
  make: (access: IdentityAccess, readHistory: ReadHistory) => Promise<Identity>,
): void {
  const { call, lost } = caller(namedChannel(channel, ACCESS_CHANNEL))
  channel.onLost?.(lost)
  let made: Promise<Identity> | null = null
  const identity = () => {
    made ??= make(carriedAccess(call, nearby), (question) => call('history', question) as Promise<CarriedHistory>)
    made.catch(() => {
      made = null
    })
    return made
  }
  const commands = IDENTITY_COMMANDS.map((name) => {
    const run = async (request: never): Promise<unknown> => (await identity())[name](request)
    return [name, run] as const
  })
  serveCalls(namedChannel(channel, COMMANDS_CHANNEL), {
    ...Object.fromEntries(commands),
    async clear() {
      ;(await made)?.clear()
    },
  })
}

function carriedAccess(call: Call, nearby: Nearby): IdentityAccess {
  const ask = <T>(name: string, request: unknown = null) => call(name, request) as Promise<T>
  const snapshot = () => ask<Snapshot>('records')

  async function update(change: (records: IdentityRecords) => IdentityRecords): Promise<void> {
    for (let tries = 1; ; tries++) {
      const { revision, records } = await snapshot()
      try {
        await ask('replace', { revision, records: change(records) })
        return
      } catch (error) {
        if (!(error instanceof CommandFailed) || error.problem.code !== MOVED || tries === MOST_TRIES) throw error
      }
    }
  }

  return {
    ...nearby,
    records: async () => (await snapshot()).records,
    update,
    keys: {
      publicKeys: (places) => ask('publicKeys', places),
      sign: (place, message) => ask('sign', { place, message }),
    },
    checkPassword: (password) => ask('checkPassword', { password }),
    chain: () => ask('chain'),
    addressOf: (accountId) => ask('addressOf', accountId),
    propose: (accountId, registry, data, change) => ask('propose', { accountId, registry, data, change }),
    siteQuestion: (approvalId) => ask('siteQuestion', approvalId),
    answerSite: (approvalId, revision, answer) => ask('answerSite', { approvalId, revision, answer }),
    refuseSite: (approvalId, problem) => ask('refuseSite', { approvalId, problem }),
    freshId: () => Array.from(nearby.random.bytes(12), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  }
}
