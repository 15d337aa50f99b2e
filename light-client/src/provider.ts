/** The light client for viem, ethers and whatever else takes an EIP-1193 provider; see docs/json-rpc.md. */
export { RPC_CODES, RpcError } from './application/rpc/errors.ts'
export type { Provenance, RpcAnswer, Standing } from './application/rpc/method.ts'
export { createProvider, type ProviderEvents, type VerifiedProvider } from './application/rpc/provider.ts'
export type { RpcRequest } from './application/rpc/rpc.ts'
