/** `personal_sign` and `eth_sendTransaction`: everything that needs the user's key, and so the user. */
import type { Hex } from '@glowworm/light-client'
import { dataParam, optionalQuantity, record } from '@glowworm/light-client/application/rpc/parameters'
import { toHex } from '@glowworm/light-client/data/hex'
import { activityOf } from '../activity/activity.ts'
import type { Core } from '../facade/core.ts'
import type { Approval } from '../facade/facade.ts'
import { networkKey } from '../facade/state.ts'
import { personalMessageDigest, readableText } from '../signing/personal-message.ts'
import { requireSigner, signAs } from '../signing/sign-as.ts'
import { checkSignIn, looksLikeSignIn, parseSignIn, type SignInMessage } from '../signing/sign-in.ts'
import { type Signable, signatureText } from '../signing/signable.ts'
import { accountOfSite, NotPermitted } from '../sites/sites.ts'
import type { TransferRequest } from '../transfer/plan.ts'
import type { AccountRecord } from '../vault/content.ts'
import { Locked } from '../vault/errors.ts'
import { saidOrigin } from './claimed-site.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import { messageBytes } from './local-methods.ts'
import { addressParam, type Params } from './parameters.ts'

const MOST_MESSAGE_BYTES = 64 * 1024
const MOST_DATA_BYTES = 128 * 1024

/** The account, when the site may use it. @throws {NotPermitted} {@link Locked} */
export async function authorized(core: Core, origin: string, address: Hex): Promise<AccountRecord> {
  await core.keyring.tick()
  const { records } = core.keyring
  if (records === null) throw new Locked()
  const account = accountOfSite(records, origin, address)
  if (account === null) throw new NotPermitted()
  return account
}

export async function personalSign(core: Core, origin: string, [first, second]: Params): Promise<Hex> {
  const { keyring, approvals, ports } = core
  const { engines } = ports
  // Some libraries give address and message the other way round.
  const isAddress = (value: unknown) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)
  const [message, who] = isAddress(first) && !isAddress(second) ? [second, first] : [first, second]
  if (typeof message !== 'string') throw invalidParams('message: expected text or 0x-prefixed bytes')
  const account = await authorized(core, origin, addressParam(who, 'address', engines.hashes.keccak256))
  const bytes = messageBytes(message)
  if (bytes.length > MOST_MESSAGE_BYTES) throw invalidParams(`message: longer than ${MOST_MESSAGE_BYTES} bytes`)
  requireSigner(account)
  const signable: Signable = { kind: 'message', message: bytes }
  // Of a page on another screen: what it claims, which the approval shows as its claim.
  const asker = { origin: saidOrigin(origin), address: account.address, chainId: ports.network.chainId }
  const text = readableText(bytes)
  // Judged by what any server could read into it, not only by what would be shown.
  const loose = new TextDecoder().decode(bytes)
  let signIn: SignInMessage | null = null
  if (looksLikeSignIn(loose)) {
    signIn = parseSignIn(loose, engines.hashes.keccak256)
    checkSignIn(signIn, asker, ports.clock.now())
  }
  const approval: Approval = {
    id: core.freshId(),
    revision: 1,
    kind: 'sign-message',
    origin,
    accountId: account.id,
    text,
    bytes,
    digest: toHex(personalMessageDigest(bytes, engines.hashes.keccak256)),
    signIn: signIn && {
      domain: signIn.domain,
      statement: signIn.statement,
      uri: signIn.uri,
      nonce: signIn.nonce,
      issuedAt: signIn.issuedAt,
      expirationTime: signIn.expirationTime,
      chainId: signIn.chainId,
    },
  }
  const answer = Promise.withResolvers<Hex>()
  approvals.add({
    approval,
    signable: () => ({ account, signable }),
    async approve(given) {
      // Time passed while it was read.
      if (signIn) checkSignIn(signIn, asker, ports.clock.now())
      const signing = { keyring, engines, chainId: ports.network.chainId }
      answer.resolve(signatureText(await signAs(signing, account, signable, given.answer ?? null)))
    },
    rejected: (error) => answer.reject(error),
  })
  ports.attention?.()
  return answer.promise
}

export async function sendTransaction(core: Core, origin: string, requestId: string, params: Params): Promise<Hex> {
  const { ports, transfers } = core
  const { keccak256 } = ports.engines.hashes
  const fields = record(params[0], 'transaction')
  const account = await authorized(core, origin, addressParam(fields.from, 'from', keccak256))
  const done = answeredBefore(core, origin, requestId)
  if (done !== null) return done
  const chainId = optionalQuantity(fields.chainId, 'chainId', 53)
  if (chainId !== null && chainId !== BigInt(ports.network.chainId))
    throw new RpcError(RPC.chainDisconnected, `This wallet is on chain ${ports.network.chainId}, not ${chainId}.`)
  const { id: _id, hash } = await transfers.propose(account, requestOf(fields, origin, keccak256), {
    origin,
    request: requestId,
  })
  ports.attention?.()
  return hash
}

/** The hash a repetition of the request gets, when the transaction was signed before the worker died. */
function answeredBefore(core: Core, origin: string, requestId: string): Hex | null {
  const { records } = core.keyring
  if (records === null) return null
  const entries = activityOf(records, networkKey(core.ports.network))
  return entries.find((entry) => entry.origin === origin && entry.request === requestId)?.hash ?? null
}

/** A transaction as a site describes it; what it proposes is its own word. @throws {RpcError} */
export function requestOf(
  fields: Record<string, unknown>,
  origin: string,
  keccak256: (data: Uint8Array) => Uint8Array,
): Omit<TransferRequest, 'from'> {
  // Whatever it says, what is signed is of type 2; the others mean something that nobody here was asked about.
  if (!['0x0', '0x1', '0x2', undefined, null].includes(fields.type as string))
    throw invalidParams('type: expected 0x0, 0x1 or 0x2')
  const to = fields.to === undefined || fields.to === null ? null : addressParam(fields.to, 'to', keccak256)
  const data = dataOf(fields)
  if (to === null && data === '0x') throw invalidParams('to: missing, and there is no code to create a contract from')
  if (data.length > 2 + 2 * MOST_DATA_BYTES) throw invalidParams(`data: longer than ${MOST_DATA_BYTES} bytes`)
  if (Array.isArray(fields.accessList) && fields.accessList.length > 0)
    throw invalidParams('accessList: not supported; leave it out')
  for (const field of ['blobs', 'blobVersionedHashes', 'authorizationList', 'maxFeePerBlobGas'])
    if (fields[field] !== undefined) throw invalidParams(`${field}: not supported`)
  const gasPrice = optionalQuantity(fields.gasPrice, 'gasPrice', 256)
  const maxFeePerGas = optionalQuantity(fields.maxFeePerGas, 'maxFeePerGas', 256) ?? gasPrice
  const tip = optionalQuantity(fields.maxPriorityFeePerGas, 'maxPriorityFeePerGas', 256) ?? gasPrice
  if (gasPrice !== null && (fields.maxFeePerGas ?? fields.maxPriorityFeePerGas) != null)
    throw invalidParams('gasPrice: not together with maxFeePerGas or maxPriorityFeePerGas')
  if (maxFeePerGas !== null && tip !== null && tip > maxFeePerGas)
    throw invalidParams('maxPriorityFeePerGas: greater than maxFeePerGas')
  return {
    to,
    value: optionalQuantity(fields.value, 'value', 256) ?? 0n,
    data,
    proposed: {
      by: new URL(origin).host,
      gasLimit: optionalQuantity(fields.gas ?? fields.gasLimit, 'gas', 64),
      maxFeePerGas,
      maxPriorityFeePerGas: tip,
    },
  }
}

function dataOf({ data, input }: Record<string, unknown>): Hex {
  const given = [data, input].filter((value) => value !== undefined && value !== null)
  const [one, other] = given.map((value) => dataParam(value, 'data'))
  if (one !== undefined && other !== undefined && one !== other) throw invalidParams('data and input differ')
  return one ?? '0x'
}
