/** Figures of a sample. @module */
import { percentile } from '../simulation/measure.ts'

export const percentiles = (values: readonly number[]): { p50: number; p95: number } => {
  const sorted = Float64Array.from(values).sort()
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) }
}
