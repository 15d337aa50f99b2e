/** Loads identity when it is first needed. A module of its own: shells that cannot load modules later do not contain any of it. */
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { LoadIdentity } from '../identity/holder/access.ts'

export const loadIdentity: LoadIdentity = async (access) => {
  const [{ createLocalIdentity }, { loadBls12381Groups }] = await Promise.all([
    import('../identity/holder/identity.ts'),
    import('@glowworm/wasm-core/load-bls12381-groups'),
  ])
  return createLocalIdentity(access, { http: platformHttp, loadGroups: loadBls12381Groups })
}
