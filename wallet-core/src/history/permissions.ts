/** What others may take of the accounts: found in logs and in what was signed here, and proven as it is now. */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { decodeTransaction } from '@glowworm/light-client/ledgers/ethereum/transaction'
import { activityOf } from '../activity/activity.ts'
import type { Holdings } from '../assets/holdings.ts'
import { AmountUnreadable, numberIn } from '../assets/read-asset.ts'
import { WalletError } from '../errors.ts'
import type { Core } from '../facade/core.ts'
import type { Shown } from '../facade/facade.ts'
import type { PermissionView } from '../facade/history-values.ts'
import { networkKey } from '../facade/state.ts'
import { type Stop, unlessStopped } from '../facade/stopped.ts'
import { decodeParameters } from '../intent/abi/decode.ts'
import { encodeCall } from '../intent/abi/encode.ts'
import { parseSignature } from '../intent/abi/types.ts'
import { PERMIT2 } from '../intent/functions/permit2-functions.ts'
import type { TokenView } from '../intent/intent.ts'
import { type CallAnswer, derived, type Resolvers } from '../intent/resolvers.ts'
import { readToken } from '../intent/tokens.ts'
import { accountRecord } from '../sites/sites.ts'
import type { ActivityRecord, PermissionRecord } from '../vault/content.ts'
import { Locked } from '../vault/errors.ts'
import { historyOf, permissionKey } from './history.ts'

export interface Permissions {
  readonly view: readonly PermissionView[]
  check(accountId: string, stop: Stop): Promise<void>
  /** @throws {UnknownPermission} */
  revoke(keys: readonly string[]): Promise<{ approvalId: string }>
  clear(): void
}

const ZERO: Hex = `0x${'0'.repeat(40)}`

export function createPermissions(core: Core, holdings: Holdings): Permissions {
  const { keyring, ports, transfers } = core
  const { keccak256 } = ports.engines.hashes
  const network = networkKey(ports.network)
  let left = new Map<string, Shown<bigint>>()
  let tokens = new Map<Hex, TokenView>()
  /** Transactions do not change: each is read once. */
  const signed = new Map<string, PermissionRecord | null>()

  const records = () => {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }

  function all(): PermissionRecord[] {
    if (keyring.records === null) return []
    const own = activityOf(keyring.records, network).flatMap((entry) => {
      const read = signed.get(entry.id)
      const permission = read === undefined ? permissionSigned(entry) : read
      signed.set(entry.id, permission)
      return permission ? [permission] : []
    })
    const found = historyOf(keyring.records, network).permissions
    return [...new Map([...own, ...found].map((one) => [permissionKey(one), one])).values()]
  }

  function permissionSigned(entry: ActivityRecord): PermissionRecord | null {
    if (entry.signed === null || entry.to === null) return null
    const { data } = decodeTransaction(fromHex(entry.signed.raw, 'transaction'), ports.engines)
    if (entry.to === PERMIT2) return throughPermit2(entry.accountId, data)
    const kind = GIVES[data.slice(0, 10)]
    const word = data.slice(10, 74)
    if (kind === undefined || !/^0{24}[0-9a-f]{40}$/.test(word)) return null
    return { accountId: entry.accountId, kind, contract: entry.to, spender: `0x${word.slice(24)}`, id: null }
  }

  async function leftOf(permission: PermissionRecord, owner: Hex, resolvers: Resolvers): Promise<Shown<bigint>> {
    const { kind, contract, spender, id } = permission
    const call = (signature: string, values: (Hex | bigint)[]) =>
      resolvers.call(contract, encodeCall(signature, values, keccak256))
    switch (kind) {
      case 'token':
        return derived(await call('allowance(address,address)', [owner, spender]), numberIn)
      case 'all':
        return derived(await call('isApprovedForAll(address,address)', [owner, spender]), numberIn)
      case 'permit2': {
        const answer = await resolvers.call(
          PERMIT2,
          encodeCall('allowance(address,address,address)', [owner, contract, spender], keccak256),
        )
        return derived(answer, leftInPermit2)
      }
      case 'item': {
        const [approved, ownerOf] = await Promise.all([
          call('getApproved(uint256)', [id ?? 0n]),
          call('ownerOf(uint256)', [id ?? 0n]),
        ])
        // Of an item that is gone nothing can be taken any more.
        const gone = ownerOf.kind === 'proven' && ownerOf.value.returnData !== `0x${owner.slice(2).padStart(64, '0')}`
        return derived(gone ? ownerOf : approved, (answer) => (gone || numberIn(answer) !== BigInt(spender) ? 0n : 1n))
      }
    }
  }

  /** Permit2 lets nobody take anything once the head is later than it was allowed until. */
  function leftInPermit2({ status, returnData }: CallAnswer): bigint {
    if (status !== 'success' || returnData.length !== ALLOWED_LENGTH) throw new AmountUnreadable(status)
    const [amount, until] = decodeParameters(ALLOWED, fromHex(returnData, 'allowance')).values as [bigint, bigint]
    const { pulse } = core.connection
    const over = pulse.state === 'following' && BigInt(Math.floor(pulse.headTime / 1000)) > until
    return over ? 0n : amount
  }

  const revocation = ({ kind, contract, spender, id }: PermissionRecord): Hex => {
    if (kind === 'permit2')
      return encodeCall('approve(address,address,uint160,uint48)', [contract, spender, 0n, 0n], keccak256)
    if (kind === 'all') return encodeCall('setApprovalForAll(address,bool)', [spender, false], keccak256)
    return encodeCall('approve(address,uint256)', kind === 'token' ? [spender, 0n] : [ZERO, id ?? 0n], keccak256)
  }

  async function proposed(permission: PermissionRecord) {
    const account = accountRecord(records(), permission.accountId)
    const to = permission.kind === 'permit2' ? PERMIT2 : permission.contract
    const request = { to, value: 0n, data: revocation(permission), proposed: null }
    return transfers.propose(account, request, null)
  }

  return {
    get view() {
      return all().map((permission): PermissionView => {
        const key = permissionKey(permission)
        return { ...permission, key, token: tokens.get(permission.contract) ?? null, left: left.get(key) ?? null }
      })
    },
    async check(accountId, stop) {
      const [mine, names] = [left, tokens]
      const owner = accountRecord(records(), accountId).address
      const open = all().filter((permission) => permission.accountId === accountId)
      const work = holdings.reading(async (resolvers) => {
        const each = open.map(async (permission) => {
          const [shown, name] = await Promise.all([
            leftOf(permission, owner, resolvers),
            names.get(permission.contract) ?? readToken(permission.contract, resolvers),
          ])
          if (stop?.aborted) return
          mine.set(permissionKey(permission), shown)
          names.set(permission.contract, name)
          // What is proven is shown while the rest is asked for.
          core.published.changed()
        })
        await Promise.all(each)
      })
      await unlessStopped(work, stop)
    },
    async revoke(keys) {
      const known = new Map(all().map((permission) => [permissionKey(permission), permission]))
      const wanted = keys.map((key) => known.get(key) ?? null)
      const [first, ...rest] = wanted.filter((permission) => permission !== null)
      if (first === undefined || rest.length + 1 !== keys.length) throw new UnknownPermission()
      const { id, hash } = await proposed(first)
      void (async () => {
        // Each waits until the one before is signed: only then is its number known. A no ends the row.
        await hash
        for (const permission of rest) await (await proposed(permission)).hash
      })().catch(() => undefined)
      return { approvalId: id }
    },
    clear() {
      left = new Map()
      tokens = new Map()
      signed.clear()
    },
  }
}

/** What Permit2 answers: amount, until when (seconds since the epoch), and a number that counts. */
const ALLOWED = parseSignature('f(uint160,uint48,uint48)').parameters
/** Characters of three words in hex. */
const ALLOWED_LENGTH = 2 + 3 * 64
/** approve(address token,address spender,uint160 amount,uint48 expiration) */
const PERMIT2_APPROVE = /^0x87517c45(?:0{24}([0-9a-f]{40}))(?:0{24}([0-9a-f]{40}))/

function throughPermit2(accountId: string, data: Hex): PermissionRecord | null {
  const [, token, spender] = PERMIT2_APPROVE.exec(data) ?? []
  if (token === undefined || spender === undefined) return null
  return { accountId, kind: 'permit2', contract: `0x${token}`, spender: `0x${spender}`, id: null }
}

/** Calls that give permissions, and name whom first. An `approve` of a single item shows as what it is in the logs. */
const GIVES: Readonly<Record<string, PermissionRecord['kind']>> = {
  '0x095ea7b3': 'token', // approve(address,uint256)
  '0x39509351': 'token', // increaseAllowance(address,uint256)
  '0xa22cb465': 'all', // setApprovalForAll(address,bool)
}

export class UnknownPermission extends WalletError {
  constructor() {
    super(
      { name: 'History.UnknownPermission', code: 'UNKNOWN_PERMISSION', kind: 'usage' },
      'There is no such permission in this wallet.',
    )
  }
}
