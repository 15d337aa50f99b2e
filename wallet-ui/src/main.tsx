import { startWallet } from './boot/start-wallet.ts'
import { registerServiceWorker } from './infrastructure/page.ts'
import { mountWallet } from './mount.tsx'

const root = document.getElementById('root')
if (root) mountWallet(root, startWallet(), { surface: 'page' })
registerServiceWorker()
