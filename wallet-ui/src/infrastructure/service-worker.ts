/**
 * Starts the app without a network: keeps the files of one build, hashed or not, and nothing else. The list and its
 * version are filled in by the build (pwa-plugin.ts). `/network.json`, evidence and anything of another origin are
 * never kept: only an address in the list is answered from here.
 * @module
 */
/// <reference lib="webworker" />

interface Precache {
  readonly version: string
  readonly files: readonly string[]
}

declare const __PRECACHE__: Precache

const worker = self as unknown as ServiceWorkerGlobalScope
const precache = __PRECACHE__
const PREFIX = 'glowworm-app-'
const cacheName = PREFIX + precache.version
const scope = worker.registration.scope
const start = new URL('index.html', scope).href
const kept = new Set(precache.files.map((file) => new URL(file, scope).href))

worker.addEventListener('install', (event) => {
  // Past the HTTP cache: half of an old build would be worse than none.
  event.waitUntil(
    caches.open(cacheName).then((cache) => cache.addAll([...kept].map((url) => new Request(url, { cache: 'reload' })))),
  )
})

// The old build goes when the last page that runs it is closed; until then both are kept.
worker.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((name) => name.startsWith(PREFIX) && name !== cacheName).map((name) => caches.delete(name)),
        ),
      )
      .then(() => worker.clients.claim()),
  )
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  const url = new URL(request.url)
  url.hash = ''
  url.search = ''
  const isStart = request.mode === 'navigate' && (url.href === scope || url.href === start)
  const wanted = isStart ? start : url.href
  if (!kept.has(wanted)) return
  event.respondWith(
    caches
      .open(cacheName)
      .then((cache) => cache.match(wanted))
      .then((found) => found ?? fetch(request)),
  )
})
