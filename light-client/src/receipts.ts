/** Proof receipts: answers that anybody can check again, offline; see docs/receipts.md. */
export { type Claim, decodeReceipt, encodeReceipt, type Receipt, viewReceipt } from './application/receipt/format.ts'
export { makeReceipt, type Question } from './application/receipt/make-receipt.ts'
export { relinkReceipt } from './application/receipt/relink-receipt.ts'
export { type CheckedReceipt, verifyReceipt } from './application/receipt/verify-receipt.ts'
export { createSourcePool, type SourcePool } from './application/source-pool.ts'
