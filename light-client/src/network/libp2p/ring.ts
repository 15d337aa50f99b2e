/**
 * The ring in which those who meet at a bridge stand, and in which each hears of its neighbours. Where somebody stands is
 * drawn by the bridge, and who leaves and comes again, under whatever name, gets a place again that its group of
 * addresses has had: nobody can make ids, or come again, until it surrounds another.
 * @module
 */
import type { Random } from '../../infrastructure/ports.ts'

/** A member hears of at most so many others, half of them before and half after it in the ring. */
export const MAX_NEIGHBOURS = 32
/** Places remembered for groups that left; those of whoever left the longest time ago are forgotten first. */
const REMEMBERED = 4096

export interface Places {
  /** A text that is compared with others, no more. */
  take(group: string): string
  giveBack(group: string, place: string): void
}

export function createPlaces(random: Random): Places {
  const freed = new Map<string, string[]>()
  let remembered = 0
  return {
    take(group) {
      const own = freed.get(group)
      const place = own?.shift()
      if (place === undefined) return random.bytes(8).join()
      remembered--
      if (own!.length === 0) freed.delete(group)
      return place
    },
    giveBack(group, place) {
      const own = freed.get(group) ?? []
      freed.delete(group)
      freed.set(group, own)
      own.push(place)
      remembered++
      for (const [oldest, places] of freed) {
        if (remembered <= REMEMBERED) break
        remembered -= places.length
        freed.delete(oldest)
      }
    },
  }
}

/** Up to MAX_NEIGHBOURS ids around `self` in the ring. Neighbourhood is mutual. */
export function neighbours(ring: readonly string[], self: string): string[] {
  const at = ring.indexOf(self)
  if (ring.length - 1 <= MAX_NEIGHBOURS) return ring.filter((id) => id !== self)
  const half = MAX_NEIGHBOURS / 2
  return Array.from({ length: MAX_NEIGHBOURS }, (_, i) => {
    const step = i < half ? i - half : i - half + 1
    return ring[(at + step + ring.length) % ring.length]!
  })
}
