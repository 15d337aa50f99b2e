/**
 * Thousands of nodes in one process and in virtual time. Decisions are the product's: gossip validation (`joinUpdates`
 * over the real verification), gossipsub's own peer score with the product's parameters, who is shut out, and the peer
 * book that says whom to ask. Modelled are connections, latencies, the mesh, and whoever lies; docs/peer-network.md
 * says how.
 */
import type { Engines } from '@glowworm/wasm-core'
import { RejectReason } from '@libp2p/gossipsub/types'
import { type Message, type SimulatedChain, simulatedChain } from './chain.ts'
import { type Measured, measurements } from './measure.ts'
import { createPeer, type Nature, type Peer, TOPIC } from './peer.ts'
import { chance } from './random.ts'
import { type Timeline, timeline } from './timeline.ts'

export interface Scenario {
  readonly peers: number
  /** Shares of the whole. */
  readonly liars: number
  readonly slots: number
  /** Milliseconds a peer stays, on average. */
  readonly session: number
  readonly seed: number
  /** Honest peers that are introduced to colluders only, but for 0, 1 or 2 honest ones in turn. A share of the whole. */
  readonly surrounded: number
}

export const FULL: Scenario = { peers: 10_000, liars: 0.3, slots: 24, session: 600_000, seed: 1, surrounded: 0.01 }

/** Connections a node looks for, and how many it takes (gossipsub D and D_high; all of them are in the mesh). */
const WANTED = 8
const MOST = 12
/** Milliseconds. */
const VERIFY = 5
const HEARTBEAT = 1000
const TIMEOUT = 10_000
const PULL_EVERY = 3000
/** Bytes around a gossip message, of a question, of an answer with a proof. */
const FRAME = 60
const QUESTION = 250
const PROOF = 4200
/** Honest nodes that have a consensus node of their own and publish. */
const PUBLISHERS = 10
/** Share of honest peers that want a proof in a second. */
const QUESTIONS = 0.02

export async function simulate(scenario: Scenario, engines: Engines): Promise<Measured> {
  const chain = simulatedChain(engines)
  const time = timeline(chain.start)
  // gossipsub's score reads the platform's clock
  const platform = Date.now
  Date.now = () => time.now
  try {
    return await run(scenario, chain, time)
  } finally {
    Date.now = platform
  }
}

async function run(scenario: Scenario, chain: SimulatedChain, time: Timeline): Promise<Measured> {
  const luck = chance(scenario.seed)
  const measured = measurements()
  const peers: Peer[] = []
  const byName = new Map<string, Peer>()
  const slotLength = chain.secondsPerSlot * 1000
  const end = chain.start + scenario.slots * slotLength
  let counter = 0

  const join = (nature: Nature, introduce: (peer: Peer) => void): Peer => {
    const n = counter++
    const peer = createPeer({
      name: `p${n}`,
      nature,
      // honest nodes live anywhere; whoever runs many nodes runs them in few places
      origin: nature === 'honest' ? `ip4:${luck.below(4000)}` : `ip4:liars ${luck.below(40)}`,
      now: () => time.now,
      chain,
      chance: luck,
      drop: (self, name) => disconnect(self, byName.get(name)),
    })
    peers.push(peer)
    byName.set(peer.name, peer)
    introduce(peer)
    // the first question about the newest, and from then on one whenever gossip is late
    time.after(luck.between(200, 1000), () => pull(peer))
    time.after(luck.between(0, HEARTBEAT), () => heartbeat(peer))
    time.after(luck.between(0, PULL_EVERY), () => keepPulling(peer))
    return peer
  }

  const connect = (a: Peer, b: Peer): void => {
    if (a === b || a.links.has(b) || !a.online || !b.online) return
    if (a.links.size >= MOST || b.links.size >= MOST) return
    if (a.shutOut.isBarred(b.name, time.now) || b.shutOut.isBarred(a.name, time.now)) return
    const latency = luck.between(20, 150)
    for (const [one, other] of [[a, b] as const, [b, a] as const]) {
      one.links.set(other, latency)
      one.score.addPeer(other.name)
      one.score.graft(other.name, TOPIC)
    }
  }
  const disconnect = (a: Peer, b: Peer | undefined): void => {
    if (!b || !a.links.has(b)) return
    for (const [one, other] of [[a, b] as const, [b, a] as const]) {
      one.links.delete(other)
      one.score.removePeer(other.name)
    }
  }
  /** A rendezvous names peers at random; it does not know who lies. */
  const introduce = (peer: Peer) => {
    for (let i = 0; i < 40 && peer.links.size < WANTED; i++) connect(peer, luck.pick(peers))
  }
  /** A hostile one names its own, and cannot help that this many others are met elsewhere. */
  const surround = (peer: Peer, honest: number) => {
    measured.surround(peer, honest)
    for (let i = 0; i < 4000 && peer.links.size < honest; i++) {
      const other = luck.pick(peers)
      if (other.nature === 'honest' && !measured.isSurrounded(other)) connect(peer, other)
    }
    for (let i = 0; i < 4000 && peer.links.size < MOST; i++) {
      const other = luck.pick(peers)
      // of the liars these are the ones that cannot be convicted
      if (other.nature === 'replayer' || other.nature === 'silent') connect(peer, other)
    }
  }

  const heartbeat = (peer: Peer): void => {
    if (!peer.online) return
    peer.score.refreshScores()
    peer.score.deliveryRecords.gc()
    if (peer.links.size < WANTED - 2 && !measured.isSurrounded(peer)) introduce(peer)
    if (peer.nature === 'honest' && luck.next() < QUESTIONS) askForProof(peer)
    time.after(HEARTBEAT, () => heartbeat(peer))
  }

  // ── gossip ──

  const send = (from: Peer, to: Peer, message: Message): void => {
    const latency = from.links.get(to)
    if (latency === undefined) return
    from.gossipBytes += message.data.length + FRAME
    time.after(latency, () => receive(to, from, message))
  }
  const receive = (peer: Peer, from: Peer, message: Message): void => {
    if (!peer.online || peer.nature !== 'honest') return
    // gossipsub does not read on from peers below the threshold of the graylist
    if (peer.score.score(from.name) < -80) return
    if (peer.seen.has(message)) {
      peer.score.duplicateMessage(from.name, message.id, TOPIC)
      return
    }
    peer.seen.add(message)
    peer.score.validateMessage(message.id)
    peer.busyUntil = Math.max(peer.busyUntil, time.now) + VERIFY
    time.after(peer.busyUntil - time.now, () => decide(peer, from, message))
  }
  const decide = async (peer: Peer, from: Peer, message: Message): Promise<void> => {
    if (!peer.online) return
    const verdict = await peer.validate(from, message)
    measured.verdict(verdict, message)
    if (verdict === 'accept') {
      peer.score.deliverMessage(from.name, message.id, TOPIC)
      accepted(peer, message, 'gossip')
      passOn(peer, message, from)
    } else {
      const reason = verdict === 'reject' ? RejectReason.Reject : RejectReason.Ignore
      peer.score.rejectMessage(from.name, message.id, TOPIC, reason)
    }
  }
  /** To all in the mesh at once; peers whose score is negative are not in it. */
  const passOn = (peer: Peer, message: Message, except: Peer | null): void => {
    for (const other of peer.links.keys())
      if (other !== except && peer.score.score(other.name) >= 0) send(peer, other, message)
  }
  const accepted = (peer: Peer, message: Message, way: 'gossip' | 'asking'): void => {
    if (peer.newest === null || message.slot >= peer.newest.slot) peer.newest = message
    if (message.kind === 'optimistic_update') measured.delivered(peer, message, time.now - publishedAt(message), way)
  }
  const publishedAt = ({ slot }: Message) => chain.start + (slot - chain.firstSlot + 1) * slotLength

  // ── asking ──

  const candidates = (peer: Peer) =>
    [...peer.links.keys()].map((other) => ({ key: other.name, origins: [other.origin] }))
  /** Asks one after another, as the source pool does, until `judge` is content. */
  const askInTurn = (
    peer: Peer,
    how: 'best' | 'diverse',
    answer: (other: Peer) => { bytes: number } | null,
    judge: (other: Peer) => 'held' | 'useless' | 'lie',
    done: (asked: number, milliseconds: number, ok: boolean) => void,
  ): void => {
    const order = peer.book.order(candidates(peer), how, time.now)
    const started = time.now
    const next = (i: number): void => {
      const candidate = order[i]
      if (!candidate || !peer.online) {
        done(i, time.now - started, false)
        return
      }
      const other = byName.get(candidate.key)
      const latency = other && peer.links.get(other)
      if (!other || latency === undefined) {
        next(i + 1)
        return
      }
      peer.evidenceBytes += QUESTION
      const begun = time.now
      const reply = answer(other)
      time.after(reply ? latency * 2 + VERIFY : TIMEOUT, () => {
        if (!reply) {
          peer.book.note(other.name, { kind: 'failed' }, time.now)
          next(i + 1)
          return
        }
        other.evidenceBytes += reply.bytes
        const outcome = judge(other)
        if (outcome === 'held') {
          peer.book.note(other.name, { kind: 'held', milliseconds: time.now - begun }, time.now)
          if (how === 'diverse') peer.book.vouched(candidate, time.now)
          done(i + 1, time.now - started, true)
          return
        }
        if (outcome === 'useless') peer.book.note(other.name, { kind: 'useless' }, time.now)
        else {
          peer.book.ban(other.name, 'a false answer')
          peer.shutOut.bar(other.name)
          measured.convicted(peer, other)
          disconnect(peer, other)
        }
        next(i + 1)
      })
    }
    next(0)
  }
  const askForProof = (peer: Peer): void =>
    askInTurn(
      peer,
      'best',
      (other) => (other.nature === 'silent' ? null : { bytes: PROOF }),
      (other) => (other.nature === 'honest' ? 'held' : other.nature === 'forger' ? 'lie' : 'useless'),
      measured.proof,
    )
  /** Asks for the newest update; what comes back is judged as any other. */
  const pull = (peer: Peer): void => {
    if (!peer.online || peer.nature !== 'honest') return
    const said = new Map<Peer, Message | null>()
    askInTurn(
      peer,
      'diverse',
      (other) => {
        const message = answerOf(other)
        said.set(other, message)
        return other.nature === 'silent' ? null : { bytes: (message?.data.length ?? 0) + FRAME }
      },
      (other) => {
        const message = said.get(other)
        if (!message) return 'useless'
        const { verdict, anchor } = chain.judge(peer.anchor, message.kind, message.data.subarray(1), time.now)
        if (verdict === 'reject') return 'lie'
        if (verdict === 'ignore') return 'useless'
        peer.anchor = anchor
        accepted(peer, message, 'asking')
        return 'held'
      },
      () => {},
    )
  }
  const answerOf = (other: Peer): Message | null => {
    const slot = chain.firstSlot + Math.floor((time.now - chain.start) / slotLength) - 1
    if (other.nature === 'forger') return luck.pick(chain.forgeriesOf(Math.max(chain.firstSlot, slot)))
    if (other.nature === 'replayer') return chain.newsOf(chain.firstSlot)[0]!
    return other.newest
  }
  const keepPulling = (peer: Peer): void => {
    if (!peer.online || peer.nature !== 'honest') return
    const current = chain.firstSlot + Math.floor((time.now - chain.start) / slotLength) - 1
    const late = (time.now - chain.start) % slotLength > slotLength / 2
    if (chain.headSlot(peer.anchor) < (late ? current : current - 1)) pull(peer)
    time.after(PULL_EVERY, () => keepPulling(peer))
  }

  // ── the course of things ──

  const natures = (share: number): Nature => {
    if (luck.next() >= share) return 'honest'
    return luck.pick(['forger', 'silent', 'replayer'] as const)
  }
  for (let i = 0; i < scenario.peers; i++) join(natures(scenario.liars), () => {})
  for (const peer of peers) introduce(peer)
  const victims = Math.round(scenario.peers * scenario.surrounded)
  for (let i = 0; i < victims; i++) join('honest', (peer) => surround(peer, i % 3))
  const publishers = peers.filter(({ nature }) => nature === 'honest').slice(0, PUBLISHERS)

  const everySlot = (slot: number): void => {
    const news = chain.newsOf(slot)
    measured.published(
      slot,
      peers.filter((peer) => peer.online && peer.nature === 'honest' && !measured.isSurrounded(peer)),
    )
    for (const peer of publishers)
      time.after(luck.between(0, 300), () => {
        for (const message of news) {
          if (peer.seen.has(message)) continue
          peer.seen.add(message)
          peer.anchor = chain.judge(peer.anchor, message.kind, message.data.subarray(1), time.now).anchor
          accepted(peer, message, 'gossip')
          passOn(peer, message, null)
        }
      })
    const forged = chain.forgeriesOf(slot)
    const old = chain.newsOf(chain.firstSlot)
    for (const peer of peers) {
      if (!peer.online || (peer.nature !== 'forger' && peer.nature !== 'replayer')) continue
      for (const other of peer.links.keys())
        for (const message of peer.nature === 'forger' ? [luck.pick(forged), luck.pick(forged)] : old)
          send(peer, other, message)
    }
    time.after(slotLength - 1, () => measured.slotEnds(slot, peers, chain, time.now))
  }
  for (let i = 1; i <= scenario.slots - 1; i++) time.after(i * slotLength, () => everySlot(chain.firstSlot + i - 1))

  const protectedFromChurn = new Set(publishers)
  const churn = (): void => {
    const leaving = Math.round((scenario.peers * 1000) / scenario.session)
    for (let i = 0; i < leaving; i++) {
      const at = luck.below(peers.length)
      const peer = peers[at]!
      if (protectedFromChurn.has(peer) || measured.isSurrounded(peer)) continue
      peer.online = false
      for (const other of [...peer.links.keys()]) disconnect(peer, other)
      peers[at] = peers.at(-1)!
      peers.pop()
      byName.delete(peer.name)
      measured.left(peer)
      // whoever comes is as likely to lie as those who are there
      join(natures(scenario.liars), introduce)
      measured.churned()
    }
    time.after(1000, churn)
  }
  time.after(1000, churn)

  await time.run(end)
  return measured.result(peers, chain, (end - chain.start) / 1000, time.now)
}
