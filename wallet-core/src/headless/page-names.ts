/** Names in the page by which the two ends of the headless wallet find each other. */

/** Page → test: a function that Playwright exposes. */
export const BINDING = '__glowwormSay'
/** Test → page. */
export const DELIVER = '__glowwormHear'
