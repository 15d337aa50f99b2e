/** The extension's manifest. It asks for as little as it can: no host, no tab, no history. */
import { PRODUCT } from '../light-client/src/product.ts'

/** Code comes from the extension alone; evidence from anywhere over TLS, in the clear from this computer only. */
const POLICY = [
  "script-src 'self' 'wasm-unsafe-eval'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "connect-src 'self' https: wss: http://127.0.0.1:* http://localhost:* ws://127.0.0.1:* ws://localhost:*",
].join('; ')

/** Secure contexts only (EIP-5593): https, and pages this computer serves to itself. */
const SITES = ['https://*/*', 'http://localhost/*', 'http://*.localhost/*', 'http://127.0.0.1/*']

export const ICON_SIZES = [16, 32, 48, 128]

const icons = Object.fromEntries(ICON_SIZES.map((size) => [size, `icon-${size}.png`]))
const script = (file: string, world: 'MAIN' | 'ISOLATED') => ({
  js: [file],
  matches: SITES,
  all_frames: true,
  run_at: 'document_start',
  world,
})

export const manifest = {
  manifest_version: 3,
  name: PRODUCT.name,
  version: PRODUCT.version,
  description: 'A wallet that believes nobody: every number it shows was proven on your own device.',
  // Worlds for content scripts came with 111, contexts of the runtime and offscreen reasons with 116.
  minimum_chrome_version: '116',
  icons,
  action: { default_popup: 'popup.html', default_title: PRODUCT.name, default_icon: icons },
  options_ui: { page: 'network.html', open_in_tab: true },
  background: { service_worker: 'worker.js', type: 'module' },
  permissions: ['storage', 'alarms', 'offscreen'],
  content_security_policy: { extension_pages: POLICY },
  content_scripts: [script('content.js', 'ISOLATED'), script('inpage.js', 'MAIN')],
}
