/**
 * Reads for sites: the light client's verified JSON-RPC, one face of it per site, so that no site can reach another's
 * filters. What stands here is only what the wallet knows better: its own transactions that are in no block yet.
 * @module
 */
import type { Hex, LightClient } from '@glowworm/light-client'
import { transactionForm } from '@glowworm/light-client/application/rpc/forms/transaction'
import { METHODS } from '@glowworm/light-client/application/rpc/methods'
import { hashParam } from '@glowworm/light-client/application/rpc/parameters'
import { ANSWER_METHOD, createRpc, type Rpc, refusalOf } from '@glowworm/light-client/application/rpc/rpc'
import { fromHex } from '@glowworm/light-client/data/hex'
import { decodeTransaction } from '@glowworm/light-client/ledgers/ethereum/transaction'
import { activityOf } from '../activity/activity.ts'
import type { Core } from '../facade/core.ts'
import { networkKey } from '../facade/state.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import type { Params } from './parameters.ts'

/** Methods that a site does not get through this wallet, whatever the light client could answer. */
export const WITHHELD: Readonly<Record<string, string>> = {
  eth_sendRawTransaction: 'only transactions signed by this wallet are sent',
  eth_sign: 'a bare digest is never worth signing',
  eth_signTransaction: 'what is signed here is sent from here; use eth_sendTransaction',
  eth_signTypedData: 'version 1 signs what nobody can tell apart; use eth_signTypedData_v4',
  eth_getEncryptionPublicKey: 'keys that sign do not decrypt as well',
  eth_decrypt: 'keys that sign do not decrypt as well',
  wallet_showCallsStatus: 'what has become of calls stands in the activity of the wallet',
}

/** Answers any method that only reads. @throws {RpcError} for one that is not answered */
export async function read(core: Core, method: string, params: Params, origin: string): Promise<unknown> {
  // Wrapped or bare, it is the same question.
  const asked = method === ANSWER_METHOD ? params[0] : method
  if (typeof asked !== 'string') throw invalidParams('expected the name of a method, and its parameters as a list')
  if (Object.hasOwn(WITHHELD, asked))
    throw new RpcError(RPC.unsupportedMethod, `${asked} is not supported: ${WITHHELD[asked]}.`)
  if (!Object.hasOwn(METHODS, asked)) throw new RpcError(RPC.unsupportedMethod, `${refusalOf(asked).message}.`)
  const answer = await rpcOf(core.connection.client(), origin).request({ method, params })
  if (answer !== null || method !== 'eth_getTransactionByHash') return answer
  const hash = hashParam(params[0])
  const own = ownTransaction(core, hash, origin)
  return own && transactionForm(hash, decodeTransaction(fromHex(own, 'transaction'), core.ports.engines), null)
}

const faces = new WeakMap<LightClient, Map<string, Rpc>>()
/** Sites remembered; one that comes back later has lost its filters, as after a restart. */
const MOST_SITES = 64

function rpcOf(client: LightClient, origin: string): Rpc {
  const sites = faces.get(client) ?? new Map<string, Rpc>()
  faces.set(client, sites)
  const rpc = sites.get(origin) ?? createRpc(client)
  sites.delete(origin)
  sites.set(origin, rpc)
  if (sites.size > MOST_SITES) sites.delete(sites.keys().next().value!)
  return rpc
}

/** A transaction of this site's own that is not in a block yet: known because it was signed here. */
function ownTransaction(core: Core, hash: Hex, origin: string): Hex | null {
  const { records } = core.keyring
  if (records === null) return null
  const entries = activityOf(records, networkKey(core.ports.network))
  return entries.find((entry) => entry.origin === origin && entry.hash === hash)?.signed?.raw ?? null
}
