/**
 * Every field that a screen shows when somebody comes to it gets what no field expects, and its form is sent off. The
 * answer is words or nothing: no exception, no number that is none, and nothing of it reaches the wallet as a number.
 * The façade is made up and takes all text: what the core refuses is tested with the core. Not reached: fields that come
 * with another choice in a list, or with a later step.
 */
import { PLACES } from '@glowworm/wallet-ui/dev/places'
import { expect, type Page } from '@playwright/test'
import { openPlace } from './scenes/fake-wallet.ts'
import { test } from './scenes/faults.ts'

test.use({ contextOptions: { reducedMotion: 'reduce' }, trace: 'off', screenshot: 'off' })

const ADDRESS = '0x52908400098527886E0F7030069857D2E4169EE7'
const HOSTILE: { readonly [name: string]: string } = {
  empty: '',
  blanks: ' \t\u00a0\u2003 ',
  'ten thousand characters': '9'.repeat(10_000),
  'ten thousand letters': 'word '.repeat(2_000),
  'right to left': '\u202e1.5\u202c \u2066abc',
  markup: '"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{{7*7}}',
  NUL: '1\u00002',
  fraction: '0.1234567890123456789012345678901234567890',
  negative: '-1',
  exponent: '1e18',
  'more than any number': '1e400',
  'full-width digits': '１２３',
  'no number': 'NaN',
  hexadecimal: '0x10',
  'wrong checksum': ADDRESS.replace('E0F7', 'e0f7'),
  'lone surrogates': '\ud800 \udfff',
  proto: '__proto__',
}

interface Answered {
  /** What stands where it must not. */
  readonly faults: readonly string[]
  /** Whether another screen is shown now, or the state another. */
  readonly left: boolean
}

test('no field that a screen shows makes a wrong number of it, or falls over', async ({ page, wallet }) => {
  test.setTimeout(600_000)
  const faults: string[] = []
  let where = ''
  page.on('pageerror', (error) => faults.push(`${where}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${where}: ${message.text()}`)
  })
  await page.addInitScript(answerAtOnce)
  let fields = 0
  const seen = new Set<string>()
  for (const place of PLACES) {
    where = place.name
    await opened(page, wallet, place)
    for (const name of await fieldsOf(page)) {
      // The same form in another scene is the same form.
      const known = `${await screenOf(page)} ${name}`
      if (seen.has(known)) continue
      seen.add(known)
      fields++
      for (const [kind, text] of Object.entries(HOSTILE)) {
        where = `${place.name}, ${name}, ${kind}`
        const { faults: found, left } = await page.evaluate(enter, { name, text })
        faults.push(...found.map((fault) => `${where}: ${fault}`))
        if (left) await opened(page, wallet, place)
      }
    }
  }
  expect(faults).toEqual([])
  expect(fields).toBeGreaterThan(35)
})

async function opened(
  page: Page,
  ...[wallet, place]: [Parameters<typeof openPlace>[1], Parameters<typeof openPlace>[2]]
) {
  await openPlace(page, wallet, place, 'page')
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
}

const screenOf = (page: Page) => page.evaluate(() => document.querySelector('main')?.dataset.testid ?? '')

/** What can be written in, by the name that tests know it by. */
const fieldsOf = (page: Page) =>
  page.evaluate(() => {
    const written = 'input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea'
    const fields = [...document.querySelectorAll<HTMLInputElement>(written)]
    return [...new Set(fields.filter(({ disabled }) => !disabled).map(({ dataset }) => dataset.testid ?? ''))].filter(
      Boolean,
    )
  })

/** Runs in the page, before anything else: the made-up façade answers without waiting, and notes what it is asked. */
function answerAtOnce(): void {
  const later = window.setTimeout.bind(window)
  window.setTimeout = ((action: TimerHandler, wait?: number) => later(action, wait === 150 ? 0 : wait)) as never
  const wrong: string[] = []
  const asked: string[] = []
  Object.assign(window, { wrong, asked })
  const check = (command: string, value: unknown): void => {
    if (typeof value === 'number' && !Number.isFinite(value)) wrong.push(`${command} was sent ${value}`)
    if (typeof value === 'bigint' && (value < 0n || value >= 2n ** 256n)) wrong.push(`${command} was sent ${value}`)
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
      for (const inner of Object.values(value)) check(command, inner)
  }
  let facade: Record<string, unknown> | undefined
  Object.defineProperty(window, 'fakeFacade', {
    get: () => facade,
    set(made: Record<string, unknown>) {
      facade = made
      for (const [name, run] of Object.entries(Object.getOwnPropertyDescriptors(made))) {
        const command: unknown = run.value
        if (typeof command !== 'function' || name === 'subscribe') continue
        made[name] = (request: unknown, ...rest: unknown[]) => {
          asked.push(name)
          check(name, request)
          if (name === 'approve') wrong.push('something was approved')
          return command.call(made, request, ...rest) as unknown
        }
      }
    },
  })
}

/** Runs in the page: writes the text into the field as somebody would who pastes, and sends its form off. */
async function enter({ name, text }: { name: string; text: string }): Promise<Answered> {
  const drawn = async () => {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 0))
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  const page = window as unknown as { wrong: string[]; asked: string[]; hurt?: number }
  const screen = () => `${document.querySelector('main')?.dataset.testid} ${window.location.hash}`
  const before = screen()
  const field = document.querySelector<HTMLInputElement>(`[data-testid="${name}"]`)
  if (!field) return { faults: [], left: true }
  const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')!.set!.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await drawn()
  const faults: string[] = []
  const look = () => {
    const root = document.getElementById('root')!
    // What somebody wrote, or what is quoted of it, is theirs.
    const shown = (root.innerText ?? '').replaceAll(text.trim(), '')
    const wrong = /.{0,30}(?:\bNaN\b|\bundefined\b|\[object|\bInfinity\b|-\d+ ETH).{0,20}/.exec(shown)
    if (wrong) faults.push(`it says “${wrong[0]}”`)
    if (page.hurt !== undefined) faults.push('markup was run')
    if (document.documentElement.scrollWidth > window.innerWidth) faults.push('the page is wider than the window')
    if (!document.querySelector('main h1')) faults.push('no screen is left')
  }
  look()
  field.form?.requestSubmit()
  const button = (field.form ?? document.querySelector('main'))?.querySelector<HTMLButtonElement>('.button-primary')
  if (button && !button.disabled && button.type !== 'submit') button.click()
  await drawn()
  await drawn()
  look()
  faults.push(...page.wrong.splice(0))
  // What was asked for may have changed what is there.
  const changed = page.asked.splice(0).length > 0
  return { faults, left: changed || screen() !== before || !document.querySelector(`[data-testid="${name}"]`) }
}
