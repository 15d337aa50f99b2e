/** Bundles pages as an application would. @module */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type InlineConfig, type Rolldown } from 'vite'

export interface Bundle {
  /** Where the files lie. */
  readonly folder: string
  remove(): Promise<void>
}

/**
 * @param root folder of the pages
 * @param input HTML files, or a script for which a page is made
 * @param more aliases and plugins for what is not ours
 */
export async function bundlePages(
  root: string,
  input: readonly string[],
  more: { readonly alias?: { find: RegExp; replacement: string }[]; readonly plugins?: InlineConfig['plugins'] } = {},
): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'glowworm-page-'))
  const { output } = (await build({
    configFile: false,
    root,
    base: './',
    logLevel: 'error',
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'], alias: more.alias ?? [] },
    define: { 'process.env.NODE_DEBUG': 'undefined' },
    plugins: more.plugins ?? [],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: input.map((file) => join(root, file)), preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput
  if (!input.some((file) => file.endsWith('.html'))) await writeFile(join(folder, 'index.html'), pageFor(output))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** As Vite makes it of a page of HTML: what the script imports is asked for along with it. */
function pageFor(output: Rolldown.RolldownOutput['output']): string {
  const chunks = output.filter((file) => file.type === 'chunk')
  const entry = chunks.find(({ isEntry }) => isEntry)
  if (!entry) throw new Error('the bundle has no entry')
  const imported = new Set<string>(entry.imports)
  for (const name of imported)
    for (const further of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) imported.add(further)
  return [
    '<!doctype html><title>page</title><link rel="icon" href="data:,">',
    `<script type="module" crossorigin src="/${entry.fileName}"></script>`,
    ...[...imported].map((name) => `<link rel="modulepreload" crossorigin href="/${name}">`),
  ].join('\n')
}
