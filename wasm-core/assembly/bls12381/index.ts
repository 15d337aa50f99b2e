/** BLS12-381 signatures, keys in G1. The host writes into INPUT, calls, and reads OUTPUT; nothing here allocates. */


// For the tests.
export { f2mul, f2mulLanes, f2mulLanesSum, f2reduce, f2sqr, f2sqrLanes } from '../../generated/bls12381/field'
export {
  fp12cyclotomicSqr,
  fp12frobenius,
  fp12mul,
  fp12mulByLines,
  fp12sqr,
  multiplyLines,
} from '../../generated/bls12381/pairing'
export {
  BATCH_ITEMS,
  batchEnd,
  batchKeys,
  batchKeysEnd,
  batchMessage,
  batchSignatures,
  batchStart,
  batchWindow,
  batchWindowEnd,
} from './batch'
export { messageAdd, messageStart } from './expand-message'
export { finalExponentiation, fp12inverse } from './fp12'
export { hashEndG2, pairingAdd, pairingEnd, pairingStart, pointReadG2, pointWriteG2 } from './pairing'
export { keysParse, sumAddParsed, sumWriteParsed } from './parsed'
export { check, signatureRead, sumAdd, sumEnd, sumNegate, sumStart, sumWrite } from './signature'
export { testHash, testMap, testPairing, testRoot, WORK } from './testing'
export { INPUT, INPUT_BYTES, OUTPUT, PARSED } from './windows'
