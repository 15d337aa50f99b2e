import { startWallet } from './boot/start-wallet.ts'
import { registerServiceWorker } from './infrastructure/page.ts'
import { loadWords } from './messages/language.ts'
import { languageNow } from './messages/language-now.ts'
import { mountWallet } from './mount.tsx'

const root = document.getElementById('root')
if (root) {
  const facade = startWallet()
  const mount = () => mountWallet(root, facade, { surface: 'page' })
  // Drawn without its words it would stay for 300 ms longer at its sign than they take. A failure shows when it is drawn.
  loadWords(languageNow()).then(mount, mount)
}
registerServiceWorker()
