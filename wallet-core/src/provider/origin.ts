/** Which pages may speak to the wallet at all. The origin comes from the browser, never from the page. */
import { RPC, RpcError } from './errors.ts'

/**
 * EIP-5593: secure contexts only, and no third-party frames. @returns the origin in its serialised form.
 * @throws {RpcError} 4100
 */
export function checkOrigin(origin: string, topOrigin: string | undefined): string {
  const url = URL.canParse(origin) ? new URL(origin) : null
  if (url === null || url.origin === 'null')
    throw new RpcError(RPC.unauthorized, 'Pages without an origin of their own cannot use the wallet.')
  if (topOrigin !== undefined && topOrigin !== url.origin)
    throw new RpcError(RPC.unauthorized, 'A frame of another site cannot use the wallet.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw new RpcError(RPC.unauthorized, 'Only pages served over https can use the wallet.')
  return url.origin
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
