import type { AccountView, WalletState } from '@glowworm/wallet-core/facade/facade'
import { useWallet } from './wallet-context.ts'

export function selectedAccount(state: WalletState): AccountView | null {
  return state.accounts.find((account) => account.id === state.selected) ?? state.accounts[0] ?? null
}

export function useSelected(): AccountView | null {
  return selectedAccount(useWallet().state)
}
