/** How many subscriptions there may be: of one connection, and of all together. @module */

export interface SubscriptionRoom {
  /** Taken at once, before anything is waited for; false: there is none left. */
  take(): boolean
  give(): void
}

/** @param shared that of all connections; one that is taken here is taken there too */
export function subscriptionRoom(most: number, shared?: SubscriptionRoom): SubscriptionRoom {
  let taken = 0
  return {
    take() {
      if (taken >= most || shared?.take() === false) return false
      taken++
      return true
    },
    give() {
      taken--
      shared?.give()
    },
  }
}
