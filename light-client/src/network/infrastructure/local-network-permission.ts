import { addressSpaceOf, hostOf, LocalNetworkDenied, needsPermission } from '../local-network.ts'

/** Newer browsers tell the two apart, older ones know the common name. */
const NAMES = {
  local: ['local-network', 'local-network-access'],
  loopback: ['loopback-network', 'local-network-access'],
}

/**
 * Why none of `addresses` (URLs or multiaddrs) could be reached, if it is for want of permission: each of them would need
 * it, and the browser says that it was denied. Null otherwise, and wherever no browser asks.
 */
export async function localNetworkDenial(addresses: readonly string[]): Promise<LocalNetworkDenied | null> {
  const { location, navigator } = globalThis as { location?: Location; navigator?: Navigator }
  if (!location?.protocol.startsWith('http') || !navigator?.permissions) return null
  for (const address of addresses) {
    if (!needsPermission(location.hostname, address)) return null
    const space = addressSpaceOf(hostOf(address) ?? '')
    if (space === 'public' || !(await isDenied(navigator.permissions, NAMES[space]))) return null
  }
  return addresses[0] === undefined ? null : new LocalNetworkDenied(addresses[0])
}

async function isDenied(permissions: Permissions, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    // a name the browser does not know is a TypeError
    const status = await permissions.query({ name: name as PermissionName }).catch(() => null)
    if (status) return status.state === 'denied'
  }
  return false
}
