import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { pwa } from './pwa-plugin.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** `vite dev --mode fake` draws the same screens over the façade in memory. */
const fakeEntry: Plugin = {
  name: 'glowworm-fake-entry',
  apply: 'serve',
  transformIndexHtml: { order: 'pre', handler: (html) => html.replace('/src/main.tsx', '/src/dev/main-fake.tsx') },
}

export default defineConfig(({ mode }) => ({
  root: here('.'),
  base: './',
  plugins: [react(), pwa(here('./public')), ...(mode === 'fake' ? [fakeEntry] : [])],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  server: { host: '127.0.0.1' },
  build: {
    target: ['chrome116', 'es2023'],
    // A kernel inlined as a data: URL would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: here('./index.html'), 'service-worker': here('./src/infrastructure/service-worker.ts') },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
}))
