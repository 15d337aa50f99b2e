/**
 * Builds the WebAssembly artefacts of `targets.ts`.
 *
 *   node build.ts [name …] [--update-digests] [--size] [--force]
 *
 * For each target: run its generators into `generated/<name>/`, compile with asc, drop every custom section, then
 * hold the result against the table (exports, byte budgets) and against the committed `digests.json`. A target whose
 * inputs have not changed is not compiled again, but is still checked. `--size` prints the table as Markdown.
 * @module
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { type Target, targets } from './targets.ts'

const home = dirname(fileURLToPath(import.meta.url))
const digestFile = join(home, 'digests.json')

interface Artefact {
  target: Target
  bytes: Uint8Array<ArrayBuffer>
  brotli: number
  digest: string
  compiled: boolean
}

/** What the last compilation read and wrote; a target is up to date while all of it still holds. */
interface Stamp {
  recipe: string
  sources: Record<string, string>
  wasm: string
}

const args = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('--'))
const unknown = names.filter((name) => !targets.some((target) => target.name === name))
if (unknown.length > 0) fail([`no such target: ${unknown.join(', ')}`])
await build(names.length > 0 ? targets.filter((target) => names.includes(target.name)) : targets)

async function build(wanted: readonly Target[]): Promise<void> {
  const problems: string[] = []
  const artefacts: Artefact[] = []
  for (const target of wanted) {
    const artefact = await produce(target)
    artefacts.push(artefact)
    problems.push(...check(artefact))
  }
  if (args.includes('--update-digests') && problems.length === 0) writeDigests(artefacts)
  problems.push(...artefacts.flatMap(checkDigest))
  report(artefacts)
  if (problems.length > 0) fail(problems)
}

async function produce(target: Target): Promise<Artefact> {
  await runGenerators(target)
  const out = join(home, 'wasm', `${target.name}.wasm`)
  const stampFile = join(home, 'generated', `${target.name}.stamp.json`)
  const recipe = sha256(JSON.stringify([target, compilerVersion()]))
  const fresh = !args.includes('--force') && upToDate(stampFile, out, recipe)
  if (!fresh) {
    const { wasm, sources } = await compile(target)
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, wasm)
    const stamp: Stamp = { recipe, sources, wasm: sha256(wasm) }
    writeFileSync(stampFile, JSON.stringify(stamp, null, 2))
  } else {
    utimesSync(out, new Date(), new Date()) // whoever asks by time whether it is up to date gets the right answer
  }
  const bytes = new Uint8Array(readFileSync(out))
  return { target, bytes, brotli: brotliCompressSync(bytes).length, digest: sha256(bytes), compiled: !fresh }
}

/** Generated files are replaced as a whole, and only when they differ, so nothing stale survives. */
async function runGenerators(target: Target): Promise<void> {
  const folder = join(home, 'generated', target.generated ?? target.name)
  const files = new Map<string, string>()
  for (const script of target.generators) {
    const module = (await import(pathToFileURL(join(home, script)).href)) as { generate(): Record<string, string> }
    for (const [name, source] of Object.entries(module.generate())) {
      if (files.has(name)) fail([`${target.name}: two generators print ${name}`])
      files.set(name, source)
    }
  }
  mkdirSync(folder, { recursive: true })
  for (const stale of readdirSync(folder).filter((name) => !files.has(name))) rmSync(join(folder, stale))
  for (const [name, source] of files) {
    const path = join(folder, name)
    if (!existsSync(path) || readFileSync(path, 'utf8') !== source) writeFileSync(path, source)
  }
}

function upToDate(stampFile: string, out: string, recipe: string): boolean {
  if (!existsSync(stampFile) || !existsSync(out)) return false
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp
  if (stamp.recipe !== recipe || stamp.wasm !== sha256(readFileSync(out))) return false
  return Object.entries(stamp.sources).every(([path, digest]) => {
    const file = join(home, path)
    return existsSync(file) && sha256(readFileSync(file)) === digest
  })
}

async function compile(target: Target): Promise<{ wasm: Uint8Array; sources: Record<string, string> }> {
  const asc = await import('assemblyscript/asc') // loaded late: it takes a second that an unchanged build need not pay
  const sources: Record<string, string> = {}
  let wasm: Uint8Array | undefined
  const maximum = target.maxPages ?? target.pages
  const memory = ['--initialMemory', String(target.pages), '--maximumMemory', String(maximum)]
  const { error, stderr } = await asc.main([target.entry, ...target.flags, ...memory, '--outFile', 'out.wasm'], {
    readFile(name) {
      const path = join(home, name)
      if (!existsSync(path)) return null
      const text = readFileSync(path, 'utf8')
      sources[name] = sha256(text)
      return text
    },
    writeFile(_name, contents) {
      if (typeof contents !== 'string') wasm = contents
    },
    listFiles: () => [],
  })
  if (error || !wasm) fail([`${target.name} does not compile:\n${stderr.toString()}${error?.message ?? ''}`])
  return { wasm: withoutCustomSections(wasm), sources }
}

/** Custom sections (`name`, `producers`, source map links) carry no behaviour and would name the tool chain. */
function withoutCustomSections(wasm: Uint8Array): Uint8Array {
  const kept = [wasm.subarray(0, 8)]
  for (let at = 8; at < wasm.length; ) {
    const start = at
    const id = wasm[at++]!
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++]!
      size |= (byte & 127) << shift
      if (byte < 128) break
    }
    at += size
    if (id !== 0) kept.push(wasm.subarray(start, at))
  }
  return Buffer.concat(kept)
}

function check({ target, bytes, brotli }: Artefact): string[] {
  const module = new WebAssembly.Module(bytes)
  const problems: string[] = []
  const imports = WebAssembly.Module.imports(module).map(({ name }) => name)
  if (imports.length > 0) problems.push(`${target.name} imports ${imports.join(', ')}; kernels import nothing`)
  const got = WebAssembly.Module.exports(module).map(({ name }) => name)
  const missing = target.exports.filter((name) => !got.includes(name))
  const surplus = got.filter((name) => !target.exports.includes(name))
  if (missing.length > 0)
    problems.push(`${target.name} does not export ${missing.join(', ')} (targets.ts says it does)`)
  if (surplus.length > 0) problems.push(`${target.name} exports ${surplus.join(', ')} (not in targets.ts)`)
  const { budget } = target
  if (bytes.length > budget.raw) problems.push(`${target.name}: ${bytes.length} bytes, budget ${budget.raw}`)
  if (brotli > budget.brotli) problems.push(`${target.name}: ${brotli} bytes brotli, budget ${budget.brotli}`)
  return problems
}

function checkDigest({ target, digest }: Artefact): string[] {
  const expected = readDigests()[target.name]
  if (expected === digest) return []
  return [
    `${target.name}: sha256 is ${digest}, digests.json says ${expected ?? 'nothing'}. If you changed this kernel, run ` +
      `"node build.ts ${target.name} --update-digests" and commit digests.json; if not, the build does not reproduce here.`,
  ]
}

function readDigests(): Record<string, string> {
  return existsSync(digestFile) ? (JSON.parse(readFileSync(digestFile, 'utf8')) as Record<string, string>) : {}
}

function writeDigests(artefacts: readonly Artefact[]): void {
  const digests = {
    ...readDigests(),
    ...Object.fromEntries(artefacts.map(({ target, digest }) => [target.name, digest])),
  }
  const sorted = Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(digestFile, `${JSON.stringify(sorted, null, 2)}\n`)
}

function report(artefacts: readonly Artefact[]): void {
  if (args.includes('--size')) console.log('| artefact | raw | of | brotli | of |\n|---|--:|--:|--:|--:|')
  for (const { target, bytes, brotli, compiled } of artefacts) {
    const { name, budget } = target
    if (args.includes('--size'))
      console.log(`| ${name}.wasm | ${bytes.length} | ${budget.raw} | ${brotli} | ${budget.brotli} |`)
    else console.log(`${name}.wasm: ${bytes.length} bytes, ${brotli} brotli${compiled ? '' : ' (unchanged)'}`)
  }
}

function compilerVersion(): string {
  const manifest = new URL('./package.json', import.meta.resolve('assemblyscript/asc').replace('/dist/asc.js', '/x'))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}

function fail(problems: readonly string[]): never {
  for (const problem of problems) console.error(`error: ${problem}`)
  process.exit(1)
}
