/**
 * What two browsers must know of each other to connect, taken out of a session description (RFC 8866, RFC 8829,
 * RFC 8839) and put back into one. Everything else in it is the same for each data-channel connection.
 * @module
 */

export interface Candidate {
  /** IPv4 or IPv6 address, or a name ending in `.local` that stands for one (mDNS). */
  readonly host: string
  /** UDP. */
  readonly port: number
  /** False: its own address. True: the one a STUN server saw. */
  readonly reflexive: boolean
}

export interface Endpoint {
  /** SHA-256 of the DTLS certificate, 32 bytes: who does not have its key cannot connect. */
  readonly fingerprint: Uint8Array
  readonly ufrag: string
  readonly pwd: string
  readonly candidates: readonly Candidate[]
}

export type Role = 'offer' | 'answer'

/** More than a device has addresses that matter. */
export const MAX_CANDIDATES = 8

/** Null when something is missing that every browser writes. Candidates over TCP or through relays are left out. */
export function readDescription(sdp: string): Endpoint | null {
  const lines = sdp.split(/\r?\n/)
  const field = (name: string) => lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3)
  const [algorithm, digest] = field('fingerprint')?.trim().split(' ') ?? []
  const ufrag = field('ice-ufrag')?.trim()
  const pwd = field('ice-pwd')?.trim()
  if (algorithm?.toLowerCase() !== 'sha-256' || !digest || !ufrag || !pwd) return null
  const fingerprint = Uint8Array.from(digest.split(':'), (pair) => Number.parseInt(pair, 16))
  if (fingerprint.length !== 32) return null
  const candidates = lines.flatMap((line) => candidateOf(line) ?? [])
  return { fingerprint, ufrag, pwd, candidates: candidates.slice(0, MAX_CANDIDATES) }
}

function candidateOf(line: string): Candidate | null {
  const found = /^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ (host|srflx)/i.exec(line)
  return found && { host: found[1]!, port: Number(found[2]), reflexive: found[3] === 'srflx' }
}

/** @throws nothing; `endpoint` was checked when its code was read */
export function writeDescription(role: Role, { fingerprint, ufrag, pwd, candidates }: Endpoint): string {
  const digest = [...fingerprint].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    ...candidates.map(candidateLine),
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:sha-256 ${digest}`,
    `a=setup:${role === 'offer' ? 'actpass' : 'active'}`,
    'a=mid:0',
    'a=sctp-port:5000',
    'a=max-message-size:262144',
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** Priorities as RFC 8445, section 5.1.2.1 recommends: 126 for own addresses, 100 for those a server saw. */
function candidateLine({ host, port, reflexive }: Candidate, i: number): string {
  const priority = (reflexive ? 100 : 126) * 2 ** 24 + (65535 - i) * 2 ** 8 + 255
  const related = reflexive ? ' raddr 0.0.0.0 rport 0' : ''
  return `a=candidate:${i + 1} 1 udp ${priority} ${host} ${port} typ ${reflexive ? 'srflx' : 'host'}${related}`
}
