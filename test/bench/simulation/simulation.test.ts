/** The peer network in virtual time, small; `npm run bench -- simulation` is the same with 10,000 peers. */
import { loadEngines } from '@glowworm/wasm-core'
import { expect, test } from 'vitest'
import { percentile } from './measure.ts'
import { FULL, simulate } from './network.ts'
import { picture } from './picture.ts'

const engines = await loadEngines()
const SMALL = { ...FULL, peers: 300, slots: 8, session: 120_000, surrounded: 0.05 }

test('with three liars in ten, and peers that come and go, every honest peer follows', async () => {
  const measured = await simulate(SMALL, engines)
  expect(measured.honest).toBeGreaterThan(150)
  expect(measured.churned).toBeGreaterThan(100)
  expect(measured.following).toBe(measured.honest)
  expect(measured.missing).toBe(0)
  expect(measured.byGossip).toBeGreaterThan(0.97)
  // virtual milliseconds: a matter of hops and latencies, not of this machine
  expect(percentile(measured.delays, 0.95)).toBeLessThan(1000)
  expect(percentile(measured.gossipRates, 0.95)).toBeLessThan(10_000)
  // lies reached honest peers, and convinced nobody
  expect(measured.forgeriesJudged).toBeGreaterThan(100)
  expect(measured.deceived).toBe(0)
  expect(measured.wronglyConvicted).toBe(0)
  expect(measured.convictions).toBeGreaterThan(10)
  expect(measured.proofs.proven / measured.proofs.asked).toBeGreaterThan(0.98)
  expect(measured.forgersAround.at(-1)!.links).toBeLessThan(measured.forgersAround[0]!.links)
  // one honest neighbour among colluders is enough
  for (const { honestLinks, peers, following, warned } of measured.surrounded) {
    expect(peers).toBe(5)
    if (honestLinks > 0) expect(following).toBe(peers)
    // whoever is cut off altogether is told that no news came, or all through one hand
    else expect(following + warned).toBe(peers)
  }
  // each verdict was found by the real verification, and found once
  expect(measured.verifications).toBeLessThan(measured.forgeriesJudged + 2000)
  const svg = picture(measured, SMALL.peers)
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  expect(svg.match(/<polyline/g)).toHaveLength(3)
})

test('a run with the same seed is the same run, one without liars convicts nobody', async () => {
  const calm = { ...SMALL, peers: 100, slots: 5, liars: 0, surrounded: 0 }
  const first = await simulate(calm, engines)
  const second = await simulate(calm, engines)
  expect({ ...first, verifications: 0 }).toEqual({ ...second, verifications: 0 })
  expect([first.convictions, first.deceived, first.forgeriesJudged]).toEqual([0, 0, 0])
  expect(first.following).toBe(first.honest)
  const other = await simulate({ ...calm, seed: 2 }, engines)
  expect(other.delays).not.toEqual(first.delays)
})

test('if liars were believed, the simulation would show it', async () => {
  // the same network over a verifier that accepts every signature
  const blind = { ...engines, bls: { ...engines.bls } }
  expect(Object.keys(blind.bls)).not.toEqual([])
  for (const name of Object.keys(blind.bls) as (keyof typeof blind.bls)[])
    if (/verify/i.test(name)) Object.assign(blind.bls, { [name]: () => true })
  const measured = await simulate({ ...SMALL, peers: 100, slots: 4, surrounded: 0 }, blind)
  expect(measured.deceived).toBeGreaterThan(0)
})
