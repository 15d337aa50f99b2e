/** The rules of the architecture that a machine can check: who imports whom, who touches the outside, what nothing is called. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['wasm-core', 'light-client', 'wallet-core', 'wallet-ui', 'extension', 'devnet', 'test', 'e2e']
const SKIPPED = new Set(['node_modules', 'dist', 'generated', 'build', '.git', '.vite', 'test-results'])

/** Packages each package may import. `devnet` serves tests and `npm start` only. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'wasm-core': [],
  'light-client': ['wasm-core'],
  'wallet-core': ['light-client', 'wasm-core'],
  'wallet-ui': ['wallet-core', 'light-client', 'wasm-core'],
  extension: ['wallet-core', 'wallet-ui', 'light-client', 'wasm-core'],
  devnet: ['light-client', 'wasm-core'],
  test: PACKAGES,
  e2e: PACKAGES,
}

interface Source {
  readonly path: string
  readonly package: string
  readonly code: string
  readonly imports: readonly string[]
}

const isTest = (path: string) => /\.(test|prop|slow|real|test-kit|browser-entry)\.|\/test[-/]|\/dev\//.test(path)
const sources = PACKAGES.flatMap((name) => filesBelow(join(ROOT, name)))
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.includes('/assembly/'))
  .map(readSource)
/** What is shipped: the sources of the five product packages without tests and build scripts. */
const shipped = sources.filter(
  ({ path }) => /^(wasm-core|light-client|wallet-core|wallet-ui|extension)\/src\//.test(path) && !isTest(path),
)

describe('while a program begins', () => {
  it('no error is made: to say where it was made, the browser reads the whole program again, 30 ms in a worker', () => {
    const made = /^(?:export )?const \w+(?:: [^=]+)? = (?!.*=>).*\bnew \w*Error\(/m
    expect(made.test("export const LATE: Error = new Error('late')")).toBe(true)
    expect(made.test("const late = () => new Error('late')")).toBe(false)
    expect(shipped.filter(({ code }) => made.test(code)).map(({ path }) => path)).toEqual([])
  })
})

describe('imports', () => {
  it('point one way between packages', () => {
    const offences = sources.flatMap(({ path, package: from, imports }) =>
      imports
        .map((name) => packageOf(path, name))
        .filter(
          (to) => to !== null && to !== from && !MAY_IMPORT[from]!.includes(to) && !(isTest(path) && to === 'test'),
        )
        .map((to) => `${path} imports ${to}`),
    )
    expect(offences).toEqual([])
  })

  it('of the devnet stand in tests, benchmarks and npm start only', () => {
    expect(
      shipped
        .filter(({ imports }) => imports.some((name) => name.startsWith('@glowworm/devnet')))
        .map(({ path }) => path),
    ).toEqual([])
  })

  it('of libp2p stand in network folders only', () => {
    const offences = shipped.filter(
      ({ path, imports }) =>
        imports.some((name) => /^(libp2p$|@libp2p\/|@multiformats\/)/.test(name)) && !path.includes('/network/'),
    )
    expect(offences.map(({ path }) => path)).toEqual([])
  })

  it('of keys never stand in the interface: it sees the façade', () => {
    const offences = shipped
      .filter(({ path }) => path.startsWith('wallet-ui/') && !path.startsWith('wallet-ui/src/boot/'))
      .flatMap(({ path, imports }) =>
        imports
          .filter(
            (name) =>
              name.startsWith('@glowworm/wallet-core') && !/^@glowworm\/wallet-core\/(facade|provider)\//.test(name),
          )
          .map((name) => `${path} imports ${name}`),
      )
    expect(offences).toEqual([])
  })

  it('of signatures that nobody has verified stand in benchmarks only', () => {
    const importers = sources.filter(
      ({ path, imports }) =>
        imports.some((name) => /\bsecp256k1-unverified\b/.test(name)) &&
        !path.startsWith('test/bench/') &&
        !isTest(path),
    )
    expect(importers.map(({ path }) => path)).toEqual(['wasm-core/src/wasm/secp256k1.ts']) // which verifies them
  })

  it('of credentials and identifiers are made when they are needed: the first bundle does without', () => {
    // The holder's keys stay with the vault, and the carriage is how identity is reached where nothing can be loaded later.
    const AT_HAND = new Set([
      ...['authentication/sign', 'did/did-key-writing', 'did/registries', 'jose/sign-jws'],
      ...['carriage/calls', 'carriage/carry-identity', 'carriage/command-identity', 'carriage/protocol'],
      ...['holder/errors', 'holder/holder-keys', 'holder/records', 'holder/slip10'],
    ])
    const nameOf = (path: string) => path.replace(/^wallet-core\/src\/identity\/|\.ts$/g, '')
    const offences = shipped.flatMap(({ path, code }) => {
      const inside = path.startsWith('wallet-core/src/identity/')
      if (inside && !AT_HAND.has(nameOf(path))) return []
      const bare = code.replaceAll(/import type [^;]*?from '[^']*'/g, '')
      return [...bare.matchAll(/(?:from|import) '([^']*)'/g)].flatMap(([, from]) => {
        const target = inside && from!.startsWith('.') ? new URL(from!, `file:///${path}`).pathname.slice(1) : from!
        const name = /(?:^|\/)identity\/((?:[a-z-]+\/)+[a-z0-9-]+)(?:\.ts)?$/.exec(target)?.[1]
        return name === undefined || AT_HAND.has(name) ? [] : [`${path} imports ${name}`]
      })
    })
    expect(offences).toEqual([])
  })

  it('of the seal that makes Verified<T> stand in ledger families only', () => {
    const importsSeal = /import \{[^}]*\bseal\b[^}]*\} from '[^']*\bverified(\.ts)?'/
    const offences = shipped.filter(
      ({ path, code }) => importsSeal.test(code) && !path.startsWith('light-client/src/ledgers/'),
    )
    expect(offences.map(({ path }) => path)).toEqual([])
  })

  it('of ledger families and data reach no effects', () => {
    const pure = shipped.filter(({ path }) => /^light-client\/src\/(ledgers|data|consensus|contract)\//.test(path))
    expect(pure.length).toBeGreaterThan(20)
    const offences = pure.flatMap(({ path, imports }) =>
      imports
        .filter((name) => /\/(infrastructure|network|application)\//.test(name))
        .map((name) => `${path} imports ${name}`),
    )
    expect(offences).toEqual([])
  })
})

describe('effects', () => {
  const EFFECTS: readonly (readonly [name: string, pattern: RegExp])[] = [
    ['fetch', /(?<![.\w])fetch\(/],
    ['indexedDB', /\bindexedDB\b|from 'idb'/],
    ['WebCrypto', /\bcrypto\.(subtle|getRandomValues|randomUUID)\b/],
    ['the clock', /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/],
    ['timers', /(?<![.\w])(setTimeout|setInterval|requestIdleCallback)\(/],
    ['chrome', /(?<![.\w])chrome\.[a-z]/],
    ['RTCPeerConnection', /\bnew RTCPeerConnection\b|globalThis\.RTCPeerConnection/],
    ['the file system or the network of Node', /from 'node:(fs|fs\/promises|http|https|net|child_process)'/],
  ]
  it.each(EFFECTS)('%s is touched in infrastructure folders only', (_, pattern) => {
    const offences = shipped.filter(
      ({ path, code }) => pattern.test(code) && !path.includes('/infrastructure/') && !isSurface(path),
    )
    expect(offences.map(({ path }) => path)).toEqual([])
  })

  /** Screens may use the browser's clock and timers for what a person sees; entries wire adapters together. */
  function isSurface(path: string): boolean {
    return /^wallet-ui\/src\/(?!boot\/infrastructure)/.test(path)
  }
})

describe('names', () => {
  it('say what a thing is: no catch-all files or folders', () => {
    const offences = sources
      .map(({ path }) => path)
      .filter((path) => path.split(/[/.]/).some((part) => /^(utils?|common|shared|helpers?|misc)$/i.test(part)))
    expect(offences).toEqual([])
  })

  it('of the product are written once', () => {
    const offences = shipped.filter(
      ({ path, code }) =>
        /['"`][^'"`\n]*\bGlowworm\b[^'"`\n]*['"`]/.test(
          code.replaceAll(/name: 'Glowworm\.\w+'|\{ name: 'Glowworm\.[^}]*\}/g, ''),
        ) && path !== 'light-client/src/product.ts',
    )
    expect(offences.map(({ path }) => path)).toEqual([])
  })
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    if (SKIPPED.has(name)) return []
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}

function readSource(path: string): Source {
  const code = readFileSync(path, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1')
  const imports = [...code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!)
  const relativePath = relative(ROOT, path)
  return { path: relativePath, package: relativePath.split('/')[0]!, code, imports }
}

/** The workspace package an import leads to, or null. */
function packageOf(path: string, name: string): string | null {
  const workspace = /^@glowworm\/([^/]+)/.exec(name)
  if (workspace) return workspace[1]!
  if (!name.startsWith('.')) return null
  const target = relative(ROOT, join(ROOT, dirname(path), name)).split('/')[0]!
  return PACKAGES.includes(target) ? target : null
}
