import { Account, Address } from '@ethereumjs/util'
import { nobleEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex } from '../data/hex.ts'
import { MissingEvidence } from '../ledgers/ethereum/block-history.ts'
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '../ledgers/ethereum/contract.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { ProvenState } from './proven-state.ts'
import { StateOverlay } from './state-overlay.ts'

const { hashes } = nobleEngines()
const owner = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const at = (n: number) => new Address(fromHex(owner(n), 'address', 20))
const key = (n: number) => fromHex(`0x${n.toString(16).padStart(64, '0')}`, 'key', 32)

/** Accounts 0 to 3 exist with balance 100; every slot holds 7. Everything else is not proven. */
function proven(): ProvenState {
  const known = (address: Hex) => Number(address) < 4
  return {
    account(address) {
      if (!known(address)) throw new MissingEvidence([])
      const codeHash = EMPTY_CODE_HASH
      return { address, exists: true, nonce: 1n, balance: 100n, storageRoot: EMPTY_TRIE_ROOT, codeHash }
    },
    slot(address) {
      if (!known(address)) throw new MissingEvidence([])
      return `0x${'7'.padStart(64, '0')}`
    },
    code: () => new Uint8Array(0),
    reads: () => [],
  }
}

type Step =
  | { readonly do: 'balance'; readonly who: number; readonly value: bigint }
  | { readonly do: 'slot'; readonly who: number; readonly key: number; readonly value: number }
  | { readonly do: 'delete' | 'clear'; readonly who: number }
  | { readonly do: 'checkpoint' | 'commit' | 'revert' }

const who = fc.nat(3)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('balance' as const), who, value: fc.bigInt(0n, 1000n) }),
    fc.record({ do: fc.constant('slot' as const), who, key: fc.nat(2), value: fc.nat(255) }),
    fc.record({ do: fc.constantFrom('delete' as const, 'clear' as const), who }),
    fc.record({ do: fc.constantFrom('checkpoint' as const, 'commit' as const, 'revert' as const) }),
  ),
  { maxLength: 40 },
)

/** The same by copying everything at each checkpoint. */
class Model {
  accounts = new Map([0, 1, 2, 3].map((n) => [n, 100n as bigint | null]))
  slots = new Map<string, number>([0, 1, 2, 3].flatMap((n) => [0, 1, 2].map((k) => [`${n} ${k}`, 7] as const)))
  stack: [Map<number, bigint | null>, Map<string, number>][] = []
  clear(n: number) {
    for (const k of [0, 1, 2]) this.slots.set(`${n} ${k}`, 0)
  }
}

describe('the overlay', () => {
  test('undoes and keeps frames as copies of everything would', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const overlay = new StateOverlay(proven(), hashes)
        const model = new Model()
        for (const step of list) {
          if (step.do === 'balance') {
            await overlay.putAccount(at(step.who), new Account(1n, step.value))
            model.accounts.set(step.who, step.value)
          } else if (step.do === 'slot') {
            await overlay.putStorage(at(step.who), key(step.key), Uint8Array.of(step.value))
            model.slots.set(`${step.who} ${step.key}`, step.value)
          } else if (step.do === 'delete') {
            await overlay.deleteAccount(at(step.who))
            model.accounts.set(step.who, null)
            model.clear(step.who)
          } else if (step.do === 'clear') {
            await overlay.clearStorage(at(step.who))
            model.clear(step.who)
          } else if (step.do === 'checkpoint') {
            await overlay.checkpoint()
            model.stack.push([new Map(model.accounts), new Map(model.slots)])
          } else if (model.stack.length > 0) {
            const [accounts, slots] = model.stack.pop()!
            if (step.do === 'commit') await overlay.commit()
            else {
              await overlay.revert()
              model.accounts = accounts
              model.slots = slots
            }
          }
        }
        for (const n of [0, 1, 2, 3]) {
          expect((await overlay.getAccount(at(n)))?.balance ?? null).toBe(model.accounts.get(n))
          for (const k of [0, 1, 2]) {
            const value = await overlay.getStorage(at(n), key(k))
            expect(value.length === 0 ? 0 : value[0]).toBe(model.slots.get(`${n} ${k}`))
          }
        }
      }),
    )
  })

  test('has no default: what is not proven is missing', async () => {
    const overlay = new StateOverlay(proven(), hashes)
    await expect(overlay.getAccount(at(9))).rejects.toBeInstanceOf(MissingEvidence)
    await expect(overlay.getStorage(at(9), key(0))).rejects.toBeInstanceOf(MissingEvidence)
    await expect(overlay.getCode(at(9))).rejects.toBeInstanceOf(MissingEvidence)
    await expect(overlay.getStateRoot()).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  test('gives copies: what the EVM does to an account it holds changes nothing', async () => {
    const overlay = new StateOverlay(proven(), hashes)
    const account = (await overlay.getAccount(at(1)))!
    account.balance = 0n
    expect((await overlay.getAccount(at(1)))!.balance).toBe(100n)
    await overlay.putAccount(at(1), account)
    account.balance = 5n
    expect((await overlay.getAccount(at(1)))!.balance).toBe(0n)
  })

  test('keeps the value a slot had when the transaction began', async () => {
    const overlay = new StateOverlay(proven(), hashes)
    expect((await overlay.originalStorageCache.get(at(1), key(1)))[0]).toBe(7)
    await overlay.putStorage(at(1), key(1), Uint8Array.of(9))
    expect((await overlay.originalStorageCache.get(at(1), key(1)))[0]).toBe(7)
    overlay.originalStorageCache.clear()
    expect((await overlay.originalStorageCache.get(at(1), key(1)))[0]).toBe(9)
  })
})
