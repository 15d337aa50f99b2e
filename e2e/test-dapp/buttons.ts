/**
 * What each button of MetaMask's test DApp asks the wallet, how the person answers, and how it has to end. Buttons stand
 * in the order in which they are clicked: later ones use what earlier ones made.
 */
import type { Answer } from '../extension/ready-wallet.ts'

export interface Step {
  /** Its id. */
  readonly button: string
  /** What has to be asked, reads left out, and how that ends: with a value, or with this error. */
  readonly asks: readonly (readonly [method: string, outcome: 'value' | number])[]
  readonly answers?: readonly Answer[]
  /** What the page shows afterwards, in the element with this id. */
  readonly shows?: Readonly<Record<string, RegExp>>
  /** Fields to be filled in before, by id. */
  readonly fill?: Readonly<Record<string, string>>
}

export interface Group {
  readonly name: string
  readonly steps: readonly Step[]
}

const REJECTED = 4001
const UNSUPPORTED = 4200
const UNKNOWN_CHAIN = 4902
const NOT_ATOMIC = 5760
const INVALID = -32602

const ADDRESS = /^0x[0-9a-f]{40}$/i
const SIGNATURE = /^0x[0-9a-f]{130}$/

/** Asks one thing, and the person says yes. */
const yes = (button: string, method: string, shows?: Step['shows']): Step => ({
  button,
  asks: [[method, 'value']],
  answers: ['approve'],
  ...(shows ? { shows } : {}),
})
/** Asks one thing, and the person says no. */
const no = (button: string, method: string): Step => ({ button, asks: [[method, REJECTED]], answers: ['reject'] })
/** Is refused before anybody is asked. */
const refused = (button: string, method: string, code: number, shows?: Step['shows']): Step => ({
  button,
  asks: [[method, code]],
  ...(shows ? { shows } : {}),
})
/** Asks nothing but reads. */
const reads = (button: string, shows: Step['shows']): Step => ({ button, asks: [], ...(shows ? { shows } : {}) })

const sends = (button: string, shows?: Step['shows']) => yes(button, 'eth_sendTransaction', shows)
const V4 = 'eth_signTypedData_v4'
/** Stands for the connected account. */
export const ACCOUNT = 'the account'
const SPENDER = '0x9bc5baF874d2DA8D216aE9f137804184EE5AfEF4'

export const GROUPS: readonly Group[] = [
  {
    name: 'connecting and permissions',
    steps: [
      { button: 'useWindowProviderButton', asks: [], shows: { activeProviderName: /^Glowworm$/ } },
      { ...no('requestPermissions', 'wallet_requestPermissions'), shows: { permissionsResult: /^Error: / } },
      yes('connectButton', 'eth_requestAccounts', { connectButton: /^Connected$/, accounts: ADDRESS }),
      reads('getAccounts', { getAccountsResult: ADDRESS }),
      {
        button: 'getPermissions',
        asks: [['wallet_getPermissions', 'value']],
        shows: { permissionsResult: /eth_accounts/ },
      },
      { button: 'openNetworkPicker', asks: [] },
    ],
  },
  {
    name: 'signatures',
    steps: [
      refused('ethSign', 'eth_sign', UNSUPPORTED, { ethSign: /^Error: / }),
      yes('personalSign', 'personal_sign', { personalSignResult: SIGNATURE }),
      {
        button: 'personalSignVerify',
        asks: [['personal_ecRecover', 'value']],
        shows: { personalSignVerifySigUtilResult: ADDRESS, personalSignVerifyECRecoverResult: ADDRESS },
      },
      refused('signTypedData', 'eth_signTypedData', UNSUPPORTED, { signTypedDataResult: /^Error: / }),
      yes('signTypedDataV3', 'eth_signTypedData_v3', { signTypedDataV3Result: SIGNATURE }),
      reads('signTypedDataV3Verify', { signTypedDataV3VerifyResult: ADDRESS }),
      yes('signTypedDataV4', V4, { signTypedDataV4Result: SIGNATURE }),
      reads('signTypedDataV4Verify', { signTypedDataV4VerifyResult: ADDRESS }),
      yes('signPermit', V4, { signPermitResult: SIGNATURE, signPermitResultV: /^v: 2[78]$/ }),
      reads('signPermitVerify', { signPermitVerifyResult: ADDRESS }),
      yes('signBlurOrder', V4),
      refused('signPermitBatch', V4, INVALID),
      yes('signPermitSingle', V4),
      yes('signSeaportBulkOrder', V4),
      refused('siwe', 'personal_sign', INVALID),
      refused('siweResources', 'personal_sign', INVALID),
      refused('siweBadDomain', 'personal_sign', INVALID),
      refused('siweBadAccount', 'personal_sign', INVALID),
      refused('siweMalformed', 'personal_sign', INVALID),
      refused('signInvalidType', V4, INVALID, { signMalformedResult: /^Error: / }),
      refused('signEmptyDomain', V4, INVALID),
      no('signExtraDataNotTyped', V4),
      refused('signInvalidPrimaryType', V4, INVALID),
      refused('signNoPrimaryTypeDefined', V4, INVALID),
      refused('signInvalidVerifyingContractType', V4, INVALID),
    ],
  },
  {
    name: 'transactions',
    steps: [
      sends('sendButton'),
      sends('sendEIP1559Button'),
      sends('sendEIP1559WithoutGasButton'),
      sends('sendHeavyHexDataButton'),
      refused('sendWithInvalidValue', 'eth_sendTransaction', INVALID, { sendMalformedResult: /^Error: value/ }),
      refused('sendWithInvalidTxType', 'eth_sendTransaction', INVALID, { sendMalformedResult: /^Error: type/ }),
      refused('sendWithInvalidRecipient', 'eth_sendTransaction', INVALID, { sendMalformedResult: /^Error: to/ }),
      refused('sendWithInvalidGasLimit', 'eth_sendTransaction', INVALID, { sendMalformedResult: /^Error: gas/ }),
      refused('sendWithInvalidMaxFeePerGas', 'eth_sendTransaction', INVALID, { sendMalformedResult: /^Error: maxFee/ }),
      refused('sendTempoBatchTx', 'eth_sendTransaction', INVALID),
      {
        ...no('submitForm', 'eth_sendTransaction'),
        fill: {
          toInput: '0x0c54FcCd2e384b4BB6f2E405Bf5Cbc15a017AaFb',
          amountInput: '0x1',
          gasInput: '0x4a817c800',
          dataInput: '0x',
        },
      },
      sends('deployButton', { contractStatus: /^Deployed$/ }),
      sends('depositButton', { contractStatus: /^Deposit completed$/ }),
      sends('withdrawButton', { contractStatus: /^Withdrawn$/ }),
      sends('deployFailingButton', { failingContractStatus: /^Deployed$/ }),
      no('sendFailingButton', 'eth_sendTransaction'),
      sends('deployMultisigButton', { multisigContractStatus: /^Deployed$/ }),
      no('sendMultisigButton', 'eth_sendTransaction'),
    ],
  },
  {
    name: 'ERC-20, ERC-721 and ERC-1155',
    steps: [
      sends('createToken', { erc20TokenAddresses: ADDRESS }),
      sends('transferTokens'),
      { ...sends('approveTokens'), fill: { approveTo: SPENDER } },
      sends('increaseTokenAllowance'),
      {
        ...reads('getAllowance', { allowanceAmountResult: /^[1-9]/ }),
        fill: { allowanceOwner: ACCOUNT, allowanceSpender: SPENDER },
      },
      sends('approveTokensWithoutGas'),
      sends('transferTokensWithoutGas'),
      {
        // Nobody allowed it: that it fails is proven before anybody is asked.
        ...reads('transferFromTokens', { tokenMethodsResult: /cannot estimate gas/ }),
        fill: { transferFromSenderInput: ACCOUNT, transferFromRecipientInput: SPENDER },
      },
      sends('deployNFTsButton', { nftsStatus: /^Deployed$/ }),
      sends('mintButton', { nftsStatus: /^Mint completed$/ }),
      sends('approveButton', { nftsStatus: /^Approve completed$/ }),
      sends('setApprovalForAllButton', { nftsStatus: /^Set Approval For All completed$/ }),
      sends('revokeButton', { nftsStatus: /^Revoke completed$/ }),
      sends('transferFromButton', { nftsStatus: /^Transfer From completed$/ }),
      // An address in it has a wrong checksum, and its types lack those of the domain, which then would not be signed.
      refused('sign721Permit', V4, INVALID, { sign721PermitResult: /^Error: / }),
      sends('deployERC1155Button', { erc1155Status: /^Deployed$/ }),
      sends('batchMintButton', { erc1155Status: /^Batch Minting completed$/ }),
      sends('batchTransferFromButton', { erc1155Status: /^Batch Transfer From completed$/ }),
      sends('setApprovalForAllERC1155Button', { erc1155Status: /^Set Approval For All completed$/ }),
      sends('revokeERC1155Button', { erc1155Status: /^Revoke completed$/ }),
    ],
  },
  {
    name: 'assets to watch (EIP-747)',
    steps: [
      yes('watchAssets', 'wallet_watchAsset'),
      { ...yes('watchNFTButton', 'wallet_watchAsset'), fill: { watchNFTInput: '1' } },
      // It hands a batch to `sendAsync` without a callback.
      { button: 'watchNFTsButton', asks: [] },
      { ...yes('watchAssetButton', 'wallet_watchAsset'), fill: { watchAssetInput: '1' } },
      refused('eip747WatchButton', 'wallet_watchAsset', INVALID, { eip747Status: /^There was an error/ }),
    ],
  },
  {
    name: 'calls together (EIP-5792)',
    steps: [
      { button: 'eip5792SendCallsEdit', asks: [] },
      { button: 'eip5792AddCall', asks: [] },
      { button: 'eip5792SendCallsEdit', asks: [] },
      refused('eip5792SendCallsButton', 'wallet_sendCalls', NOT_ATOMIC),
      refused('eip5792SendCallsApprovalButton', 'wallet_sendCalls', NOT_ATOMIC),
      refused('eip5792GetCallsStatusButton', 'wallet_getCallsStatus', INVALID),
      {
        button: 'eip5792GetCapabilitiesButton',
        asks: [['wallet_getCapabilities', 'value']],
        shows: { eip5792GetCapabilitiesResult: /atomic/ },
      },
    ],
  },
  {
    name: 'malicious requests',
    steps: [
      no('maliciousRawEthButton', 'eth_sendTransaction'),
      no('maliciousERC20TransferButton', 'eth_sendTransaction'),
      no('maliciousApprovalButton', 'eth_sendTransaction'),
      no('maliciousContractInteractionButton', 'eth_sendTransaction'),
      no('maliciousSetApprovalForAll', 'eth_sendTransaction'),
      no('mintSepoliaERC20', 'eth_sendTransaction'),
      no('maliciousPermit', V4),
      no('maliciousTradeOrder', V4),
      no('maliciousSeaport', V4),
      refused('ppomSendMaliciousEthButton', 'wallet_sendCalls', NOT_ATOMIC),
      refused('ppomSendMaliciousERC20TransferButton', 'wallet_sendCalls', NOT_ATOMIC),
      refused('ppomSendMaliciousERC20ApprovalButton', 'wallet_sendCalls', NOT_ATOMIC),
      refused('ppomSendMaliciousSetApprovalForAllButton', 'wallet_sendCalls', NOT_ATOMIC),
      refused('ppomSendMaliciousContractInteractionButton', 'wallet_sendCalls', NOT_ATOMIC),
      refused('ppomSendThreeMaliciousTxsButton', 'wallet_sendCalls', NOT_ATOMIC),
      { button: 'batchUsdcSwapResetButton', asks: [] },
      { button: 'resetConfigButton', asks: [] },
      refused('maliciousSendWithOddHexData', 'eth_sendTransaction', INVALID),
      refused('maliciousApproveERC20WithOddHexData', 'eth_sendTransaction', INVALID),
      refused('maliciousSendWithoutHexPrefixValue', 'eth_sendTransaction', INVALID),
      no('maliciousPermitHexPaddedChain', V4),
      refused('maliciousPermitIntAddress', V4, INVALID),
      ten('signTypedDataV4Batch', V4),
      ten('sendEIP1559Batch', 'eth_sendTransaction'),
      // Each asked when the one before it was answered.
      ten('signTypedDataV4Queue', V4),
      ten('sendEIP1559Queue', 'eth_sendTransaction'),
    ],
  },
  {
    name: 'chains, encryption, names',
    steps: [
      refused('addEthereumChain', 'wallet_addEthereumChain', UNKNOWN_CHAIN),
      refused('switchEthereumChain', 'wallet_switchEthereumChain', UNKNOWN_CHAIN),
      refused('getEncryptionKeyButton', 'eth_getEncryptionPublicKey', UNSUPPORTED, {
        encryptionKeyDisplay: /^Error: /,
      }),
      { ...reads('ensSubmit', { ensResult: /^Failed to resolve address$/ }), fill: { ensInput: 'nobody.eth' } },
    ],
  },
  {
    name: 'leaving',
    steps: [
      {
        button: 'revokeAccountsPermission',
        // The second is MetaMask's SDK in the page: told that there are no accounts any more, it revokes as well.
        asks: [
          ['wallet_revokePermissions', 'value'],
          ['wallet_revokePermissions', 'value'],
        ],
      },
      // Asked, for the page listens to nothing any more since it was told to use the provider of the window.
      reads('getAccounts', { getAccountsResult: /^$/ }),
    ],
  },
]

/** Ten of the same, each refused by the person. */
function ten(button: string, method: string): Step {
  return {
    button,
    asks: Array.from({ length: 10 }, () => [method, REJECTED] as const),
    answers: Array.from({ length: 10 }, () => 'reject' as const),
  }
}

/** Buttons that say nothing about a wallet in this browser, by id, or by their words where they have none; and why. */
export const NOT_APPLICABLE: Readonly<Record<string, string>> = {
  walletConnect: 'another connector, over a relay of its own on the Internet',
  sdkConnect: 'MetaMask’s own connector',
  '(Mobile) Send with Deeplink': 'opens an app on a phone',
  '(Mobile) Transfer Tokens with Deeplink': 'opens an app on a phone',
  '(Mobile) Approve Tokens with Deeplink': 'opens an app on a phone',
  '(Mobile) Malicious Eth Transfer With Deeplink': 'opens an app on a phone',
  '(Mobile) Malicious ERC20 Transfer With Deeplink': 'opens an app on a phone',
  '(Mobile) Malicious ERC20 Approval With Deeplink': 'opens an app on a phone',
  encryptButton: 'dead without an encryption key: keys that sign do not decrypt as well',
  decryptButton: 'dead without an encryption key',
  sign721PermitVerify: 'dead without a permit, whose domain would not be signed',
  eip5792SendCallsRequiredAssetsButton: 'dead on chains without USDC',
  batchUsdcSwapExecuteButton: 'dead on any chain but mainnet',
  swapComparisonSwapButton: 'dead on any chain but mainnet',
  signTypedDataVerify: 'dead without a signature of version 1, which is refused',
  ppomGetCallsStatusButton: 'dead without a batch, which would have to be atomic',
  batchUsdcSwapCheckStatusButton: 'dead without a batch, which would have to be atomic',
  'Use Glowworm': 'clicked before all others, to choose the wallet',
  '×': 'closes the picker of networks',
}
