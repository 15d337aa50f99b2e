/**
 * Lodestar's SSZ types under the minimal preset, and blst. @lodestar/params reads LODESTAR_PRESET once, when it is first
 * imported, so this module sets it and imports dynamically; everything else imports from here.
 * @module
 */
import { WrongPreset } from './errors.ts'

process.env.LODESTAR_PRESET ??= 'minimal'

const types = await import('@lodestar/types')
const params = await import('@lodestar/params')
if (params.ACTIVE_PRESET !== 'minimal') throw new WrongPreset(params.ACTIVE_PRESET)

export const ssz = types.ssz
