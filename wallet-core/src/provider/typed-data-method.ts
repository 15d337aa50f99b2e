/** `eth_signTypedData_v4` (EIP-712), and `eth_signTypedData_v3` where both mean the same. */
import type { Hex } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import type { Core } from '../facade/core.ts'
import type { Approval } from '../facade/facade.ts'
import { withinPatience } from '../intent/understanding.ts'
import { requireSigner, signAs } from '../signing/sign-as.ts'
import { type Signable, signatureText } from '../signing/signable.ts'
import { hashTypedData, linesOf, type SignedLine } from '../signing/typed-data/hash.ts'
import { parseTypedData } from '../signing/typed-data/parse.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import { addressParam, type Params } from './parameters.ts'
import { authorized } from './signing-methods.ts'

/** Lines that one decision may have: more is signed unread. */
const MOST_LINES = 1000

/** Version 3 knows no lists; everything else that is accepted here it signs as version 4 does. */
export function signTypedDataV3(core: Core, origin: string, params: Params): Promise<Hex> {
  for (const [name, members] of parseTypedData(params[1]).types)
    if (members.some(({ type }) => type.endsWith(']')))
      throw invalidParams(`typed data: ${name.slice(0, 80)} has a list, which only eth_signTypedData_v4 signs`)
  return signTypedDataV4(core, origin, params)
}

export async function signTypedDataV4(core: Core, origin: string, [who, data]: Params): Promise<Hex> {
  const { keyring, approvals, ports } = core
  const id = core.freshId()
  const { engines, network } = ports
  const account = await authorized(core, origin, addressParam(who, 'address', engines.hashes.keccak256))
  requireSigner(account)
  const typed = parseTypedData(data)
  const hashed = hashTypedData(typed, engines.hashes)
  const [domain, message] = [linesOf(hashed.domain), linesOf(hashed.message)]
  if (domain.length + message.length > MOST_LINES)
    throw invalidParams(`typed data: it has more than ${MOST_LINES} lines, which nobody can read`)
  const chainId = chainOf(domain)
  if (chainId !== null && chainId !== BigInt(network.chainId))
    throw new RpcError(
      RPC.chainDisconnected,
      `This is for chain ${chainId}; this wallet is on chain ${network.chainId}.`,
    )
  const understander = core.understand({
    kind: 'typed-data',
    data: { signer: account.address, primaryType: typed.primaryType, domain, message },
  })
  const first = understander.look(false)
  const shownWhole = await withinPatience(first, ports.clock)
  // Meanwhile the permission may have been taken back.
  await authorized(core, origin, account.address)
  let revision = 1
  const view = (): Approval => ({
    id,
    revision,
    kind: 'sign-typed-data',
    origin,
    accountId: account.id,
    primaryType: typed.primaryType,
    domain,
    message,
    digest: toHex(hashed.digest),
    domainHash: toHex(hashed.domainHash),
    messageHash: toHex(hashed.messageHash),
    understanding: understander.view,
  })
  const json = typeof data === 'string' ? data : JSON.stringify(data)
  const signable: Signable = { kind: 'typed-data', hashed, json }
  const answer = Promise.withResolvers<Hex>()
  approvals.add({
    approval: view(),
    async renew(insist) {
      if (await understander.look(insist)) revision++
      return view()
    },
    signable: () => ({ account, signable }),
    async approve(given) {
      const signing = { keyring, engines, chainId: network.chainId }
      answer.resolve(signatureText(await signAs(signing, account, signable, given.answer ?? null)))
    },
    rejected: (error) => answer.reject(error),
  })
  if (!shownWhole)
    void first.then((changed) => {
      if (changed) revision++
      return approvals.renew(id)
    })
  ports.attention?.()
  return answer.promise
}

/** A signature for another chain could be used there while its owner believes it is for this one. */
function chainOf(domain: readonly SignedLine[]): bigint | null {
  const value = domain.find(({ name }) => name === 'chainId')?.value
  return typeof value === 'bigint' ? value : null
}
