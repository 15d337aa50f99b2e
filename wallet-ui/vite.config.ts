import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { oneByteScripts } from '../light-client/one-byte-scripts.ts'
import { pwa } from './pwa-plugin.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** In the mode `fake` the same screens are drawn over the façade in memory. */
const fakeEntry: Plugin = {
  name: 'glowworm-fake-entry',
  transformIndexHtml: { order: 'pre', handler: (html) => html.replace('./src/main.tsx', './src/dev/main-fake.tsx') },
}

/** Tables of messages are named by area and language: `words.en`, `words.accounts.en`. */
function wordsName(module: string | null | undefined): string | null {
  const [, identity, area, language] = /\/(identity\/)?messages\/(?:(\w+)\/)?(\w\w)\.ts$/.exec(module ?? '') ?? []
  return language === undefined ? null : ['words', identity && 'identity', area, language].filter(Boolean).join('.')
}

export default defineConfig(({ mode }) => ({
  root: here('.'),
  base: './',
  plugins: [react(), oneByteScripts(), pwa(here('./public')), ...(mode === 'fake' ? [fakeEntry] : [])],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es', plugins: () => [oneByteScripts()] },
  server: { host: '127.0.0.1' },
  build: {
    target: ['chrome116', 'es2023'],
    // A kernel inlined as a data: URL would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: here('./index.html'), 'service-worker': here('./src/infrastructure/service-worker.ts') },
      output: {
        chunkFileNames: (chunk) => `assets/${wordsName(chunk.facadeModuleId) ?? '[name]'}-[hash].js`,
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
}))
