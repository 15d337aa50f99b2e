/** The chain a site asks for: EIP-3326 and EIP-3085. A wallet is for one network, and does not change it for a site. */
import { quantityParam, record } from '@glowworm/light-client/application/rpc/parameters'
import type { Core } from '../facade/core.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import type { Params } from './parameters.ts'

const MOST_TEXT = 256
const MOST_URLS = 32

/** @throws {RpcError} 4902 for another chain */
export function switchChain(core: Core, [target]: Params): null {
  return stayOn(core, chainIdOf(record(target, 'chain').chainId))
}

/**
 * Nothing is added, and no address in it is ever contacted. What describes the wallet's own chain differently is
 * refused: a site would show amounts under the wrong name.
 * @throws {RpcError} -32602, or 4902 for another chain
 */
export function addChain(core: Core, [target]: Params): null {
  const chain = record(target, 'chain')
  const chainId = chainIdOf(chain.chainId)
  optional(chain.chainName, 'chainName', text)
  optional(chain.nativeCurrency, 'nativeCurrency', currency)
  for (const field of ['rpcUrls', 'blockExplorerUrls', 'iconUrls'])
    optional(chain[field], field, (value) => urls(value, field, field === 'rpcUrls'))
  if (chainId === BigInt(core.ports.network.chainId) && chain.nativeCurrency !== undefined) {
    const { symbol, decimals } = record(chain.nativeCurrency, 'nativeCurrency')
    if (symbol !== undefined && symbol !== core.ports.network.symbol)
      throw invalidParams(`nativeCurrency.symbol: chain ${chainId} has ${core.ports.network.symbol}`)
    if (decimals !== undefined && decimals !== 18)
      throw invalidParams(`nativeCurrency.decimals: chain ${chainId} has 18`)
  }
  return stayOn(core, chainId)
}

function chainIdOf(value: unknown): bigint {
  const chainId = quantityParam(value, 'chainId', 53)
  if (chainId === 0n) throw invalidParams('chainId: there is no chain 0')
  if (/^0x0/.test(value as string)) throw invalidParams('chainId: leading zeros')
  return chainId
}

function stayOn(core: Core, chainId: bigint): null {
  if (chainId !== BigInt(core.ports.network.chainId))
    throw new RpcError(RPC.unrecognizedChain, `This wallet is on chain ${core.ports.network.chainId} only.`)
  return null
}

function optional(value: unknown, what: string, check: (value: unknown, what: string) => void): void {
  if (value !== undefined && value !== null) check(value, what)
}

function text(value: unknown, what: string): void {
  if (typeof value !== 'string' || value.length === 0 || value.length > MOST_TEXT)
    throw invalidParams(`${what}: expected text of 1 to ${MOST_TEXT} characters`)
}

function currency(value: unknown, what: string): void {
  const { name, symbol, decimals } = record(value, what)
  optional(name, `${what}.name`, text)
  optional(symbol, `${what}.symbol`, text)
  if (
    decimals !== undefined &&
    !(Number.isInteger(decimals) && (decimals as number) >= 0 && (decimals as number) <= 255)
  )
    throw invalidParams(`${what}.decimals: expected a whole number from 0 to 255`)
}

function urls(value: unknown, what: string, secure: boolean): void {
  if (!Array.isArray(value) || value.length > MOST_URLS)
    throw invalidParams(`${what}: expected a list of at most ${MOST_URLS} addresses`)
  for (const url of value) {
    const read = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null
    const loopback = read?.protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(read.hostname)
    if (read === null || (secure && read.protocol !== 'https:' && !loopback))
      throw invalidParams(`${what}: expected addresses${secure ? ' that begin with https://' : ''}`)
  }
}
