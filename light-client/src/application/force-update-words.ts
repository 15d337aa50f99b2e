/** What must be said to force an update: nobody says it by accident, and no program by default. */
export const FORCE_UPDATE_WORDS = 'accept what two thirds did not sign'

/** In plain words, for whoever is about to say that. */
export const FORCE_UPDATE_RISK =
  'a forced update believes what any part of the sync committee signed, even a single member, and calls it the newest truth. Whoever holds a few old committee keys can then show you a false chain: false balances, false receipts. Nothing proven afterwards is called final, until you start again from a checkpoint of a place you trust. A newer checkpoint is the better way.'
