/**
 * One site with the libraries that others use side by side, each as its own documentation shows it. What each does:
 * find the wallet, connect, sign a message, send a payment and wait for its receipt.
 */
import {
  type Connector,
  connect,
  createConfig,
  disconnect,
  getAccount,
  sendTransaction,
  signMessage,
  waitForTransactionReceipt,
} from '@wagmi/core'
import Onboard from '@web3-onboard/core'
import injectedModule from '@web3-onboard/injected-wallets'
import { BrowserProvider, verifyMessage as ethersVerify } from 'ethers'
import { createStore } from 'mipd'
import {
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  type EIP1193Provider,
  type Hex,
  verifyMessage,
} from 'viem'

export type ClientName = 'viem' | 'ethers' | 'wagmi' | 'onboard'

export interface ClientsApi {
  /** What mipd found: reverse domain names. */
  found(): string[]
  run(name: ClientName, to: Hex): Promise<Done>
}

export interface Done {
  readonly account: string
  /** Whether the library agrees that the signature is the account's. */
  readonly signed: boolean
  readonly hash: string
  readonly status: string
}

declare global {
  interface Window {
    clients: ClientsApi
  }
}

const RDNS = 'org.glowworm.wallet'
const MESSAGE = 'Signed through another library.'
const store = createStore()

function provider(): EIP1193Provider {
  const found = store.findProvider({ rdns: RDNS })
  if (!found) throw new Error('mipd has not found the wallet')
  return found.provider as EIP1193Provider
}

async function chainOf() {
  const id = Number(await provider().request({ method: 'eth_chainId' }))
  const rpcUrls = { default: { http: [] } }
  return defineChain({ id, name: 'devnet', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls })
}

const RUNS: Readonly<Record<ClientName, (to: Hex) => Promise<Done>>> = {
  async viem(to) {
    const chain = await chainOf()
    const transport = custom(provider(), { retryCount: 0 })
    const wallet = createWalletClient({ chain, transport })
    const [account] = await wallet.requestAddresses()
    const signature = await wallet.signMessage({ account: account!, message: MESSAGE })
    const hash = await wallet.sendTransaction({ account: account!, to, value: 1n })
    const reader = createPublicClient({ chain, transport, pollingInterval: 300 })
    const { status } = await reader.waitForTransactionReceipt({ hash, checkReplacement: false })
    return {
      account: account!,
      signed: await verifyMessage({ address: account!, message: MESSAGE, signature }),
      hash,
      status,
    }
  },
  async ethers(to) {
    const browser = new BrowserProvider(provider())
    const signer = await browser.getSigner()
    const account = await signer.getAddress()
    const signature = await signer.signMessage(MESSAGE)
    const sent = await signer.sendTransaction({ to, value: 1n })
    const receipt = await sent.wait()
    return {
      account,
      signed: ethersVerify(MESSAGE, signature) === account,
      hash: sent.hash,
      status: receipt?.status === 1 ? 'success' : 'reverted',
    }
  },
  async wagmi(to) {
    const chain = await chainOf()
    const config = createConfig({
      chains: [chain],
      multiInjectedProviderDiscovery: true,
      storage: null,
      pollingInterval: 300,
      transports: { [chain.id]: custom(provider()) },
    })
    const connector = config.connectors.find(({ id }) => id === RDNS) as Connector | undefined
    if (!connector) throw new Error('wagmi has not found the wallet')
    await connect(config, { connector })
    const { address } = getAccount(config)
    const signature = await signMessage(config, { message: MESSAGE })
    const hash = await sendTransaction(config, { to, value: 1n })
    const { status } = await waitForTransactionReceipt(config, { hash, checkReplacement: false })
    await disconnect(config)
    return {
      account: address!,
      signed: await verifyMessage({ address: address!, message: MESSAGE, signature }),
      hash,
      status,
    }
  },
  async onboard(to) {
    const chain = await chainOf()
    const onboard = Onboard({
      wallets: [injectedModule()],
      chains: [{ id: `0x${chain.id.toString(16)}`, token: 'ETH', label: 'devnet', rpcUrl: 'http://127.0.0.1:1' }],
      appMetadata: { name: 'A site', description: 'A site', icon: '<svg/>' },
      accountCenter: { desktop: { enabled: false }, mobile: { enabled: false } },
      notify: { enabled: false },
    })
    const [state] = await onboard.connectWallet({ autoSelect: { label: 'Glowworm', disableModals: true } })
    if (!state) throw new Error('web3-onboard has not connected')
    const browser = new BrowserProvider(state.provider)
    const account = state.accounts[0]!.address
    const signer = await browser.getSigner(account)
    const signature = await signer.signMessage(MESSAGE)
    const sent = await signer.sendTransaction({ to, value: 1n })
    const receipt = await sent.wait()
    return {
      account,
      signed: ethersVerify(MESSAGE, signature).toLowerCase() === account.toLowerCase(),
      hash: sent.hash,
      status: receipt?.status === 1 ? 'success' : 'reverted',
    }
  },
}

window.clients = {
  found: () => store.getProviders().map(({ info }) => info.rdns),
  run: (name, to) => RUNS[name](to),
}
