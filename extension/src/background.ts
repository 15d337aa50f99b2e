/** The background page of Firefox: it has a document, so it carries peers itself, and it can load modules later. */
import { loadIdentity } from '@glowworm/wallet-core/host/load-identity'
import { ownPageCarrier } from './infrastructure/own-page-carrier.ts'
import { startWallet } from './worker/start.ts'

startWallet(ownPageCarrier(), { loadIdentity })
