/** Has the person connect a phone: shows the dialog until there is a connection, or they have had enough. @module */
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { PageLine } from '@glowworm/light-client/network/pairing/page/page-line'
import { offerToPhone, type PageOffer } from '@glowworm/light-client/network/pairing/page/page-offer'
import { openDialog } from './dialog.ts'
import type { LineEvents } from './link.ts'
import type { DialogWords } from './words.ts'

/** After these the code that is shown is no longer good. */
const SPENT = ['PAIRING_EXPIRED', 'PAIRING_FAILED']

/**
 * @param bridge as `mailboxAddress` gives it
 * @throws an error whose message says that no phone was connected
 */
export function connectPhone(hears: LineEvents, bridge: string | null, words: DialogWords): Promise<PageLine> {
  return new Promise((resolve, reject) => {
    let offer: PageOffer | null = null
    let over = false
    let expiry: AbortController | null = null

    const dialog = openDialog({
      words,
      bridge: bridge && new URL(bridge).host,
      onAnswer: (text) => void take(offer, text),
      onCancel() {
        end()
        reject(new Error(words.say('rejected')))
      },
    })
    const end = () => {
      over = true
      expiry?.abort()
      dialog.close()
      offer?.cancel()
    }
    const say = (error: unknown): string => {
      const { code, message } = error as { code?: string; message?: string }
      return words.problem(code ?? '') ?? message ?? words.say('rejected')
    }

    async function begin(): Promise<void> {
      expiry?.abort()
      offer?.cancel()
      const mine = await offerToPhone({
        clock: platformClock,
        http: platformHttp,
        bridge,
        // What an attempt that failed still says is not the phone's.
        onText: (text) => offer === mine && hears.text(text),
        onClosed: () => offer === mine && connected && hears.closed(),
      })
      if (over) return mine.cancel()
      offer = mine
      dialog.show(mine.code)
      const ends = new AbortController()
      expiry = ends
      platformClock.sleep(mine.expiresAt - platformClock.now(), ends.signal).then(
        () => void restart(words.say('PAIRING_EXPIRED')),
        () => undefined,
      )
      mine.answer?.().then(
        (text) => take(mine, text),
        (error) => {
          if (offer === mine && !over && error instanceof Error && 'code' in error) dialog.problem(say(error))
        },
      )
    }
    let connected = false

    async function restart(why: string): Promise<void> {
      if (over) return
      await start()
      dialog.problem(`${why} ${words.say('again')}`)
    }

    async function take(from: PageOffer | null, text: string): Promise<void> {
      if (from === null || from !== offer || over) return
      dialog.busy(true)
      try {
        const line = await from.accept(text)
        if (over) return line.close()
        connected = true
        over = true
        expiry?.abort()
        dialog.close()
        resolve(line)
      } catch (error) {
        if (over) return
        dialog.busy(false)
        if (SPENT.includes((error as { code?: string }).code ?? '')) await restart(say(error))
        else dialog.problem(say(error))
      }
    }

    const start = () =>
      begin().catch((error: unknown) => {
        if (!over) dialog.problem(say(error))
      })
    void start()
  })
}
