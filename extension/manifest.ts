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

/** The wallet beside the page. */
const PANEL = 'popup.html?surface=panel'

export const ICON_SIZES = [16, 32, 48, 128]

const icons = Object.fromEntries(ICON_SIZES.map((size) => [size, `icon-${size}.png`]))
const script = (file: string, world: 'MAIN' | 'ISOLATED') => ({
  js: [file],
  matches: SITES,
  all_frames: true,
  run_at: 'document_start',
  world,
})

const everywhere = {
  manifest_version: 3,
  name: PRODUCT.name,
  version: PRODUCT.version,
  description: 'A wallet that believes nobody: every number it shows was proven on your own device.',
  icons,
  action: { default_popup: 'popup.html', default_title: PRODUCT.name, default_icon: icons },
  options_ui: { page: 'network.html', open_in_tab: true },
  content_security_policy: { extension_pages: POLICY },
  content_scripts: [script('content.js', 'ISOLATED'), script('inpage.js', 'MAIN')],
}

const chromium = {
  ...everywhere,
  // Worlds for content scripts came with 111, contexts of the runtime and offscreen reasons with 116.
  minimum_chrome_version: '116',
  background: { service_worker: 'worker.js', type: 'module' },
  side_panel: { default_path: PANEL },
  permissions: ['storage', 'alarms', 'identity', 'offscreen', 'sidePanel'],
}

const firefox = {
  ...everywhere,
  background: { scripts: ['background.js'], type: 'module' },
  sidebar_action: { default_panel: PANEL, default_title: PRODUCT.name, default_icon: icons, open_at_install: false },
  permissions: ['storage', 'alarms', 'identity'],
  browser_specific_settings: {
    gecko: {
      id: 'wallet@glowworm.org',
      // The first that asks extensions what they collect.
      strict_min_version: '140.0',
      data_collection_permissions: { required: ['none'] },
    },
    gecko_android: { strict_min_version: '142.0' },
  },
}

export const MANIFESTS = { chromium, firefox }
export type BrowserName = keyof typeof MANIFESTS
