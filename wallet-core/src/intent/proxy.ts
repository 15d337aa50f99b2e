/** Which code really runs: proxies keep its address where it can be proven. @module */
import type { Hex } from '@glowworm/light-client'
import type { Shown } from '../facade/facade.ts'
import { encodeCall } from './abi/encode.ts'
import type { ProxyView } from './intent.ts'
import { derived, provenValue, type Resolvers } from './resolvers.ts'

/** keccak256('eip1967.proxy.implementation') − 1, and the same of `beacon` (EIP-1967). */
export const IMPLEMENTATION_SLOT: Hex = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
export const BEACON_SLOT: Hex = '0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50'
/** keccak256('org.zeppelinos.proxy.implementation'): older, and still under some of the largest tokens. */
export const ZEPPELINOS_SLOT: Hex = '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3'
/** EIP-1167: the whole code of a minimal proxy around an address. */
const MINIMAL = /^0x363d3d373d3d3d363d73([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3$/
/** EIP-7702: the whole code of an account that another one's code acts for. */
const DELEGATION = /^0xef0100([0-9a-f]{40})$/

/** What stands behind `code` at `address`. Null in it: nothing, the code is what it is. */
export async function readProxy(
  address: Hex,
  code: Shown<Hex>,
  resolvers: Resolvers,
): Promise<Shown<ProxyView | null>> {
  const bytes = provenValue(code)
  if (bytes === null) return code as Shown<never>
  if (bytes === '0x') return derived(code, () => null)
  const whole = (kind: 'minimal' | 'delegation', form: RegExp): ProxyView | null => {
    const found = form.exec(bytes)?.[1]
    return found === undefined ? null : { kind, implementation: `0x${found}`, changeable: kind === 'delegation' }
  }
  const itself = whole('minimal', MINIMAL) ?? whole('delegation', DELEGATION)
  if (itself) return derived(code, () => itself)
  const [implementation, beacon, older] = await Promise.all(
    [IMPLEMENTATION_SLOT, BEACON_SLOT, ZEPPELINOS_SLOT].map((slot) => resolvers.storage(address, slot)),
  )
  for (const [kind, slot] of [
    ['eip1967', implementation!],
    ['zeppelinos', older!],
  ] as const) {
    const held = provenValue(slot)
    if (held === null) return slot as Shown<never>
    const behind = addressIn(held)
    if (behind) return derived(slot, () => ({ kind, implementation: behind, changeable: true }))
  }
  const held = provenValue(beacon!)
  if (held === null) return beacon as Shown<never>
  const keeper = addressIn(held)
  if (!keeper) return derived(beacon!, () => null)
  const answer = await resolvers.call(keeper, encodeCall('implementation()', [], resolvers.keccak256))
  return derived(answer, ({ status, returnData }) => {
    const behind = status === 'success' && returnData.length === 66 ? addressIn(returnData) : null
    return behind && { kind: 'beacon', implementation: behind, changeable: true }
  })
}

/** The address in a word, if it is one and not zero. */
function addressIn(word: Hex): Hex | null {
  return /^0x0{24}(?!0{40})[0-9a-f]{40}$/.test(word) ? `0x${word.slice(26)}` : null
}
