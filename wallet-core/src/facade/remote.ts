/**
 * The façade over a channel. Requests carry ids that are unique over all clients, so that a request sent again after a
 * reconnection is answered, not carried out, a second time.
 *
 * Client: `hello`, then `call` with client, id, command, request, and perhaps `stop` with client and id. Core: `state` after a hello and at each change,
 * `answer` with client, id, and a value or a problem.
 * @module
 */
import type { Random } from '@glowworm/light-client'
import { hex } from '@scure/base'
import { CommandFailed, problemOf, WalletError } from '../errors.ts'
import { webRandom } from '../infrastructure/web-crypto.ts'
import type { Channel } from './channel.ts'
import type { Problem, WalletFacade, WalletState } from './facade.ts'
import { notify } from './publisher.ts'
import type { Stop } from './stopped.ts'
import { type BytesCross, fromWire, toWire, type Wire } from './wire.ts'

type Commands = Omit<WalletFacade, 'state' | 'subscribe'>

/**
 * Every command, and whether its answer is a secret that must not be kept for repetition; or one that is moreover in a
 * buffer made for the caller alone, which is wiped once it was sent.
 */
const COMMANDS: Readonly<Record<keyof Commands, 'plain' | 'secret' | 'lent'>> = {
  create: 'lent',
  checkImport: 'plain',
  importWallet: 'plain',
  importMore: 'plain',
  unlock: 'plain',
  unlockWithPasskey: 'plain',
  recover: 'plain',
  lock: 'plain',
  changePassword: 'plain',
  revealPhrase: 'lent',
  confirmBackup: 'plain',
  makeBackup: 'secret',
  checkBackup: 'plain',
  restoreBackup: 'plain',
  makeRecoveryFile: 'lent',
  addPasskey: 'plain',
  removeUnlockMethod: 'plain',
  putVaultBack: 'plain',
  erase: 'plain',
  chooseSources: 'plain',
  askForCheckpoint: 'plain',
  goOnFromOld: 'plain',
  addAccount: 'plain',
  renameAccount: 'plain',
  hideAccount: 'plain',
  discoverAccounts: 'plain',
  watchAddress: 'plain',
  ledgerKeysRequest: 'plain',
  readDeviceKeys: 'plain',
  addDeviceAccount: 'plain',
  select: 'plain',
  lookUpName: 'plain',
  prepareSend: 'plain',
  lookAtAsset: 'plain',
  addAsset: 'plain',
  showAsset: 'plain',
  prepareAssetSend: 'plain',
  searchHistory: 'plain',
  stopSearch: 'plain',
  allTransfers: 'plain',
  checkPermissions: 'plain',
  prepareRevokes: 'plain',
  exportReceipt: 'plain',
  exportLog: 'plain',
  compareLog: 'plain',
  installPack: 'plain',
  prepareReplacement: 'plain',
  feeOptions: 'plain',
  setFees: 'plain',
  deviceRequest: 'plain',
  checkSignature: 'plain',
  approve: 'plain',
  reject: 'plain',
  resend: 'plain',
  requestFaucet: 'plain',
  disconnectSite: 'plain',
  setSiteRule: 'plain',
  addContact: 'plain',
  renameContact: 'plain',
  removeContact: 'plain',
  lookAtRecipient: 'plain',
  setSpendingLimits: 'plain',
  setAutoLock: 'plain',
  pairOffer: 'plain',
  pairAnswer: 'plain',
  pairAccept: 'plain',
  pairConnected: 'plain',
  pairCancel: 'plain',
  phoneAnswer: 'plain',
  phonePost: 'plain',
  phoneConnected: 'plain',
  phoneCancel: 'plain',
  endPhoneSession: 'plain',
  phoneSignerOffer: 'plain',
  phoneSignerAccept: 'plain',
  phoneSignerCancel: 'plain',
  askPhone: 'plain',
  setPadding: 'plain',
  refresh: 'plain',
  readExchange: 'plain',
  readSiteQuestion: 'plain',
  acceptOffer: 'plain',
  resumeOffer: 'plain',
  present: 'plain',
  dropExchange: 'plain',
  credential: 'secret',
  checkCredential: 'plain',
  addCredential: 'plain',
  removeCredential: 'plain',
  removePresentations: 'plain',
  exportIdentity: 'secret',
  eraseIdentity: 'plain',
  createDid: 'plain',
  removeDid: 'plain',
  resolveDid: 'plain',
  prepareDidChange: 'plain',
}

const PROTOCOL = 'glowworm.facade.1'
const MOST_REMEMBERED = 256

type Outcome = { readonly ok: true; readonly value: Wire } | { readonly ok: false; readonly problem: Problem }

/** Answers given, by façade, so that they outlive the channel they were first given on. */
const given = new WeakMap<WalletFacade, Map<string, Promise<Outcome>>>()
/** What stops a command that is being carried out. */
const underWay = new WeakMap<WalletFacade, Map<string, AbortController>>()

/** Serves the façade to the far end. Returns the function that stops it. */
export function serveFacade(facade: WalletFacade, channel: Channel): () => void {
  const answers = given.get(facade) ?? new Map<string, Promise<Outcome>>()
  given.set(facade, answers)
  const running = underWay.get(facade) ?? new Map<string, AbortController>()
  underWay.set(facade, running)
  const bytes = bytesOn(channel)
  const sendState = (state: WalletState) =>
    channel.send({ protocol: PROTOCOL, type: 'state', state: toWire(state, bytes) })

  async function carryOut(command: keyof Commands, request: Wire, stop: AbortSignal): Promise<Outcome> {
    try {
      const run = facade[command] as (request: unknown, stop: AbortSignal) => Promise<unknown>
      const answer = (await run(fromWire(request), stop)) ?? null
      const value = toWire(answer, bytes)
      if (COMMANDS[command] === 'lent' && bytes === 'as-text') wipeBytes(answer)
      return { ok: true, value }
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
  }

  function answerTo(key: string, command: keyof Commands, request: Wire): Promise<Outcome> {
    const known = answers.get(key)
    if (known) return known
    const stopper = new AbortController()
    const fresh = carryOut(command, request, stopper.signal).finally(() => running.delete(key))
    running.set(key, stopper)
    answers.set(key, fresh)
    if (answers.size > MOST_REMEMBERED) answers.delete(answers.keys().next().value!)
    if (COMMANDS[command] !== 'plain') void fresh.then(() => answers.delete(key))
    return fresh
  }

  const stopListening = channel.listen((message) => {
    const { type, client, id, command, request } = fieldsOf(message)
    if (type === 'hello') return sendState(facade.state)
    if (type === 'stop') return running.get(`${client} ${id}`)?.abort()
    if (type !== 'call' || typeof client !== 'string' || typeof id !== 'number' || !isCommand(command)) return
    void answerTo(`${client} ${id}`, command, (request ?? null) as Wire).then((outcome) => {
      // The state the command led to goes first, so that nobody acts on an answer with an old state.
      sendState(facade.state)
      channel.send({ protocol: PROTOCOL, type: 'answer', client, id, ...outcome })
      if (COMMANDS[command] === 'lent' && outcome.ok) wipeBytes(outcome.value)
    })
  })
  const unsubscribe = facade.subscribe(sendState)
  return () => {
    stopListening()
    unsubscribe()
  }
}

/** The façade at the far end of the channel. Resolves once its state has arrived. */
export function connectFacade(channel: Channel, random: Random = webRandom): Promise<WalletFacade> {
  const client = hex.encode(random.bytes(16))
  const bytes = bytesOn(channel)
  const listeners = new Set<(state: WalletState) => void>()
  const open = new Map<number, { message: unknown; stop: Stop; settle: (outcome: Outcome) => void }>()
  const first = Promise.withResolvers<WalletFacade>()
  let state: WalletState | null = null
  let count = 0

  const hello = () => channel.send({ protocol: PROTOCOL, type: 'hello', client })

  const sendStop = (id: number) => channel.send({ protocol: PROTOCOL, type: 'stop', client, id })

  function call(command: keyof Commands, request: unknown, stop: Stop): Promise<unknown> {
    const id = ++count
    return new Promise((resolve, reject) => {
      const message = { protocol: PROTOCOL, type: 'call', client, id, command, request: toWire(request ?? null, bytes) }
      const settle = (outcome: Outcome) =>
        outcome.ok ? resolve(fromWire(outcome.value) ?? undefined) : reject(new CommandFailed(outcome.problem))
      open.set(id, { message, stop, settle })
      channel.send(message)
      if (stop?.aborted) sendStop(id)
      stop?.addEventListener('abort', () => open.has(id) && sendStop(id), { once: true })
    })
  }

  const commands = Object.fromEntries(
    Object.keys(COMMANDS).map((name) => [
      name,
      (request: unknown, stop: Stop) => call(name as keyof Commands, request, stop),
    ]),
  ) as unknown as Commands
  const facade: WalletFacade = {
    ...commands,
    get state() {
      if (state === null) throw new NoStateYet()
      return state
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }

  channel.listen((message) => {
    const fields = fieldsOf(message)
    if (fields.type === 'state') {
      state = fromWire(fields.state) as WalletState
      first.resolve(facade)
      for (const listener of [...listeners]) notify(listener, state)
    } else if (fields.type === 'answer' && fields.client === client && typeof fields.id === 'number') {
      const request = open.get(fields.id)
      open.delete(fields.id)
      request?.settle(fields as unknown as Outcome)
    }
  })
  channel.onReopen?.(() => {
    hello()
    for (const [id, { message, stop }] of open) {
      channel.send(message)
      if (stop?.aborted) sendStop(id)
    }
  })
  hello()
  return first.promise
}

const bytesOn = (channel: Channel): BytesCross => (channel.copiesBytes ? 'as-bytes' : 'as-text')

/** Of an answer that was copied. The text of those that cross as JSON nobody can wipe: it is left to the collector. */
function wipeBytes(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0)
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(wipeBytes)
}

function isCommand(name: unknown): name is keyof Commands {
  return typeof name === 'string' && Object.hasOwn(COMMANDS, name)
}

function fieldsOf(message: unknown): Record<string, unknown> {
  const fields = typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {}
  return fields.protocol === PROTOCOL ? fields : {}
}

export class NoStateYet extends WalletError {
  constructor() {
    super(
      { name: 'Facade.NoStateYet', code: 'NO_STATE_YET', kind: 'usage' },
      'The state of the wallet has not arrived yet: wait for `connectFacade` to resolve.',
    )
  }
}
