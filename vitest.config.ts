import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// One configuration for the whole tree: packages resolve to their TypeScript sources, so nothing has to be built first
// but the WASM kernels. The suffix says the kind of test: `.test.ts` here, `.slow.ts` and `.real.ts` in their own runs.
const suffix = process.env.GLOWWORM_SUITE ?? 'test'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: [`{wasm-core,light-client,wallet-core,wallet-ui,extension,devnet,test}/**/*.${suffix}.{ts,tsx}`],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Vitest leaves a core for itself, which on two cores halves the speed. Real nodes need all there is.
    maxWorkers: suffix === 'real' ? 1 : Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
