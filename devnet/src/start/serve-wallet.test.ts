import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveWallet, type WalletServer } from './serve-wallet.ts'

const folder = mkdtempSync(join(tmpdir(), 'glowworm-serve-test-'))
let server: WalletServer
let profile: unknown
beforeAll(async () => {
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'dist', 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'dist', 'assets', 'hashes-abc.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d]))
  writeFileSync(join(folder, 'dist', 'assets', 'main-abc.js'), 'export {}')
  server = await serveWallet({ folder: join(folder, 'dist'), port: 0, profile: () => profile })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** fetch would tidy the path and the Host header up. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { port } = new URL(server.url)
    request({ host: '127.0.0.1', port, path, headers, method }, (answer) => {
      let body = ''
      answer.on('data', (chunk: Buffer) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
    })
      .on('error', reject)
      .end()
  })
}

it('serves the page under every screen’s path, with a strict policy', async () => {
  for (const path of ['/', '/network', '/a/b?x=1']) {
    const { status, headers, body } = await raw(path)
    expect([path, status, body]).toEqual([path, 200, '<!doctype html>'])
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['cache-control']).toBe('no-cache')
    expect(headers['x-content-type-options']).toBe('nosniff')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|http:\/\/\*/)
  }
})

it('serves WebAssembly with its type and hashed names for ever', async () => {
  const { status, headers } = await raw('/assets/hashes-abc.wasm')
  expect([status, headers['content-type']]).toEqual([200, 'application/wasm'])
  expect(headers['cache-control']).toContain('immutable')
  expect((await raw('/assets/main-abc.js')).headers['content-type']).toMatch(/^text\/javascript/)
  expect((await raw('/assets/main-abc.js', {}, 'HEAD')).body).toBe('')
  expect((await raw('/assets/missing.js')).status).toBe(404)
})

it('never leaves its folder', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%00',
    '/%',
  ])
    expect((await raw(path)).body).not.toContain('secret')
})

it('answers to loopback names only, and to GET only', async () => {
  expect((await raw('/', { host: 'evil.example' })).status).toBe(421)
  expect((await raw('/', { host: 'localhost:4310' })).status).toBe(200)
  expect((await raw('/', {}, 'POST')).status).toBe(405)
})

it('says that the network is starting until there is a profile', async () => {
  expect((await raw('/network.json')).status).toBe(503)
  profile = { name: 'x' }
  const { status, headers, body } = await raw('/network.json')
  expect([status, body]).toEqual([200, '{"name":"x"}'])
  expect(headers['access-control-allow-origin']).toBeUndefined()
})
