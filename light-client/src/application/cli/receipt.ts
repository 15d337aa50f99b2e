/** `prove`, `verify`, `relink` and `show`: proof receipts on the command line. @module */
import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { fromHex } from '../../data/hex.ts'
import { clockAt, platformClock } from '../../infrastructure/clock.ts'
import { readBytes, writeBytes } from '../../infrastructure/files.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { EvidenceSource } from '../../network/evidence-source.ts'
import { decodeReceipt, MAX_RECEIPT_BYTES, viewReceipt } from '../receipt/format.ts'
import { makeReceipt, type Question } from '../receipt/make-receipt.ts'
import { receiptSource } from '../receipt/receipt-source.ts'
import { relinkReceipt } from '../receipt/relink-receipt.ts'
import type { Standing } from '../receipt/standing-client.ts'
import { checkedForm, verifyReceipt } from '../receipt/verify-receipt.ts'
import { type Provenance, provenanceForm } from '../rpc/method.ts'
import { createSourcePool } from '../source-pool.ts'
import { warnOfLongTrust } from './checkpoint.ts'
import { openSources } from './open-sources.ts'
import { type ChainOptions, type CommandLine, networkOf, readAge, text, trustOf, UsageError } from './options.ts'
import { EXIT_CODES, type Output } from './output.ts'

/** The receipt holds, but only if the root that stands in it is the true one, for the verifier named none. */
export const EXIT_ASSUMED = 6

/** `glowworm prove METHOD PARAMS [METHOD PARAMS…] --out FILE` */
export async function prove(
  questions: readonly Question[],
  line: CommandLine,
  options: ChainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  await make((standing) => makeReceipt(questions, standing), [], line, options, output, signal)
}

/** @throws {UsageError} */
export function readQuestions(line: CommandLine): Question[] {
  const words = line.words.slice(1)
  if (words.length === 0 || words.length % 2 !== 0)
    throw new UsageError(`expected a method and its parameters as JSON, as in eth_getBalance '["0x…","finalized"]'`)
  outOf(line)
  const questions: Question[] = []
  for (let i = 0; i < words.length; i += 2) questions.push({ method: words[i]!, params: parameters(words[i + 1]!) })
  return questions
}

/** `glowworm relink FILE --checkpoint ROOT --out FILE`: the same answers, from a root that is trusted today. */
export async function relink(
  line: CommandLine,
  options: ChainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const receipt = decodeReceipt(await readBytes(fileOf(line), MAX_RECEIPT_BYTES))
  // Nodes forget old state; the receipt has it. What links it to the new root comes from the nodes.
  await make((standing) => relinkReceipt(receipt, standing), [receiptSource(receipt)], line, options, output, signal)
}

async function make(
  work: (standing: Standing) => ReturnType<typeof makeReceipt>,
  before: readonly EvidenceSource[],
  line: CommandLine,
  options: ChainOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const out = outOf(line)
  const engines = await loadHeadlessEngines()
  const clock = options.asOf === null ? platformClock : clockAt(options.asOf)
  const pool = createSourcePool(clock, ({ source, lie }) =>
    output.warn(`${source.description.words} sent false evidence: ${lie?.error.message}`),
  )
  const opened = await openSources(options, engines, output)
  for (const source of [...before, ...opened.sources]) pool.add(source)
  const start = platformClock.now()
  try {
    const { profile } = options
    const onProgress = (done: number, of: number) => output.live(`checking committee ${done} of ${of}`)
    const made = await work({ profile, engines, trust: trustOf(options), pool, clock, signal, onProgress })
    await writeBytes(out, made.file)
    output.step(`${made.answers.length} answers proven, ${made.file.length} bytes`, platformClock.now() - start)
    const claims = made.answers.map(({ result, provenance }, i) => ({ ...made.receipt.claims[i]!, result, provenance }))
    output.result(
      {
        file: out,
        bytes: made.file.length,
        checkpoint: options.checkpoint,
        claims: claims.map(({ provenance, ...claim }) => ({ ...claim, provenance: provenanceForm(provenance) })),
      },
      [...claims.flatMap(describe), `written to ${out}`],
    )
  } finally {
    await pool.close()
    await opened.close()
  }
}

/** `glowworm verify FILE --trust ROOT`, offline. @returns the exit code */
export async function verify(line: CommandLine, output: Output): Promise<number> {
  const trust = text(line.values.trust)
  if (trust !== undefined) fromHex(trust, '--trust', 32)
  const { asOf, maxAgeDays } = readAge(line)
  const profile = await networkOf(line)
  warnOfLongTrust({ profile, maxAgeDays, asOf }, output)
  const checked = await verifyReceipt(
    await readBytes(fileOf(line), MAX_RECEIPT_BYTES),
    trust === undefined ? null : (trust.toLowerCase() as Hex),
    {
      profile,
      engines: await loadHeadlessEngines(),
      clock: asOf === null ? platformClock : clockAt(asOf),
      ...(maxAgeDays === undefined ? {} : { maxAgeDays }),
    },
  )
  const { checkpoint } = checked.receipt
  const historical = asOf === null ? null : new Date(asOf).toISOString()
  output.result({ ...checkedForm(checked), ...(historical === null ? {} : { asOf: historical }) }, [
    ...(historical === null ? [] : [`historical: judged as of ${historical}, not now`]),
    ...checked.claims.flatMap(describe),
    checked.trusted
      ? `proven from your root ${checkpoint} of ${profile.name}`
      : `true only if ${checkpoint} is a block of ${profile.name}: that root stands in the file, and you named none`,
  ])
  if (!checked.trusted) output.warn('the root of this receipt is an assumption; name yours with --trust ROOT')
  return checked.trusted ? EXIT_CODES.ok : EXIT_ASSUMED
}

/** `glowworm show FILE`: the JSON view. Nothing is verified. */
export async function show(line: CommandLine, output: Output): Promise<void> {
  const view = viewReceipt(decodeReceipt(await readBytes(fileOf(line), MAX_RECEIPT_BYTES)))
  output.result(view, [JSON.stringify(view, null, 2)])
}

function describe({ method, params, result, provenance }: Question & { result: unknown; provenance: Provenance }) {
  const { block } = provenance
  return [
    `${method} ${JSON.stringify(params)}`,
    `  ${JSON.stringify(result)}`,
    `  ${block ? `${block.finality} · block ${block.number} ${block.hash} · ` : ''}${provenance.method}`,
  ]
}

function outOf({ values }: CommandLine): string {
  const out = text(values.out)
  if (out === undefined) throw new UsageError('--out FILE is needed: where the receipt goes')
  return out
}

function fileOf({ words }: CommandLine): string {
  const [, file, ...surplus] = words
  if (file === undefined || surplus.length > 0) throw new UsageError('expected the path of one receipt')
  return file
}

function parameters(json: string): readonly unknown[] {
  try {
    const params: unknown = JSON.parse(json)
    if (Array.isArray(params)) return params
  } catch {}
  throw new UsageError(`${json.slice(0, 40)}: the parameters of a method are a JSON list`)
}
