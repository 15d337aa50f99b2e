/**
 * Descriptors of public standard interfaces, written for this wallet after the standards themselves (ERC-4626, ERC-173,
 * ERC-1822, ERC-1967 admins, Safe, ERC-1056, Governor, ERC-2981 and others). None is copied from a registry.
 * @module
 */

const field = (path: string, label: string, format = 'raw', params?: object) => ({
  path,
  label,
  format,
  ...(params ? { params } : {}),
})
const address = (path: string, label: string) => field(path, label, 'addressName')
const date = (path: string, label: string) => field(path, label, 'date', { encoding: 'timestamp' })
/** Shares of a vault are a token of the vault itself. */
const shares = (path: string) => field(path, 'Shares', 'tokenAmount', { tokenPath: '@.to' })
/** The asset stands beside its amount. */
const lent = (path: string, label: string) => field(path, label, 'tokenAmount', { tokenPath: 'asset' })

export const BUNDLED: readonly unknown[] = [
  {
    // ERC-4626: vaults. What the assets are worth is shown by the simulation.
    display: {
      formats: {
        'deposit(uint256 assets,address receiver)': {
          intent: 'Deposit into a vault',
          fields: [field('assets', 'Assets, smallest units'), address('receiver', 'Shares go to')],
        },
        'mint(uint256 shares,address receiver)': {
          intent: 'Deposit into a vault',
          fields: [shares('shares'), address('receiver', 'Shares go to')],
        },
        'withdraw(uint256 assets,address receiver,address owner)': {
          intent: 'Withdraw from a vault',
          fields: [
            field('assets', 'Assets, smallest units'),
            address('receiver', 'Assets go to'),
            address('owner', 'Shares are taken from'),
          ],
        },
        'redeem(uint256 shares,address receiver,address owner)': {
          intent: 'Withdraw from a vault',
          fields: [shares('shares'), address('receiver', 'Assets go to'), address('owner', 'Shares are taken from')],
        },
      },
    },
  },
  {
    // Lending pools with the interface of Aave v3. What is owed in return is shown by the simulation.
    display: {
      formats: {
        'supply(address asset,uint256 amount,address onBehalfOf,uint16 referralCode)': {
          intent: 'Supply to a lending pool',
          fields: [lent('amount', 'You supply'), address('onBehalfOf', 'It is credited to')],
        },
        'withdraw(address asset,uint256 amount,address to)': {
          intent: 'Take back from a lending pool',
          fields: [lent('amount', 'You take back'), address('to', 'It goes to')],
        },
      },
    },
  },
  {
    // ERC-173 and access control: who commands a contract.
    display: {
      formats: {
        'transferOwnership(address newOwner)': {
          intent: 'Give away a contract',
          fields: [address('newOwner', 'New owner')],
        },
        'acceptOwnership()': { intent: 'Take over a contract', fields: [] },
        'renounceOwnership()': { intent: 'Give up a contract for good', fields: [] },
        'grantRole(bytes32 role,address account)': {
          intent: 'Give somebody a role',
          fields: [field('role', 'Role'), address('account', 'To')],
        },
        'revokeRole(bytes32 role,address account)': {
          intent: 'Take a role from somebody',
          fields: [field('role', 'Role'), address('account', 'From')],
        },
        'renounceRole(bytes32 role,address account)': {
          intent: 'Give up a role',
          fields: [field('role', 'Role'), address('account', 'From')],
        },
      },
    },
  },
  {
    // Upgrades: other code in the same place.
    display: {
      formats: {
        'upgradeTo(address implementation)': {
          intent: 'Replace the code of a contract',
          fields: [address('implementation', 'New code')],
        },
        'upgradeToAndCall(address implementation,bytes data)': {
          intent: 'Replace the code of a contract and call it',
          fields: [address('implementation', 'New code'), field('data', 'Call')],
        },
        'changeAdmin(address newAdmin)': {
          intent: 'Change who may replace the code',
          fields: [address('newAdmin', 'New admin')],
        },
      },
    },
  },
  {
    // Safe: who has a say.
    display: {
      formats: {
        'addOwnerWithThreshold(address owner,uint256 threshold)': {
          intent: 'Add an owner of the Safe',
          fields: [address('owner', 'New owner'), field('threshold', 'Owners needed from then on')],
        },
        'removeOwner(address prevOwner,address owner,uint256 threshold)': {
          intent: 'Remove an owner of the Safe',
          fields: [address('owner', 'Removed owner'), field('threshold', 'Owners needed from then on')],
        },
        'swapOwner(address prevOwner,address oldOwner,address newOwner)': {
          intent: 'Replace an owner of the Safe',
          fields: [address('oldOwner', 'Removed owner'), address('newOwner', 'New owner')],
        },
        'changeThreshold(uint256 threshold)': {
          intent: 'Change how many owners are needed',
          fields: [field('threshold', 'Owners needed from then on')],
        },
        'enableModule(address module)': {
          intent: 'Let a module act for the Safe without its owners',
          fields: [address('module', 'Module')],
        },
        'disableModule(address prevModule,address module)': {
          intent: 'Stop a module of the Safe',
          fields: [address('module', 'Module')],
        },
        'setGuard(address guard)': { intent: 'Set the guard of the Safe', fields: [address('guard', 'Guard')] },
        'setFallbackHandler(address handler)': {
          intent: 'Set who answers for the Safe',
          fields: [address('handler', 'Handler')],
        },
        'approveHash(bytes32 hashToApprove)': {
          intent: 'Approve a transaction of the Safe',
          fields: [field('hashToApprove', 'Transaction of the Safe')],
        },
      },
    },
  },
  {
    // Voting: ERC-5805 tokens and governors.
    display: {
      formats: {
        'delegate(address delegatee)': { intent: 'Give your votes to somebody', fields: [address('delegatee', 'To')] },
        'castVote(uint256 proposalId,uint8 support)': {
          intent: 'Vote',
          fields: [field('proposalId', 'Proposal'), field('support', 'Against 0, for 1, abstain 2')],
        },
        'castVoteWithReason(uint256 proposalId,uint8 support,string reason)': {
          intent: 'Vote',
          fields: [
            field('proposalId', 'Proposal'),
            field('support', 'Against 0, for 1, abstain 2'),
            field('reason', 'Reason'),
          ],
        },
      },
    },
  },
  {
    // ERC-20 extensions: making and burning.
    display: {
      formats: {
        'mint(address to,uint256 amount)': {
          intent: 'Make new tokens',
          fields: [field('amount', 'Amount', 'tokenAmount', { tokenPath: '@.to' }), address('to', 'To')],
        },
        'burn(uint256 amount)': {
          intent: 'Destroy tokens of yours',
          fields: [field('amount', 'Amount', 'tokenAmount', { tokenPath: '@.to' })],
        },
      },
    },
  },
  {
    // ENS: the controller's and the resolver's functions that name owners and addresses.
    display: {
      formats: {
        'setAddr(bytes32 node,address a)': {
          intent: 'Set the address of a name',
          fields: [field('node', 'Name, hashed'), address('a', 'Address')],
        },
        'setOwner(bytes32 node,address owner)': {
          intent: 'Give away a name',
          fields: [field('node', 'Name, hashed'), address('owner', 'New owner')],
        },
        'setResolver(bytes32 node,address resolver)': {
          intent: 'Set who answers for a name',
          fields: [field('node', 'Name, hashed'), address('resolver', 'Resolver')],
        },
      },
    },
  },
  {
    // ERC-1056: identifiers of accounts (did:ethr).
    display: {
      formats: {
        'changeOwner(address identity,address newOwner)': {
          intent: 'Give away an identifier',
          fields: [address('identity', 'Identifier of'), address('newOwner', 'New owner')],
        },
        'addDelegate(address identity,bytes32 delegateType,address delegate,uint256 validity)': {
          intent: 'Let a key speak for an identifier',
          fields: [
            address('identity', 'Identifier of'),
            address('delegate', 'Key of'),
            field('delegateType', 'For'),
            field('validity', 'Valid for', 'duration'),
          ],
        },
        'revokeDelegate(address identity,bytes32 delegateType,address delegate)': {
          intent: 'Stop a key from speaking for an identifier',
          fields: [address('identity', 'Identifier of'), address('delegate', 'Key of'), field('delegateType', 'For')],
        },
      },
    },
  },
  {
    // Exchanges with one path of tokens (the interface of Uniswap v2 routers, which many have).
    display: {
      formats: {
        'swapExactTokensForTokens(uint256 amountIn,uint256 amountOutMin,address[] path,address to,uint256 deadline)': {
          intent: 'Exchange tokens',
          fields: [
            field('amountIn', 'You give', 'tokenAmount', { tokenPath: 'path.[0]' }),
            field('amountOutMin', 'You get at least', 'tokenAmount', { tokenPath: 'path.[-1]' }),
            address('to', 'It goes to'),
            date('deadline', 'Until'),
          ],
        },
        'swapExactETHForTokens(uint256 amountOutMin,address[] path,address to,uint256 deadline)': {
          intent: 'Exchange coins for tokens',
          fields: [
            field('@.value', 'You give', 'amount'),
            field('amountOutMin', 'You get at least', 'tokenAmount', { tokenPath: 'path.[-1]' }),
            address('to', 'It goes to'),
            date('deadline', 'Until'),
          ],
        },
        'swapExactTokensForETH(uint256 amountIn,uint256 amountOutMin,address[] path,address to,uint256 deadline)': {
          intent: 'Exchange tokens for coins',
          fields: [
            field('amountIn', 'You give', 'tokenAmount', { tokenPath: 'path.[0]' }),
            field('amountOutMin', 'You get at least', 'amount'),
            address('to', 'It goes to'),
            date('deadline', 'Until'),
          ],
        },
      },
    },
  },
]
