import type { SourceChoice } from '@glowworm/wallet-core/facade/facade'
import { expect, it } from 'vitest'
import { chooseGroup, countChosen, groupSources } from './source-groups.ts'

const source = (kind: SourceChoice['kind'], address: string, chosen: boolean): SourceChoice => ({
  kind,
  address,
  chosen,
  bundled: true,
})
const BRIDGE = '12D3KooWPkzZ3mJ1pL7cBx6rWq5yQk7X2d4mVb9sTn8uHfGa2a2a'
const direct = source('peer', `/ip4/127.0.0.1/udp/9001/webrtc-direct/certhash/uEi/p2p/${BRIDGE}`, true)
const socket = source('peer', `/ip4/127.0.0.1/tcp/9001/ws/p2p/${BRIDGE}`, true)
const other = source(
  'peer',
  '/ip4/127.0.0.1/tcp/9002/ws/p2p/12D3KooWM2f7bQk7X2d4mVb9sTn8uHfGa2a2aPkzZ3mJ1pL7cBx6',
  false,
)
const beacon = source('beacon', 'https://node.example', true)
const execution = source('execution', 'https://node.example', false)
const ALL = [beacon, direct, other, socket, execution]

it('two addresses of one peer are one source, chosen together', () => {
  const groups = groupSources(ALL)
  expect(groups.map(({ choices }) => choices)).toEqual([[beacon], [direct, socket], [other], [execution]])
  expect(countChosen(ALL)).toBe(2)
  const without = chooseGroup(ALL, groups[1]!, false)
  expect(without.filter(({ chosen }) => chosen)).toEqual([beacon])
  expect(chooseGroup(without, groupSources(without)[1]!, true)).toEqual(ALL)
})
