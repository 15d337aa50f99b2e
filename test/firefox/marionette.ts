/**
 * Firefox, driven over Marionette: the protocol WebDriver for Firefox is built on, plain JSON over TCP. Unlike WebDriver
 * BiDi it opens the pages of extensions.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Firefox {
  /** Installs an unpacked extension for as long as the browser runs. Returns its id. */
  install(folder: string): Promise<string>
  handles(): Promise<string[]>
  current(): Promise<string>
  newTab(): Promise<string>
  switchTo(handle: string): Promise<void>
  go(url: string): Promise<void>
  url(): Promise<string>
  /** Runs the body of a function in the page, whose last argument is a callback, and gives what that gets. */
  run<T>(body: string, ...given: unknown[]): Promise<T>
  /** Waits for the element, then clicks it or types into it. */
  click(selector: string): Promise<void>
  type(selector: string, text: string): Promise<void>
  close(): Promise<void>
}

/** Nothing of Firefox's own reaches for the network, and extensions have the addresses given here. */
const preferences = (uuids: Readonly<Record<string, string>>): Record<string, unknown> => ({
  'marionette.port': 0,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.autoDisableScopes': 0,
  'extensions.update.enabled': false,
  'extensions.webextensions.uuids': JSON.stringify(uuids),
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.enabled': false,
})

const PATIENCE = 30_000

export async function startFirefox(executable: string, uuids: Readonly<Record<string, string>>): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), 'glowworm-firefox-'))
  const lines = Object.entries(preferences(uuids)).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const child = spawn(
    executable,
    ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile],
    {
      stdio: 'ignore',
      env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1', MOZ_CRASHREPORTER_DISABLE: '1' },
    },
  )
  try {
    const socket = await reach(profile, child)
    return await session(socket, async () => {
      socket.destroy()
      await ended(child)
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    })
  } catch (error) {
    await ended(child)
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    throw error
  }
}

/** Firefox writes down which port it took. */
async function reach(profile: string, child: ChildProcess): Promise<Socket> {
  for (let waited = 0; waited < PATIENCE; waited += 200) {
    if (child.exitCode !== null) throw new Error(`Firefox ended at once with code ${child.exitCode}`)
    const port = Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8').catch(() => ''))
    if (port > 0) {
      const socket = connect(port, '127.0.0.1')
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
      return socket
    }
    await sleep(200)
  }
  throw new Error('Firefox does not answer')
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(timer)
}

async function session(socket: Socket, end: () => Promise<void>): Promise<Firefox> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let count = 0
  let text = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    text = Buffer.concat([text, bytes])
    for (;;) {
      const colon = text.indexOf(':')
      const length = colon < 0 ? Number.NaN : Number(text.subarray(0, colon).toString())
      if (Number.isNaN(length) || text.length < colon + 1 + length) return
      const message: unknown = JSON.parse(text.subarray(colon + 1, colon + 1 + length).toString())
      text = text.subarray(colon + 1 + length)
      if (!Array.isArray(message)) continue
      const [, id, error, result] = message as [number, number, { message: string } | null, unknown]
      const asked = waiting.get(id)
      waiting.delete(id)
      if (error) asked?.reject(new Error(error.message))
      else asked?.resolve(result)
    }
  })
  function send<T>(command: string, parameters: object = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = ++count
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      const bytes = Buffer.from(JSON.stringify([0, id, command, parameters]))
      socket.write(`${bytes.length}:${bytes.toString()}`)
    })
  }
  const value = async <T>(command: string, parameters: object = {}): Promise<T> =>
    (await send<{ value: T }>(command, parameters)).value

  await send('WebDriver:NewSession', { strictFileInteractability: true })
  await send('WebDriver:SetTimeouts', { implicit: 0, script: PATIENCE, pageLoad: PATIENCE })

  const run = <T>(script: string, ...args: unknown[]) =>
    value<T>('WebDriver:ExecuteAsyncScript', { script, args, newSandbox: false, sandbox: null })

  /** Has `body` work on the element once it is there and enabled. */
  async function onElement(selector: string, body: string, ...given: unknown[]): Promise<void> {
    const script = `const [selector, ...given] = arguments, done = given.pop()
      const element = document.querySelector(selector)
      if (!element || element.disabled) return done(false)
      ;((element, given) => { ${body} })(element, given)
      done(true)`
    const start = Date.now()
    while (!(await run<boolean>(script, selector, ...given).catch(() => false))) {
      if (Date.now() - start > PATIENCE)
        throw new Error(
          `${selector} does not appear in ${await value('WebDriver:GetCurrentURL')}: ${await run('arguments[0](document.body.innerText.slice(0, 500))').catch((error) => String(error))}`,
        )
      await sleep(150)
    }
  }
  return {
    install: (path) => value('Addon:Install', { path, temporary: true }),
    handles: () => send('WebDriver:GetWindowHandles'),
    current: () => value('WebDriver:GetWindowHandle'),
    async newTab() {
      return (await send<{ handle: string }>('WebDriver:NewWindow', { type: 'tab' })).handle
    },
    switchTo: async (handle) => void (await send('WebDriver:SwitchToWindow', { handle })),
    go: async (url) => void (await send('WebDriver:Navigate', { url })),
    url: () => value('WebDriver:GetCurrentURL'),
    run,
    click: (selector) => onElement(selector, 'element.click()'),
    // As typing does it, so that React hears of it.
    type: (selector, typed) =>
      onElement(
        selector,
        `const [text] = given
         const of = Object.getPrototypeOf(element)
         Object.getOwnPropertyDescriptor(of, 'value').set.call(element, text)
         element.dispatchEvent(new Event('input', { bubbles: true }))`,
        typed,
      ),
    close: end,
  }
}
