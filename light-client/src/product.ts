/** The one place the product's name is written. Everything that shows or announces it reads it from here. */
export const PRODUCT = {
  name: 'Glowworm',
  /** Command, folder and protocol prefix. */
  slug: 'glowworm',
  /** Reverse-domain identifier announced by EIP-6963. */
  rdns: 'org.glowworm.wallet',
  version: '0.1.0',
} as const
