/**
 * Finds a Chromium for tests that need a real browser, and says how to start it. Nothing is installed here.
 * @module
 */
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const KNOWN_PLACES = ['/usr/lib/chromium/chromium', '/usr/bin/chromium']
const KNOWN_COMMANDS = ['google-chrome', 'google-chrome-stable']

/**
 * Path of a Chromium or Chrome: the environment variable CHROMIUM, the usual places, the PATH, Playwright's own.
 * @throws {ChromiumNotFound}
 */
export async function findChromium(): Promise<string> {
  const named = process.env.CHROMIUM
  if (named !== undefined && named !== '') {
    if (await isProgram(named)) return named
    throw new ChromiumNotFound(`CHROMIUM names ${named}, which is not a program that can be started`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = [
    ...KNOWN_PLACES,
    ...KNOWN_COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))),
    chromium.executablePath(),
  ]
  for (const candidate of candidates) if (candidate !== '' && (await isProgram(candidate))) return candidate
  throw new ChromiumNotFound(`looked for ${[...KNOWN_PLACES, ...KNOWN_COMMANDS].join(', ')} and Playwright's own`)
}

/**
 * Flags for headless runs. ICE needs the loopback flag (and PEER_CONNECTION_PERMISSIONS) on machines that have no
 * other interface; QUIC and background traffic are off because tests stay on loopback.
 */
export const launchArguments: readonly string[] = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
]

/** To be granted to a context (`context.grantPermissions`) whose pages make peer connections over loopback. */
export const PEER_CONNECTION_PERMISSIONS: readonly string[] = ['microphone', 'camera']

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** There is no browser to test with. */
export class ChromiumNotFound extends Error {
  constructor(reason: string) {
    super(
      `No Chromium found: ${reason}. Install one (for example "apt install chromium" or ` +
        '"npx playwright install chromium"), or set CHROMIUM to the path of one.',
    )
    this.name = 'Test.ChromiumNotFound'
  }
}
