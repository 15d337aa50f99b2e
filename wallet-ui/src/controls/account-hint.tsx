import { PRODUCT } from '@glowworm/light-client/product'

/** Tells password managers which entry a password belongs to. */
export function AccountHint() {
  return <input type="text" name="username" autoComplete="username" value={PRODUCT.name} readOnly hidden />
}
