/** Tokens and collections: ERC-20, ERC-721, ERC-1155, EIP-2612 and its elder, WETH. @module */
import type { Hex } from '@glowworm/light-client'
import { UnreadableData } from '../abi/decode.ts'
import type { Action, IntentWarning } from '../intent.ts'
import { provenValue } from '../resolvers.ts'
import { isCollection, isUnusual, readToken } from '../tokens.ts'
import { allowanceOf, allowToken, warningsAboutSpender } from './allowances.ts'
import { type Arguments, type CallSite, type KnownFunction, type Meaning, warning } from './known-function.ts'

type Nft = Extract<Action, { kind: 'send-nft' }>

async function sendToken(from: Hex, to: Hex, amount: bigint, site: CallSite): Promise<Meaning> {
  const token = await readToken(site.to, site.resolvers)
  const warnings = [...warningsAboutRecipient(to, site), ...warningsAboutOwner(from, site)]
  if (isUnusual(token.symbol)) warnings.push(warning('unusual-symbol', token.address))
  return { action: { kind: 'send-token', token, from, to, amount }, warnings }
}

function sendNft(given: Arguments, items: Nft['items'], site: CallSite, data: Uint8Array | null): Meaning {
  const [from, to] = [given.address('from'), given.address('to')]
  const warnings = [...warningsAboutRecipient(to, site), ...warningsAboutOwner(from, site)]
  if (data !== null && data.length > 0) warnings.push(warning('data-behind', to))
  return { action: { kind: 'send-nft', collection: site.to, from, to, items }, warnings }
}

function warningsAboutRecipient(to: Hex, site: CallSite): IntentWarning[] {
  if (to === site.to) return [warning('to-token-itself', to)]
  return BigInt(to) === 0n ? [warning('to-nobody', to)] : []
}

/** Somebody else's is moved: it works only with a permission of theirs. */
const warningsAboutOwner = (owner: Hex, site: CallSite): IntentWarning[] =>
  owner === site.from ? [] : [warning('not-own', owner)]

/** ERC-20 and ERC-721 share these functions; what the number means is asked of the contract. */
async function tokenOrNft(
  site: CallSite,
  act: 'allow' | 'send',
  parts: { from: Hex; to: Hex; number: bigint },
  asToken: () => Promise<Meaning>,
  asNft: () => Promise<Meaning>,
): Promise<Meaning> {
  const [collection, token] = await Promise.all([
    isCollection(site.to, site.resolvers),
    readToken(site.to, site.resolvers),
  ])
  const decimals = provenValue(token.decimals) !== null
  if (collection === true && !decimals) return asNft()
  if (collection === false && decimals) return asToken()
  const { from, to, number } = parts
  return {
    action: { kind: 'token-or-nft', contract: site.to, act, from: act === 'send' ? from : null, to, number },
    warnings: act === 'send' ? warningsAboutOwner(from, site) : await warningsAboutSpender(to, site.resolvers),
  }
}

const changeAllowance = (signature: string, way: 'add' | 'subtract'): KnownFunction => ({
  signature,
  explain: (given, { from, to, resolvers }) =>
    allowToken(
      {
        token: to,
        owner: from,
        spender: given.address('spender'),
        way,
        allowance: allowanceOf(given.number('amount'), 256),
        through: null,
        signed: false,
      },
      resolvers,
    ),
})

const one = (given: Arguments) => [{ id: given.number('id'), amount: null }]

export const TOKEN_FUNCTIONS: readonly KnownFunction[] = [
  {
    signature: 'transfer(address to,uint256 amount)',
    explain: (given, site) => sendToken(site.from, given.address('to'), given.number('amount'), site),
  },
  {
    signature: 'transferFrom(address from,address to,uint256 number)',
    explain(given, site) {
      const parts = { from: given.address('from'), to: given.address('to'), number: given.number('number') }
      return tokenOrNft(
        site,
        'send',
        parts,
        () => sendToken(parts.from, parts.to, parts.number, site),
        async () => sendNft(given, [{ id: parts.number, amount: null }], site, null),
      )
    },
  },
  {
    signature: 'approve(address spender,uint256 number)',
    explain(given, site) {
      const [spender, number] = [given.address('spender'), given.number('number')]
      const { from, to, resolvers } = site
      return tokenOrNft(
        site,
        'allow',
        { from, to: spender, number },
        () =>
          allowToken(
            {
              token: to,
              owner: from,
              spender,
              way: 'set',
              allowance: allowanceOf(number, 256),
              through: null,
              signed: false,
            },
            resolvers,
          ),
        async () => ({
          action: { kind: 'allow-nft', collection: to, spender, id: number },
          // The zero address takes the permission back.
          warnings: BigInt(spender) === 0n ? [] : await warningsAboutSpender(spender, resolvers),
        }),
      )
    },
  },
  changeAllowance('increaseAllowance(address spender,uint256 amount)', 'add'),
  changeAllowance('decreaseAllowance(address spender,uint256 amount)', 'subtract'),
  {
    // EIP-2612. Handing in a permission that somebody has signed.
    signature: 'permit(address owner,address spender,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s)',
    explain: (given, { to, resolvers }) =>
      allowToken(
        {
          token: to,
          owner: given.address('owner'),
          spender: given.address('spender'),
          way: 'set',
          allowance: allowanceOf(given.number('value'), 256),
          through: null,
          signed: false,
        },
        resolvers,
      ),
  },
  {
    // The form of DAI: all or nothing.
    signature:
      'permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed,uint8 v,bytes32 r,bytes32 s)',
    explain: (given, { to, resolvers }) =>
      allowToken(
        {
          token: to,
          owner: given.address('holder'),
          spender: given.address('spender'),
          way: 'set',
          allowance: { amount: given.flag('allowed') ? null : 0n, until: null },
          through: null,
          signed: false,
        },
        resolvers,
      ),
  },
  {
    signature: 'safeTransferFrom(address from,address to,uint256 id)',
    explain: async (given, site) => sendNft(given, one(given), site, null),
  },
  {
    signature: 'safeTransferFrom(address from,address to,uint256 id,bytes data)',
    explain: async (given, site) => sendNft(given, one(given), site, given.bytes('data')),
  },
  {
    signature: 'safeTransferFrom(address from,address to,uint256 id,uint256 amount,bytes data)',
    explain: async (given, site) =>
      sendNft(given, [{ id: given.number('id'), amount: given.number('amount') }], site, given.bytes('data')),
  },
  {
    signature: 'safeBatchTransferFrom(address from,address to,uint256[] ids,uint256[] amounts,bytes data)',
    async explain(given, site) {
      const [ids, amounts] = [given.numbers('ids'), given.numbers('amounts')]
      if (ids.length !== amounts.length) throw new UnreadableData('there are not as many amounts as items')
      const items = ids.map((id, i) => ({ id, amount: amounts[i]! }))
      return sendNft(given, items, site, given.bytes('data'))
    },
  },
  {
    signature: 'setApprovalForAll(address operator,bool allowed)',
    async explain(given, { to, resolvers }) {
      const [operator, allowed] = [given.address('operator'), given.flag('allowed')]
      const warnings = allowed
        ? [warning('allow-all', operator), ...(await warningsAboutSpender(operator, resolvers))]
        : []
      return { action: { kind: 'allow-all', collection: to, operator, allowed }, warnings }
    },
  },
  {
    signature: 'deposit()',
    async explain(_given, { to, value, resolvers }) {
      const token = await readToken(to, resolvers)
      // Other contracts take deposits, too; wrapped coin is a token with as many decimals as the coin.
      return provenValue(token.decimals) === 18
        ? { action: { kind: 'wrap', token, amount: value }, warnings: [] }
        : null
    },
  },
  {
    signature: 'withdraw(uint256 amount)',
    async explain(given, { to, resolvers }) {
      const token = await readToken(to, resolvers)
      if (provenValue(token.decimals) !== 18) return null
      return { action: { kind: 'unwrap', token, amount: given.number('amount') }, warnings: [] }
    },
  },
]
