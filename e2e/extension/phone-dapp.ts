/** The same site, for visitors whose wallet is on a phone: all it does for that is one call. */
import { announcePhone } from '@glowworm/wallet-core/phone'
import './dapp.ts'

const bridge = new URLSearchParams(location.search).get('bridge')
announcePhone(bridge === null ? {} : { bridge })
