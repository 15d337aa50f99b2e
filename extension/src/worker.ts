/**
 * The service worker of Chromium. Peers are carried by an offscreen document. It cannot load modules later: the build puts
 * what is imported later into this one file, where it stays unread until then.
 */
import { remotePhoneSession } from '@glowworm/wallet-core/devices/phone/phone-carriage'
import { commandIdentity } from '@glowworm/wallet-core/identity/carriage/command-identity'
import { offscreenChannel } from './infrastructure/offscreen-document.ts'
import { randomUuid } from './infrastructure/random-uuid.ts'
import { startWallet } from './worker/start.ts'

const carrier = offscreenChannel()
// 150 KB that no worker should start with lie in the document, too; it has no keys there.
startWallet(carrier, { loadIdentity: commandIdentity(carrier), phoneSigner: remotePhoneSession(carrier, randomUuid()) })
