/**
 * Base fee of the block after this one (EIP-1559: elasticity 2, change at most one eighth).
 * @param parent figures of a proven header; fee in wei
 */
export function nextBaseFee(parent: { baseFeePerGas: bigint; gasUsed: bigint; gasLimit: bigint }): bigint {
  const target = parent.gasLimit / 2n
  const { baseFeePerGas, gasUsed } = parent
  if (gasUsed === target || target === 0n) return baseFeePerGas
  if (gasUsed > target) {
    const rise = (baseFeePerGas * (gasUsed - target)) / target / 8n
    return baseFeePerGas + (rise > 0n ? rise : 1n)
  }
  return baseFeePerGas - (baseFeePerGas * (target - gasUsed)) / target / 8n
}
