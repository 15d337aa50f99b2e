import { agreeOnCheckpoint } from '@glowworm/light-client'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { timeOfSlot } from '@glowworm/light-client/ledgers/ethereum/forks'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { Engines } from '@glowworm/wasm-core'
import type { AskOperators } from '../ports.ts'

/** Asks over plain HTTP. */
export function operatorsOf(profile: NetworkProfile, { merkle }: Pick<Engines, 'merkle'>): AskOperators {
  return async (urls, stop = new AbortController().signal) => {
    const deps = { http: platformHttp, merkle, argument: 'beacon nodes' }
    const { checkpoint, by } = await agreeOnCheckpoint(urls, deps, stop)
    return { root: checkpoint.root, time: timeOfSlot(profile, checkpoint.slot), by }
  }
}
