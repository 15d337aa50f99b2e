import type { GroupsExports } from '../../src/wasm/bls12381-groups-module.ts'
import type { Decision } from './execution.ts'
import { addressesOf, type GuardedTarget, type Step } from './gate.ts'

/** The face refuses scalars that are not below r before anything else, and names them: that may be known. */
const inRange = (count: number): Step => ({
  call: 'scalarsUnreduced',
  args: [count],
  decisions: Array.from({ length: count }, (): Decision => ({ says: 'the scalar is not below r', answer: 0 })),
  returns: -1,
})
const outOfRange: Step = {
  call: 'scalarsUnreduced',
  args: [1],
  decisions: [{ says: 'the scalar is not below r', answer: 1 }],
  returns: 0,
}
const onScalars = (name: string, call: string, count: number) => ({
  name,
  secrets: { SCALARS: 32 * count },
  ways: { usual: [inRange(count), { call }], 'out of range': [outOfRange] },
})

export const bls12381GroupsOperations: GuardedTarget = {
  name: 'bls12381-groups',
  async prepare(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes)
    const kernel = instance.exports as unknown as GroupsExports
    return { memory: new Uint8Array(kernel.memory.buffer), addresses: addressesOf(instance) }
  },
  wipe: { below: 'BUCKETS' },
  operations: [
    {
      // The points are as secret as the scalars: they may come from others.
      name: 'sum of multiples',
      secrets: { SCALARS: 64, POINTS: 336 },
      ways: {
        usual: [inRange(2), { call: 'sumStart' }, { call: 'sumAddSecret', args: [2] }, { call: 'sumEnd' }],
      },
    },
    {
      name: 'sum',
      secrets: { POINTS: 336 },
      ways: { usual: [{ call: 'sumStart' }, { call: 'sumAddPoints', args: [2] }, { call: 'sumEnd' }] },
    },
    { name: 'negative', secrets: { POINTS: 168 }, ways: { usual: [{ call: 'negatePoint' }] } },
    onScalars('multiple of the generator of G2', 'multiplyGeneratorG2', 1),
    onScalars('sum of scalars', 'scalarsAdd', 2),
    onScalars('product of scalars', 'scalarsMultiply', 2),
    onScalars('negative of a scalar', 'scalarsNegate', 1),
    onScalars('inverse of a scalar', 'scalarsInvert', 1),
    { name: 'reduction of a scalar', secrets: { SCALARS: 64 }, ways: { usual: [{ call: 'scalarsReduce' }] } },
  ],
}
