/** What makes the built page an installable app: icons, a content security policy, the list for the service worker. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { iconPng } from './icon-png.ts'

/** Evidence may come from any host the user chooses; code comes from this origin alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' http: https: ws: wss:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const ICON_SIZES = [192, 512]
const PLACEHOLDER = '__PRECACHE__'

export function pwa(publicDir: string): Plugin {
  return {
    name: 'glowworm-pwa',
    apply: 'build',
    buildStart() {
      for (const size of ICON_SIZES)
        this.emitFile({ type: 'asset', fileName: `icon-${size}.png`, source: iconPng(size) })
    },
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
    ],
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = Object.values(bundle).find((file) => file.fileName === 'service-worker.js')
        if (worker?.type !== 'chunk') throw new Error('The build made no service-worker.js')
        if (worker.imports.length > 0) throw new Error('service-worker.js must stand alone')
        const contents = new Map<string, string | Uint8Array>(
          readdirSync(publicDir).map((name) => [name, readFileSync(`${publicDir}/${name}`)]),
        )
        for (const file of Object.values(bundle))
          if (file !== worker) contents.set(file.fileName, file.type === 'chunk' ? file.code : file.source)
        const files = [...contents.keys()].filter((name) => !name.endsWith('.map')).sort()
        const digest = createHash('sha256')
        for (const name of files) digest.update(`${name}\n`).update(contents.get(name) ?? '')
        const list = JSON.stringify({ version: digest.digest('hex').slice(0, 16), files })
        if (worker.code.split(PLACEHOLDER).length !== 2)
          throw new Error('service-worker.js must have one place for its list of files')
        worker.code = worker.code.replace(PLACEHOLDER, () => list)
      },
    },
  }
}
