/** The groups of BLS12-381 for schemes with secrets. The host writes the windows, calls, and reads RESULT. */
export { messageAdd, messageStart } from '../bls12381/expand-message'
export { INPUT, INPUT_BYTES } from '../bls12381/windows'
export { bucketsAdd, bucketsEnd, bucketsStart } from './buckets'
export { multiplyGeneratorG2 } from './g2'
export { hashEnd, isIdentity, mapInput, negatePoint, pointRead, pointWrite } from './point'
export { scalarsAdd, scalarsInvert, scalarsMultiply, scalarsNegate, scalarsReduce, scalarsUnreduced } from './scalar'
export { sumAddPoints, sumAddPublic, sumAddSecret, sumEnd, sumEndPublic, sumStart } from './sum'
export { BUCKETS, CHUNK, POINTS, RESULT, SCALARS, staticEnd } from './windows'
