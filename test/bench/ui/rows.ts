export interface UiRow {
  readonly name: string
  readonly value: number
  readonly unit: 'KB gz' | 'ms'
  /** At most. */
  readonly goal: number | null
}

export const median = (values: readonly number[]): number =>
  Math.round([...values].sort((a, b) => a - b)[values.length >> 1]!)
