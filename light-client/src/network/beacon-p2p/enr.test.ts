import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../data/hex.ts'
import { readConsensusAddresses } from './consensus-address.ts'
import { parseEnr } from './enr.ts'

/** The example of EIP-778: UDP only. */
const EXAMPLE =
  'enr:-IS4QHCYrYZbAKWCBRlAy5zzaDZXJBGkcnh4MHcBFZntXNFrdvJjX04jRzjzCBOonrkTfj499SZuOh8R33Ls8RRcy5wBgmlkgnY0gmlwhH8AAAGJc2VjcDI1NmsxoQPKY0yuDUmstAHYpMa2_oxVtw0RW_QAdpzBQA8yWM0xOIN1ZHCCdl8'
/** Of a real consensus node (Lodestar) on a loopback address. */
const LODESTAR =
  'enr:-Ly4QFekUNWhsq1dtxwdw-J9N4MemQxyNyKsaG4oKG5k_laIFxd0uo489uI0njmobZ90tLGbB1DqvzgflW-QKyetmfMJh2F0dG5ldHOI__________-EZXRoMpA7tJF_AwAAAf__________gmlkgnY0gmlwhH8AAAGJc2VjcDI1NmsxoQJ9fj-AmVmkrIlt8rtozwRJNRQ4RXWfsc_miQ5v8VB_X4hzeW5jbmV0cw-DdGNwgrWdg3VkcIK1nQ'
const LODESTAR_ID = '16Uiu2HAm3sYbZMgdbZ7RBPSFShCHxKunj3PAq3DN3wC9WHJmTsQr'

describe('node records', () => {
  it('give key and TCP endpoints, if the signature holds', () => {
    const example = parseEnr(EXAMPLE)
    expect(toHex(example.publicKey)).toBe('0x03ca634cae0d49acb401d8a4c6b6fe8c55b70d115bf400769cc1400f3258cd3138')
    expect(example.endpoints).toEqual([])
    expect(parseEnr(LODESTAR).endpoints).toEqual([{ family: 4, ip: '127.0.0.1', tcp: 46493 }])
  })

  it('are refused when any character is changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: LODESTAR.length - 2 }),
        fc.constantFrom('A', 'z', '_', '5'),
        (at, letter) => {
          fc.pre(LODESTAR[at] !== letter)
          const changed = `${LODESTAR.slice(0, at)}${letter}${LODESTAR.slice(at + 1)}`
          expect(() => parseEnr(changed)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
        },
      ),
    )
  })

  it.each(['enr:', 'enr:-IS4', 'enr:***', `enr:${'A'.repeat(600)}`, 'enr:wA'])('%s is refused', (text) =>
    expect(() => parseEnr(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' })),
  )
})

describe('consensus peers', () => {
  const ADDRESS = `/ip4/127.0.0.1/tcp/46493/p2p/${LODESTAR_ID}`

  it('are the same node by record and by multiaddr', () => {
    const [node, ...others] = readConsensusAddresses([
      LODESTAR,
      ADDRESS,
      `/dns4/node.example/tcp/9000/p2p/${LODESTAR_ID}`,
    ])
    expect(others).toEqual([])
    expect(node?.peerId.toString()).toBe(LODESTAR_ID)
    expect(node?.addresses.map(String)).toEqual([ADDRESS, ADDRESS, expect.stringContaining('/dns4/')])
  })

  it.each([
    ['without a peer id', '/ip4/127.0.0.1/tcp/9000', 'does not end in /p2p'],
    ['without a transport', `/ip4/127.0.0.1/p2p/${LODESTAR_ID}`, 'neither TCP nor QUIC'],
    ['that are no multiaddr', 'http://127.0.0.1:9000', 'consensus peer'],
    ['of a record without TCP', EXAMPLE, 'names no TCP address'],
  ])('%s are refused by name', (_, text, reason) =>
    expect(() => readConsensusAddresses([text])).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(reason) }),
    ),
  )
})
