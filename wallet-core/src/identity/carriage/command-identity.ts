/**
 * The worker's end, where modules cannot be loaded later: identity lives in a document, and keys, the vault and proofs do
 * not leave the worker. What crosses is what people are shown, credentials, and signatures over bytes that the document
 * made; and histories of did:ethr that were proven here.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { registryHistory } from '@glowworm/light-client/application/did-registry'
import { namedChannel } from '@glowworm/light-client/network/message-channel'
import { WalletError } from '../../errors.ts'
import type { Channel } from '../../facade/channel.ts'
import type { Problem } from '../../facade/facade.ts'
import type { IdentityCommands } from '../../facade/identity.ts'
import { IDENTITY_COMMANDS } from '../../facade/identity-command-names.ts'
import type { LoadIdentity, VpToken } from '../holder/access.ts'
import type { KeyPlace } from '../holder/records.ts'
import { caller, type Handlers, serveCalls } from './calls.ts'
import {
  ACCESS_CHANNEL,
  type CarriedHistory,
  COMMANDS_CHANNEL,
  type HistoryQuestion,
  MOVED,
  type Snapshot,
} from './protocol.ts'

/** Proving a history is given up after so many ms. */
const PATIENCE = 60_000

/** @param channel to the document that runs `carryIdentity` */
export function commandIdentity(channel: Channel & { onReopen?(handler: () => void): () => void }): LoadIdentity {
  return async (access) => {
    const { call, lost } = caller(namedChannel(channel, COMMANDS_CHANNEL))
    channel.onReopen?.(lost)
    let [birth, changes] = [access.freshId(), 0]
    const revision = () => `${birth} ${changes}`

    const handlers = {
      records: async (): Promise<Snapshot> => ({ revision: revision(), records: await access.records() }),
      replace({ revision: read, records }: Snapshot) {
        return access.update(() => {
          if (read !== revision()) throw new IdentityMoved()
          changes++
          return records
        })
      },
      publicKeys: (places: readonly KeyPlace[]) => access.keys.publicKeys(places),
      sign: ({ place, message }: { place: KeyPlace; message: Uint8Array }) => access.keys.sign(place, message),
      checkPassword: ({ password }: { password: Uint8Array }) => access.checkPassword(password),
      chain: () => access.chain(),
      addressOf: (accountId: string) => access.addressOf(accountId),
      propose: ({ accountId, registry, data, change }: ToPropose) => access.propose(accountId, registry, data, change),
      siteQuestion: (approvalId: string) => access.siteQuestion(approvalId),
      answerSite: ({ approvalId, revision: shown, answer }: ToAnswer) => access.answerSite(approvalId, shown, answer),
      refuseSite: ({ approvalId, problem }: { approvalId: string; problem: Problem }) =>
        access.refuseSite(approvalId, problem),
      async history(question: HistoryQuestion): Promise<CarriedHistory> {
        const signal = AbortSignal.timeout(PATIENCE)
        const now = () => access.clock.now()
        const { value, anchor, finality, checkedAt } = await registryHistory(access.client().chain, {
          ...{ ...question, signal, now },
        })
        const block = { height: anchor.height, hash: anchor.hash as Hex, time: anchor.time, checkedAt }
        return { history: value, proof: { ...block, final: finality.level === 'final', words: finality.words } }
      },
    } satisfies Handlers
    serveCalls(namedChannel(channel, ACCESS_CHANNEL), handlers)

    const commands = IDENTITY_COMMANDS.map((name) => [name, (request: unknown) => call(name, request)] as const)
    return {
      ...(Object.fromEntries(commands) as unknown as IdentityCommands),
      clear() {
        birth = access.freshId()
        // A document that is not there has nothing to forget.
        void call('clear', null).catch(() => undefined)
      },
    }
  }
}

type ToPropose = Record<'accountId', string> & {
  readonly registry: Hex
  readonly data: Hex
  readonly change: Parameters<Parameters<LoadIdentity>[0]['propose']>[3]
}
interface ToAnswer {
  readonly approvalId: string
  readonly revision: number
  readonly answer: VpToken
}

class IdentityMoved extends WalletError {
  constructor() {
    super(
      { name: 'Identity.Moved', code: MOVED, kind: 'refused' },
      'What the wallet keeps about identity changed meanwhile.',
      { next: 'Try again.' },
    )
  }
}
