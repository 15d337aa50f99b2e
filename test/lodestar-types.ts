/**
 * @lodestar/types as an independent SSZ implementation. Its preset is fixed by the environment when it first loads, so
 * a test file uses one preset only.
 */
export async function loadLodestarTypes(preset: 'mainnet' | 'minimal'): Promise<typeof import('@lodestar/types')> {
  process.env.LODESTAR_PRESET = preset
  return import('@lodestar/types')
}
