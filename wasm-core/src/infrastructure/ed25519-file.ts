import { readArtefact } from './wasm-files.ts'

/** Apart from the other artefacts, so that what does without it does not ship it. @throws {MissingArtefact} */
export const readEd25519File = (): Promise<Uint8Array<ArrayBuffer>> =>
  readArtefact('ed25519', new URL('../../wasm/ed25519.wasm', import.meta.url))
