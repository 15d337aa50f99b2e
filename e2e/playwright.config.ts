import { defineConfig } from '@playwright/test'
import { findChromium, launchArguments, PEER_CONNECTION_PERMISSIONS } from '../test/browser/chromium.ts'

/** Real Chromium against the built wallet and the built extension. Each suite starts its own network on loopback. */
export default defineConfig({
  testDir: '.',
  // The suffix says the kind of test, as in the other suites: `.spec.ts` here, `.slow.ts` in its own run.
  testMatch: process.env.GLOWWORM_SUITE === 'slow' ? '*.slow.ts' : '*.spec.ts',
  outputDir: '../test-results',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  workers: 1,
  fullyParallel: false,
  // By hand a test that fails once has failed. The whole run tries it once more, and names it when it passes then.
  retries: 0,
  reporter: 'list',
  use: {
    actionTimeout: 15_000,
    viewport: { width: 375, height: 667 },
    permissions: [...PEER_CONNECTION_PERMISSIONS],
    launchOptions: { executablePath: await findChromium(), args: [...launchArguments] },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
