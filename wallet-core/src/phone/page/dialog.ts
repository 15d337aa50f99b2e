/** The dialog in a page: a code for the phone, and a place for its answer. Knows nothing of connections. @module */
import { scanCodes } from '@glowworm/light-client/network/pairing/infrastructure/camera'
import { qrCode } from '@glowworm/light-client/network/pairing/qr-path'
import { STYLE } from './style.ts'
import type { DialogWords } from './words.ts'

export interface Dialog {
  /** Shows a code; one shown before is no longer good. */
  show(code: string): void
  busy(on: boolean): void
  problem(words: string): void
  close(): void
}

export interface DialogOptions {
  readonly words: DialogWords
  /** Host of the bridge through which the answer comes; null: by hand alone. */
  readonly bridge: string | null
  readonly onAnswer: (text: string) => void
  /** Escape, or the button. */
  readonly onCancel: () => void
}

export function openDialog({ words, bridge, onAnswer, onCancel }: DialogOptions): Dialog {
  const { say } = words
  const before = document.activeElement
  const looking = new AbortController()
  let code = ''

  const qr = svg('svg', { role: 'img', 'aria-label': say('code'), 'shape-rendering': 'crispEdges' })
  const status = element('p', { className: 'soft', role: 'status' })
  const trouble = element('p', { className: 'bad', role: 'alert' })
  const copy = element('button', { type: 'button', textContent: say('copy') })
  const field = element('textarea', { rows: 2, spellcheck: false, autocomplete: 'off' })
  const take = element('button', { type: 'submit', className: 'main', textContent: say('connect') })
  const camera = element('button', { type: 'button', textContent: say('camera') })
  const video = element('video', { muted: true, playsInline: true, hidden: true, ariaLabel: say('see') })
  const form = element('form', { noValidate: true }, [
    element('p', { textContent: say('answer') }),
    video,
    camera,
    element('label', {}, [element('span', { textContent: say('paste') }), field]),
    take,
  ])
  const cancel = element('button', { type: 'button', textContent: say('cancel') })
  const title = element('h2', { id: 'title', textContent: say('title') })
  const dialog = element('dialog', { lang: words.language, dir: words.direction }, [
    title,
    element('p', { textContent: say('scan') }),
    qr,
    copy,
    ...(bridge === null
      ? [form]
      : [
          element('p', { className: 'soft', textContent: say('waiting', bridge) }),
          element('details', {}, [element('summary', { textContent: say('byHand') }), form]),
        ]),
    status,
    trouble,
    cancel,
  ])
  dialog.setAttribute('aria-labelledby', title.id)

  const host = element('div', {})
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  root.append(dialog)
  document.documentElement.append(host)

  const close = () => {
    looking.abort()
    dialog.close()
    host.remove()
    if (before instanceof HTMLElement) before.focus()
  }
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(code).then(
      () => {
        status.textContent = say('copied')
      },
      // Where the clipboard is refused, the text is there to be copied by hand.
      () => {
        field.value = code
        field.select()
      },
    )
  })
  camera.addEventListener('click', () => {
    camera.hidden = true
    video.hidden = false
    let last = ''
    const seen = (text: string) => {
      if (text === last) return
      last = text
      onAnswer(text)
    }
    scanCodes(video, seen, looking.signal).catch(() => {
      video.hidden = true
      trouble.textContent = say('CAMERA')
    })
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (field.value.trim() !== '') onAnswer(field.value)
  })
  cancel.addEventListener('click', onCancel)
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    onCancel()
  })
  dialog.showModal()

  return {
    show(shown) {
      code = shown
      const { size, path } = qrCode(shown)
      qr.setAttribute('viewBox', `0 0 ${size} ${size}`)
      qr.replaceChildren(
        svg('rect', { width: String(size), height: String(size), class: 'light' }),
        svg('path', { d: path, class: 'dark' }),
      )
      dialog.dataset.code = shown
      field.value = ''
    },
    busy(on) {
      take.disabled = on
      status.textContent = on ? say('connecting') : ''
      if (on) trouble.textContent = ''
    },
    problem(text) {
      trouble.textContent = text
    },
    close,
  }
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  fields: Partial<HTMLElementTagNameMap[K]>,
  children: readonly Node[] = [],
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), fields)
  made.append(...children)
  return made
}

function svg(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
