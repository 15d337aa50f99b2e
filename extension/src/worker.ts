/**
 * The service worker of Chromium. Peers are carried by an offscreen document. It cannot load modules later: the build puts
 * what is imported later into this one file, where it stays unread until then.
 */
import { offscreenChannel } from './infrastructure/offscreen-document.ts'
import { startWallet } from './worker/start.ts'

startWallet(offscreenChannel())
