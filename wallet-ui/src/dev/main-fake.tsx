/** Entry of `vite dev --mode fake`: the real screens over the façade in memory. Never part of a production build. */
import type { Surface } from '../app/wallet-context.ts'
import { mountWallet } from '../mount.tsx'
import { createFakeFacade, type FakeFacade } from './fake-facade.ts'
import { SCENES } from './scenes.ts'

declare global {
  interface Window {
    /** For driving the fake from a test. */
    fakeFacade?: FakeFacade
  }
}

const wished = new URLSearchParams(window.location.search)
const scene = wished.get('scene') ?? 'fresh'
const surfaces: readonly Surface[] = ['page', 'popup', 'approval']
const facade = createFakeFacade(Object.entries(SCENES).find(([name]) => name === scene)?.[1] ?? SCENES.fresh)
window.fakeFacade = facade
const root = document.getElementById('root')
if (root)
  mountWallet(root, facade, { surface: surfaces.find((surface) => surface === wished.get('surface')) ?? 'page' })
