/** The window for what sites ask. It closes when nothing is left to decide; closing it says no. */
import { soon } from './infrastructure/own-page.ts'
import { drawWallet } from './page/draw.tsx'

/** A site that asks for several things in turn gets one window, not one after the other. */
const GRACE = 400

void drawWallet({
  surface: 'approval',
  onIdle: (facade) =>
    soon(() => {
      if (facade.state.approvals.length === 0) window.close()
    }, GRACE),
})
