/**
 * A site as others write them: it finds wallets by EIP-6963 and talks to them through viem. The test drives it through
 * `window.dapp`; everything that crosses is plain JSON.
 */
import {
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  type EIP1193Provider,
  encodeFunctionData,
  type Hex,
  parseAbi,
  parseEther,
  verifyMessage,
} from 'viem'
import { createSiweMessage, generateSiweNonce } from 'viem/siwe'

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: number | null; readonly message: string }

export interface DappApi {
  wallets(): { name: string; rdns: string; icon: string; isEthereum: boolean }[]
  connect(): Promise<Outcome<string[]>>
  accounts(): Promise<Outcome<string[]>>
  /** True when viem agrees that the signature is the account's. */
  sign(text: string): Promise<Outcome<boolean>>
  signIn(domain: string): Promise<Outcome<boolean>>
  send(to: Hex, ether: string): Promise<Outcome<Hex>>
  /** Calls a contract's function, e.g. `approve(address,uint256)`; numbers as text. */
  transact(to: Hex, signature: string, args: readonly string[]): Promise<Outcome<Hex>>
  receipt(hash: Hex): Promise<Outcome<{ status: string; blockNumber: string; from: string; to: string | null }>>
  balance(address: Hex): Promise<Outcome<string>>
  request(method: string, params?: unknown): Promise<Outcome<unknown>>
  /** EIP-1193 events so far. */
  events(): [name: string, data: unknown][]
}

interface Announced {
  readonly info: { readonly name: string; readonly rdns: string; readonly icon: string }
  readonly provider: EIP1193Provider
}

declare global {
  interface Window {
    dapp: DappApi
    ethereum?: unknown
  }
}

const announced = new Map<string, Announced>()
const events: [string, unknown][] = []
window.addEventListener('eip6963:announceProvider', (event) => {
  const detail = (event as CustomEvent<Announced & { info: { uuid: string } }>).detail
  if (announced.has(detail.info.uuid)) return
  announced.set(detail.info.uuid, detail)
  detail.provider.on('connect', (info) => events.push(['connect', info]))
  detail.provider.on('accountsChanged', (accounts) => events.push(['accountsChanged', accounts]))
  detail.provider.on('disconnect', (error) => events.push(['disconnect', error.code]))
})
window.dispatchEvent(new Event('eip6963:requestProvider'))

function wallet(): EIP1193Provider {
  const [first] = announced.values()
  if (!first) throw new Error('no wallet has announced itself')
  return first.provider
}

/** The chain as the wallet names it; a site that knew it already would have it in its own code. */
async function clients() {
  const provider = wallet()
  const id = Number(await provider.request({ method: 'eth_chainId' }))
  const chain = defineChain({
    id,
    name: 'devnet',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
  const transport = custom(provider, { retryCount: 0 })
  return {
    chain,
    signer: createWalletClient({ chain, transport }),
    reader: createPublicClient({ chain, transport, pollingInterval: 500 }),
  }
}

async function account(): Promise<Hex> {
  const [first] = await (await clients()).signer.getAddresses()
  if (!first) throw new Error('not connected')
  return first
}

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, code: codeOf(error), message: error instanceof Error ? error.message : String(error) }
  }
}

/** viem wraps what the wallet said; the code is the innermost one. */
function codeOf(error: unknown): number | null {
  for (let at = error; typeof at === 'object' && at !== null; at = 'cause' in at ? at.cause : null)
    if ('code' in at && typeof at.code === 'number') return at.code
  return null
}

async function signed(message: string): Promise<boolean> {
  const address = await account()
  const signature = await (await clients()).signer.signMessage({ account: address, message })
  return verifyMessage({ address, message, signature })
}

window.dapp = {
  wallets: () =>
    [...announced.values()].map(({ info, provider }) => ({
      name: info.name,
      rdns: info.rdns,
      icon: info.icon,
      isEthereum: window.ethereum === provider,
    })),
  connect: () => outcome(async () => (await clients()).signer.requestAddresses()),
  accounts: () => outcome(async () => (await clients()).signer.getAddresses()),
  sign: (text) => outcome(() => signed(text)),
  signIn: (domain) =>
    outcome(async () =>
      signed(
        createSiweMessage({
          address: await account(),
          chainId: (await clients()).chain.id,
          domain,
          nonce: generateSiweNonce(),
          uri: `http://${domain}/login`,
          version: '1',
          statement: 'Sign in to the test.',
        }),
      ),
    ),
  send: (to, ether) =>
    outcome(async () =>
      (await clients()).signer.sendTransaction({ account: await account(), to, value: parseEther(ether) }),
    ),
  transact: (to, signature, args) =>
    outcome(async () => {
      const abi = parseAbi([`function ${signature}`] as readonly string[])
      const data = encodeFunctionData({
        abi,
        args: args.map((arg) => (/^\d+$/.test(arg) ? BigInt(arg) : arg)),
      } as never)
      return (await clients()).signer.sendTransaction({ account: await account(), to, data })
    }),
  receipt: (hash) =>
    outcome(async () => {
      const { reader } = await clients()
      const { status, blockNumber, from, to } = await reader.waitForTransactionReceipt({
        hash,
        checkReplacement: false,
      })
      return { status, blockNumber: String(blockNumber), from, to }
    }),
  balance: (address) => outcome(async () => String(await (await clients()).reader.getBalance({ address }))),
  request: (method, params) =>
    outcome(() => wallet().request({ method, ...(params === undefined ? {} : { params }) } as never)),
  events: () => events,
}
