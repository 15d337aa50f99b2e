export * from './errors.ts'
export { loadEngines } from './load-engines.ts'
export { nobleEngines } from './noble/engines.ts'
export * from './slots.ts'
