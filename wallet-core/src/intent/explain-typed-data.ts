/** What a signature under typed data would allow: permits of every kind, Safe transactions, or nothing known. @module */
import type { Hex } from '@glowworm/light-client'
import type { SignedLine } from '../signing/typed-data/hash.ts'
import type { Atom } from '../signing/typed-data/read-value.ts'
import { UnreadableData } from './abi/decode.ts'
import { createExplainer } from './explain.ts'
import { allowanceOf, allowToken } from './functions/allowances.ts'
import { explainSafe } from './functions/batch-functions.ts'
import { type Meaning, warning } from './functions/known-function.ts'
import { PERMIT2 } from './functions/permit2-functions.ts'
import type { FunctionTable } from './functions/table.ts'
import type { ContractView, ExplainedData, Intent } from './intent.ts'
import { readProxy } from './proxy.ts'
import { provenValue, type Resolvers } from './resolvers.ts'

export async function explainTypedData(
  data: ExplainedData,
  table: FunctionTable,
  resolvers: Resolvers,
): Promise<Intent> {
  const verifying = data.domain.find(({ path }) => path === 'verifyingContract')?.value
  const contract = typeof verifying === 'string' ? (verifying as Hex) : null
  const [view, meaning] = await Promise.all([
    contract === null ? null : viewOf(contract, resolvers),
    contract === null ? null : meaningOf(data, contract, table, resolvers),
  ])
  const { action, warnings } = meaning ?? {
    action: { kind: 'unknown-data', primaryType: data.primaryType } as const,
    warnings: [],
  }
  const noCode = contract !== null && view === null ? [warning('no-code', contract)] : []
  const behind = view && provenValue(view.proxy)
  const proxy = behind?.changeable ? [warning('proxy', behind.implementation)] : []
  return { action, value: 0n, contract: view, warnings: [...warnings, ...noCode, ...proxy] }
}

async function viewOf(address: Hex, resolvers: Resolvers): Promise<ContractView | null> {
  const code = await resolvers.code(address)
  return provenValue(code) === '0x' ? null : { address, proxy: await readProxy(address, code, resolvers) }
}

/** Null for what is not known. A known name with members of other types is not known. */
async function meaningOf(
  { primaryType, message, signer }: ExplainedData,
  contract: Hex,
  table: FunctionTable,
  resolvers: Resolvers,
): Promise<Meaning | null> {
  const shape = `${primaryType}(${message.map(({ path, type }) => `${type} ${path}`).join(',')})`
  const values = new Map(message.map(({ path, value }) => [path, value]))
  const read = <T extends Atom>(path: string) => values.get(path) as T
  const permit = (parts: Parameters<typeof allowToken>[0], deadline: bigint) => expiring(parts, deadline, resolvers)
  switch (shape) {
    case 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)':
      return permit(
        {
          token: contract,
          owner: read<Hex & string>('owner'),
          spender: read<Hex & string>('spender'),
          way: 'set',
          allowance: allowanceOf(read<bigint>('value'), 256),
          through: null,
          signed: true,
        },
        read<bigint>('deadline'),
      ).then((meaning) => owned(meaning, read<Hex & string>('owner'), signer))
    case 'Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)':
      return permit(
        {
          token: contract,
          owner: read<Hex & string>('holder'),
          spender: read<Hex & string>('spender'),
          way: 'set',
          allowance: { amount: read<boolean>('allowed') ? null : 0n, until: null },
          through: null,
          signed: true,
        },
        read<bigint>('expiry') === 0n ? 2n ** 256n - 1n : read<bigint>('expiry'),
      ).then((meaning) => owned(meaning, read<Hex & string>('holder'), signer))
    case `SafeTx(${SAFE_MEMBERS})`:
      return explainSafeTx(read, contract, table, resolvers)
  }
  return permit2(shape, message, signer, contract, resolvers)
}

const SAFE_MEMBERS =
  'address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce'

async function explainSafeTx(
  read: <T extends Atom>(path: string) => T,
  safe: Hex,
  table: FunctionTable,
  resolvers: Resolvers,
): Promise<Meaning | null> {
  const explainer = createExplainer(table, resolvers)
  try {
    return await explainSafe(
      safe,
      read<Hex & string>('to'),
      read<bigint>('value'),
      read<Uint8Array>('data'),
      read<bigint>('operation'),
      { inner: explainer.explain },
    )
  } catch (error) {
    if (error instanceof UnreadableData) return null
    throw error
  }
}

const DETAILS = (at: string, type: string) =>
  `${type} ${at},address ${at}.token,uint160 ${at}.amount,uint48 ${at}.expiration,uint48 ${at}.nonce`
const TAKEN = (at: string) => `TokenPermissions ${at},address ${at}.token,uint256 ${at}.amount`

/** Permit2's own messages. At another address they could mean anything. */
async function permit2(
  shape: string,
  message: readonly SignedLine[],
  owner: Hex,
  contract: Hex,
  resolvers: Resolvers,
): Promise<Meaning | null> {
  const values = new Map(message.map(({ path, value }) => [path, value]))
  const [spender, deadline, lasting] = [values.get('spender'), values.get('sigDeadline'), values.get('deadline')]
  const list = listShape(message)
  const lasts = [
    `PermitSingle(${DETAILS('details', 'PermitDetails')},address spender,uint256 sigDeadline)`,
    `PermitBatch(PermitDetails[] details,${list.map((at) => DETAILS(at, 'PermitDetails')).join(',')},address spender,uint256 sigDeadline)`,
  ].includes(shape)
  const takes = [
    `PermitTransferFrom(${TAKEN('permitted')},address spender,uint256 nonce,uint256 deadline)`,
    `PermitBatchTransferFrom(TokenPermissions[] permitted,${list.map(TAKEN).join(',')},address spender,uint256 nonce,uint256 deadline)`,
  ].includes(shape)
  // A witness adds lines of its own, which are shown with the rest; what is allowed stands before them.
  const witnessed = [
    `PermitWitnessTransferFrom(${TAKEN('permitted')},address spender,uint256 nonce,uint256 deadline,`,
    `PermitBatchWitnessTransferFrom(TokenPermissions[] permitted,${list.map(TAKEN).join(',')},address spender,uint256 nonce,uint256 deadline,`,
  ].some((start) => shape.startsWith(start))
  if (!lasts && !takes && !witnessed) return null
  if (contract !== PERMIT2)
    return {
      action: { kind: 'unknown-data', primaryType: shape.slice(0, shape.indexOf('(')) },
      warnings: [warning('other-contract', contract)],
    }
  const places = list.length > 0 ? list : ['details', 'permitted'].filter((at) => values.has(`${at}.token`))
  if (places.length === 0) return null
  const allow = (at: string) => {
    const [token, amount] = [values.get(`${at}.token`) as Hex, values.get(`${at}.amount`) as bigint]
    const until = lasts ? (values.get(`${at}.expiration`) as bigint) : (lasting as bigint)
    return expiring(
      {
        token,
        owner,
        spender: spender as Hex,
        way: 'set',
        allowance: allowanceOf(amount, lasts ? 160 : 256, until),
        through: PERMIT2,
        signed: true,
      },
      (lasts ? deadline : lasting) as bigint,
      resolvers,
    )
  }
  const each = await Promise.all(places.map(allow))
  if (each.length === 1) return each[0]!
  const steps = each.map(({ action, warnings }): Intent => ({ action, warnings, value: 0n, contract: null }))
  return { action: { kind: 'batch', function: 'Permit2', steps }, warnings: [] }
}

/** The places of the items of a list of permissions, e.g. `details.0`. */
function listShape(message: readonly SignedLine[]): string[] {
  return message.flatMap(({ path, type }) =>
    /^(details|permitted)\.\d+$/.test(path) && /^(PermitDetails|TokenPermissions)$/.test(type) ? [path] : [],
  )
}

async function expiring(
  parts: Parameters<typeof allowToken>[0],
  deadline: bigint,
  resolvers: Resolvers,
): Promise<Meaning> {
  const meaning = await allowToken(parts, resolvers)
  if (deadline >= resolvers.now) return meaning
  return { ...meaning, warnings: [...meaning.warnings, warning('expired')] }
}

/** The signature is the signer's; a permit that names another owner is worth nothing. */
function owned(meaning: Meaning, owner: Hex, signer: Hex): Meaning {
  return owner === signer ? meaning : { ...meaning, warnings: [...meaning.warnings, warning('not-own', owner)] }
}
