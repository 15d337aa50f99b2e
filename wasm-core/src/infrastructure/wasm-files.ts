import { MissingArtefact } from '../errors.ts'

// Each address is written out as a literal `new URL(…, import.meta.url)`: that is the form in which bundlers recognise
// an asset, copy it and put its final address here.
const files = {
  hashes: () => new URL('../../wasm/hashes.wasm', import.meta.url),
  secp256k1: () => new URL('../../wasm/secp256k1.wasm', import.meta.url),
  bls12381: () => new URL('../../wasm/bls12381.wasm', import.meta.url),
}

export type WasmFile = keyof typeof files

/**
 * The bytes of one artefact: from the file system under Node, by `fetch` elsewhere.
 * @throws {MissingArtefact} when it cannot be read.
 */
export async function readWasmFile(name: WasmFile): Promise<Uint8Array<ArrayBuffer>> {
  return readArtefact(name, files[name]())
}

/** The same for an artefact that is loaded apart, and so names its own address. */
export async function readArtefact(name: string, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return url.protocol === 'file:' ? readLocal(url) : await download(url)
  } catch (cause) {
    throw new MissingArtefact(name, cause)
  }
}

/** Asks the process for `node:fs` instead of importing it, so that bundlers for browsers never see it. */
function readLocal(url: URL): Uint8Array<ArrayBuffer> {
  return new Uint8Array(process.getBuiltinModule('node:fs').readFileSync(url))
}

async function download(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`HTTP status ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}
