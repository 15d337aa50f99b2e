/** The window for what sites ask. It closes when nothing is left to decide; closing it says no. */
import { ask, soon } from './infrastructure/own-page.ts'
import { drawWallet } from './page/draw.tsx'

/** A site that asks for several things in turn gets one window, not one after the other. */
const GRACE = 400

void drawWallet({
  surface: 'approval',
  onIdle: (facade) =>
    soon(async () => {
      // What is asked while it closes must not fall into it: the worker knows of everything that waits.
      if (facade.state.approvals.length === 0 && (await ask({ ask: 'leave' })).may) window.close()
    }, GRACE),
})
