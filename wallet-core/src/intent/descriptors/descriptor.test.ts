import type { Hex } from '@glowworm/light-client'
import fc from 'fast-check'
import { encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import { fakeResolvers, METHODS, TOKEN } from '../../../test/fake-resolvers.ts'
import { engines } from '../../../test/wallet.ts'
import { explain } from '../explain.ts'
import { createFunctionTable } from '../functions/table.ts'
import { BUNDLED } from './bundled.ts'
import { InvalidDescriptor, parseDescriptor } from './descriptor.ts'

const ME: Hex = `0x${'aa'.repeat(20)}`
const CONTRACT: Hex = `0x${'cc'.repeat(20)}`
const KEY = 'buy(uint256 id,address to,(address token,uint96 price)[] parts,int8 mood)'

const descriptor = (fields: unknown[], more: object = {}, context?: unknown) => ({
  $schema: 'x',
  ...(context ? { context } : {}),
  display: { formats: { [KEY]: { intent: 'Buy', fields, ...more } } },
})
const here = { contract: { deployments: [{ chainId: 1, address: CONTRACT.toUpperCase().replace('X', 'x') }] } }
const data = encodeFunctionData({
  abi: parseAbi(['function buy(uint256,address,(address,uint96)[],int8)'] as readonly string[]),
  args: [7n, ME, [[TOKEN, 1_000_000n]], -2],
} as never)

function apply(...descriptors: unknown[]) {
  const table = createFunctionTable(engines.hashes.keccak256, descriptors)
  const chain = fakeResolvers({
    code: { [CONTRACT]: '0x01', [TOKEN]: '0x01' },
    calls: { [TOKEN]: METHODS.token('USDC', 6) },
  })
  return explain({ from: ME, to: CONTRACT, value: 3n, data }, table, chain).then(({ action }) => action)
}

describe('a descriptor', () => {
  it('names arguments, and leaves none out', async () => {
    const fields = [
      { path: '#.parts.[0].price', label: 'Price', format: 'tokenAmount', params: { tokenPath: 'parts.[-1].token' } },
      { path: '@.value', label: 'Paid', format: 'amount' },
      { path: 'id', label: 'Item', format: 'nftName', params: { collectionPath: '@.to' } },
    ]
    expect(await apply(descriptor(fields))).toMatchObject({
      kind: 'described',
      intent: 'Buy',
      bound: false,
      fields: [
        { label: 'Price', value: { kind: 'token-amount', amount: 1_000_000n, token: { symbol: { value: 'USDC' } } } },
        { label: 'Paid', value: { kind: 'native-amount', amount: 3n } },
        { label: 'Item', value: { kind: 'nft', collection: CONTRACT, id: 7n } },
        { label: 'to', value: { kind: 'address', address: ME } },
        { label: 'mood', value: { kind: 'text', text: '-2' } },
      ],
    })
  })

  it('for this very contract goes before one for an interface, and none for another holds', async () => {
    const own = { ...descriptor([], { intent: 'Its own' }, here) }
    expect(await apply(descriptor([]), own)).toMatchObject({ intent: 'Its own', bound: true })
    const other = {
      contract: {
        deployments: [
          { chainId: 1, address: ME },
          { chainId: 2, address: CONTRACT },
        ],
      },
    }
    expect(await apply(descriptor([], {}, other))).toMatchObject({ kind: 'unknown-call', refused: null })
  })

  it('that disagrees with the data is refused, and with it what it would have said', async () => {
    for (const field of [
      { path: 'id', label: 'x', format: 'addressName' },
      { path: 'to', label: 'x', format: 'amount' },
      { path: 'mood', label: 'x', format: 'amount' },
      { path: 'id', label: 'x', format: 'tokenAmount', params: { tokenPath: 'id' } },
      { path: 'parts.[3].price', label: 'x', format: 'raw' },
    ])
      expect(await apply(descriptor([field])), JSON.stringify(field)).toMatchObject({
        kind: 'unknown-call',
        refused: expect.stringContaining('does not read as'),
      })
  })

  const field = { path: 'id', label: 'Item', format: 'raw' }
  it.each([
    ['no display', {}],
    ['a strange member', { ...descriptor([field]), includes: './other.json' }],
    ['no function', { display: { formats: { 'buy(': { intent: 'Buy', fields: [] } } } }],
    [
      'one function twice',
      {
        display: { formats: { 'f(uint a)': { intent: 'A', fields: [] }, 'f(uint256 b)': { intent: 'B', fields: [] } } },
      },
    ],
    ['no intent', descriptor([field], { intent: undefined })],
    ['markup', descriptor([field], { intent: '<b>Buy</b>' })],
    ['hidden characters', descriptor([field], { intent: 'Buy\u202e' })],
    ['a long label', descriptor([{ ...field, label: 'x'.repeat(65) }])],
    ['an unknown format', descriptor([{ ...field, format: 'enum' }])],
    ['an unknown parameter', descriptor([{ ...field, params: { base: 'x' } }])],
    ['a hidden field', descriptor([{ ...field, visible: 'never' }])],
    ['a path to nothing', descriptor([{ ...field, path: 'nothing' }])],
    ['a path into a number', descriptor([{ ...field, path: 'id.x' }])],
    ['a slice', descriptor([{ ...field, path: 'parts.[0:1]' }])],
    ['a container value there is not', descriptor([{ ...field, path: '@.gas' }])],
    ['a date of another encoding', descriptor([{ ...field, format: 'date', params: { encoding: 'blockheight' } }])],
    ['no deployment', descriptor([field], {}, { contract: { deployments: [] } })],
    ['a deployment without a chain', descriptor([field], {}, { contract: { deployments: [{ address: ME }] } })],
    ['another context', descriptor([field], {}, { eip712: {} })],
    [
      'a threshold below zero',
      descriptor([{ ...field, format: 'tokenAmount', params: { tokenPath: '@.to', threshold: -1 } }]),
    ],
  ])('with %s is refused whole', (_, given) => {
    expect(() => parseDescriptor(given)).toThrow(InvalidDescriptor)
  })

  it('of any shape is read or refused, never half read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        try {
          parseDescriptor(given)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidDescriptor)
        }
      }),
    )
  })

  it('that came along is read', () => {
    for (const given of BUNDLED) expect(parseDescriptor(JSON.parse(JSON.stringify(given))).deployments).toEqual([])
  })
})
