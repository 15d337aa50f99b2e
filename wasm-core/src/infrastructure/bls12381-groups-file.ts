import { readArtefact } from './wasm-files.ts'

/** Apart from the other artefacts, so that what does without it does not ship it. @throws {MissingArtefact} */
export const readBls12381GroupsFile = (): Promise<Uint8Array<ArrayBuffer>> =>
  readArtefact('bls12381-groups', new URL('../../wasm/bls12381-groups.wasm', import.meta.url))
