/** Every method there is, and every one that is refused with the reason. docs/json-rpc.md shows this table. @module */
import type { RpcMethod } from './method.ts'
import { eth_accounts } from './methods/eth_accounts.ts'
import { eth_baseFee } from './methods/eth_baseFee.ts'
import { eth_blobBaseFee } from './methods/eth_blobBaseFee.ts'
import { eth_blockNumber } from './methods/eth_blockNumber.ts'
import { eth_call } from './methods/eth_call.ts'
import { eth_chainId } from './methods/eth_chainId.ts'
import { eth_createAccessList } from './methods/eth_createAccessList.ts'
import { eth_estimateGas } from './methods/eth_estimateGas.ts'
import { eth_feeHistory } from './methods/eth_feeHistory.ts'
import { eth_gasPrice } from './methods/eth_gasPrice.ts'
import { eth_getBalance } from './methods/eth_getBalance.ts'
import { eth_getBlockByHash } from './methods/eth_getBlockByHash.ts'
import { eth_getBlockByNumber } from './methods/eth_getBlockByNumber.ts'
import { eth_getBlockReceipts } from './methods/eth_getBlockReceipts.ts'
import { eth_getBlockTransactionCountByHash } from './methods/eth_getBlockTransactionCountByHash.ts'
import { eth_getBlockTransactionCountByNumber } from './methods/eth_getBlockTransactionCountByNumber.ts'
import { eth_getCode } from './methods/eth_getCode.ts'
import { eth_getFilterChanges } from './methods/eth_getFilterChanges.ts'
import { eth_getFilterLogs } from './methods/eth_getFilterLogs.ts'
import { eth_getLogs } from './methods/eth_getLogs.ts'
import { eth_getProof } from './methods/eth_getProof.ts'
import { eth_getStorageAt } from './methods/eth_getStorageAt.ts'
import { eth_getStorageValues } from './methods/eth_getStorageValues.ts'
import { eth_getTransactionByBlockHashAndIndex } from './methods/eth_getTransactionByBlockHashAndIndex.ts'
import { eth_getTransactionByBlockNumberAndIndex } from './methods/eth_getTransactionByBlockNumberAndIndex.ts'
import { eth_getTransactionByHash } from './methods/eth_getTransactionByHash.ts'
import { eth_getTransactionCount } from './methods/eth_getTransactionCount.ts'
import { eth_getTransactionReceipt } from './methods/eth_getTransactionReceipt.ts'
import { eth_getUncleByBlockHashAndIndex } from './methods/eth_getUncleByBlockHashAndIndex.ts'
import { eth_getUncleByBlockNumberAndIndex } from './methods/eth_getUncleByBlockNumberAndIndex.ts'
import { eth_getUncleCountByBlockHash } from './methods/eth_getUncleCountByBlockHash.ts'
import { eth_getUncleCountByBlockNumber } from './methods/eth_getUncleCountByBlockNumber.ts'
import { eth_maxPriorityFeePerGas } from './methods/eth_maxPriorityFeePerGas.ts'
import { eth_newBlockFilter } from './methods/eth_newBlockFilter.ts'
import { eth_newFilter } from './methods/eth_newFilter.ts'
import { eth_sendRawTransaction } from './methods/eth_sendRawTransaction.ts'
import { eth_simulateV1 } from './methods/eth_simulateV1.ts'
import { eth_syncing } from './methods/eth_syncing.ts'
import { eth_uninstallFilter } from './methods/eth_uninstallFilter.ts'
import { net_listening } from './methods/net_listening.ts'
import { net_version } from './methods/net_version.ts'
import { web3_clientVersion } from './methods/web3_clientVersion.ts'
import { web3_sha3 } from './methods/web3_sha3.ts'

/** The subscription methods stand in `session.ts`: they need a connection. */
export const METHODS: Readonly<Record<string, RpcMethod>> = {
  eth_accounts,
  eth_baseFee,
  eth_blobBaseFee,
  eth_blockNumber,
  eth_call,
  eth_chainId,
  eth_createAccessList,
  eth_estimateGas,
  eth_feeHistory,
  eth_gasPrice,
  eth_getBalance,
  eth_getBlockByHash,
  eth_getBlockByNumber,
  eth_getBlockReceipts,
  eth_getBlockTransactionCountByHash,
  eth_getBlockTransactionCountByNumber,
  eth_getCode,
  eth_getFilterChanges,
  eth_getFilterLogs,
  eth_getLogs,
  eth_getProof,
  eth_getStorageAt,
  eth_getStorageValues,
  eth_getTransactionByBlockHashAndIndex,
  eth_getTransactionByBlockNumberAndIndex,
  eth_getTransactionByHash,
  eth_getTransactionCount,
  eth_getTransactionReceipt,
  eth_getUncleByBlockHashAndIndex,
  eth_getUncleByBlockNumberAndIndex,
  eth_getUncleCountByBlockHash,
  eth_getUncleCountByBlockNumber,
  eth_maxPriorityFeePerGas,
  eth_newBlockFilter,
  eth_newFilter,
  eth_sendRawTransaction,
  eth_simulateV1,
  eth_syncing,
  eth_uninstallFilter,
  net_listening,
  net_version,
  web3_clientVersion,
  web3_sha3,
}

/** `*` stands for any ending. */
export const REFUSED: Readonly<Record<string, string>> = {
  eth_newPendingTransactionFilter: 'nobody can prove what is pending',
  eth_pendingTransactions: 'nobody can prove what is pending',
  eth_sign: 'there are no keys here; a bare digest is never worth signing',
  'eth_signTypedData*': 'there are no keys here',
  eth_signTransaction: 'there are no keys here',
  eth_sendTransaction: 'there are no keys here; sign in a wallet and use eth_sendRawTransaction',
  'personal_*': 'there are no keys here',
  eth_requestAccounts: 'there are no keys here',
  'wallet_*': 'there is no wallet here',
  eth_coinbase: 'nothing is mined here',
  eth_mining: 'nothing is mined here',
  eth_hashrate: 'nothing is mined here',
  eth_getWork: 'nothing is mined here',
  eth_submitWork: 'nothing is mined here',
  eth_submitHashrate: 'nothing is mined here',
  eth_protocolVersion: 'no Ethereum node protocol is spoken here',
  eth_config: 'it describes the forks of a node; this client follows its network profile',
  eth_capabilities: 'it describes what a node stores; this client stores evidence only',
  net_peerCount: 'no Ethereum node protocol is spoken here',
  'txpool_*': 'nobody can prove what is pending',
  'debug_*': 'traces are what one node says it computed; nothing proves them',
  'trace_*': 'traces are what one node says it computed; nothing proves them',
  'admin_*': 'there is no node to administer',
  'miner_*': 'nothing is mined here',
  'engine_*': 'that is for consensus clients',
}
