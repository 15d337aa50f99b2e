/** Made-up accounts and transfers. */
import type { AccountView, ActivityEntry, Approval, Understanding } from '@glowworm/wallet-core/facade/facade'
import { plain } from './fake-understanding.ts'
import { fakeAddress, HASH, proven, said } from './fake-values.ts'

export const GAS_PRICE = 12_000_000_000n
export const GAS = 21_000n

export function fakeAccount(index: number, name: string, balance: bigint): AccountView {
  const address = fakeAddress(index)
  return {
    id: `a${index}`,
    name,
    kind: 'derived',
    signer: 'here',
    site: null,
    address,
    checksummed: address.replace(/[a-c]/g, (digit) => digit.toUpperCase()),
    path: `m/44'/60'/0'/0/${index}`,
    didPkh: `did:pkh:eip155:1337:${address}`,
    didKey: 'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme',
    balance: proven(balance),
    finalBalance: proven(balance, { final: true }),
  }
}

export function fakeTransfer(
  id: string,
  account: AccountView,
  transfer: {
    to: string
    value: bigint
    origin?: string
    data?: `0x${string}`
    revision?: number
    name?: string
    understanding?: Understanding
  },
): Extract<Approval, { kind: 'send-transaction' }> {
  const most = transfer.value + GAS * GAS_PRICE
  const balance = account.balance.kind === 'proven' ? account.balance.value : 0n
  const to = `0x${transfer.to.slice(2).toLowerCase()}` as const
  return {
    id,
    revision: transfer.revision ?? 1,
    kind: 'send-transaction',
    origin: transfer.origin ?? null,
    accountId: account.id,
    to,
    toChecksummed: transfer.to,
    toName: transfer.name === undefined ? null : proven(transfer.name, { final: true }),
    value: transfer.value,
    data: transfer.data ?? '0x',
    calldataDigest: HASH,
    understanding: transfer.understanding ?? plain(to, transfer.value),
    gasLimit: transfer.data ? said(GAS, 'execution.example') : proven(GAS),
    baseFeePerGas: proven(GAS_PRICE / 2n),
    maxFeePerGas: GAS_PRICE,
    maxPriorityFeePerGas: said(1_000_000_000n, 'execution.example'),
    nonce: proven(4n),
    replaces: null,
    mostThatLeaves: most,
    balance: account.balance,
    recipient:
      transfer.data === undefined
        ? { address: to, checksummed: transfer.to, known: null, name: null, warnings: [] }
        : null,
    firstTimeRecipient: true,
    signedOnly: false,
    warnings: transfer.data
      ? [{ code: 'FEE_HIGH', message: 'The site proposes a fee limit far above what the network asks.' }]
      : [],
    blocked:
      most > balance
        ? {
            code: 'FEE_ABOVE_BALANCE',
            kind: 'refused',
            message: `Amount and fee (up to ${most} wei) are more than the proven balance (${balance} wei).`,
            next: 'Leave something for the fee.',
          }
        : null,
  }
}

type Given = Pick<ActivityEntry, 'id' | 'accountId' | 'kind' | 'to' | 'value' | 'hash' | 'at' | 'origin' | 'state'>

export function fakeEntry(given: Given & Partial<ActivityEntry>): ActivityEntry {
  const sends = given.kind === 'send'
  return {
    nonce: sends ? 4n : null,
    queue: sends && given.state === 'sent' ? 'next' : null,
    replaces: null,
    replacedBy: null,
    moves: null,
    takenBy: sends && given.state !== 'unsent' ? 'execution.example, peer 12D3KooWM2…7b' : null,
    receipt: null,
    problem: null,
    ...given,
  }
}
