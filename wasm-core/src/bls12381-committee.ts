/** What both engines of BLS committees must agree on. */
import { InvalidArgument } from './errors.ts'

/** @throws {InvalidArgument} naming the first seat that does not exist or is named twice. */
export function checkSeats(absent: readonly number[], size: number): void {
  const seen = new Set<number>()
  for (const [i, seat] of absent.entries()) {
    if (!Number.isInteger(seat) || seat < 0 || seat >= size) {
      throw new InvalidArgument(`absent[${i}]`, `expected a seat from 0 to ${size - 1}, got ${seat}`)
    }
    if (seen.has(seat)) throw new InvalidArgument(`absent[${i}]`, `seat ${seat} is named twice`)
    seen.add(seat)
  }
}
