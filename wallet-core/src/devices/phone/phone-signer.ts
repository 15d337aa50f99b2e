/** Accounts whose keys are in a wallet on a phone, which is asked over a session and shows its owner everything again. */
import { fromHex, toHex, toQuantity } from '@glowworm/light-client/data/hex'
import { asBytes, asList, decode, RlpError } from '@glowworm/light-client/data/rlp'
import type { Device } from '../../accounts/account-kind.ts'
import type { Signable } from '../../signing/signable.ts'
import { withSignature } from '../../signing/transaction.ts'
import type { AccountKey } from '../../vault/content.ts'
import { DeviceCannotSign, UnreadableAnswer, WrongDevice } from '../errors.ts'

type PhoneKey = Extract<AccountKey, { kind: 'phone' }>

export const phoneSigner: Device<PhoneKey> = {
  request: ({ address }, signable) => ({ device: 'phone', ...question(address, signable) }),
  signature(answer, signable, { hashes }) {
    if (answer?.device !== 'phone') throw new UnreadableAnswer('it is from a device of another kind')
    const { result } = answer
    if (typeof result !== 'string' || !/^0x([0-9a-f]{2})+$/i.test(result)) throw new UnreadableAnswer('it is not bytes')
    const bytes = fromHex(result.toLowerCase() as `0x${string}`, 'answer')
    if (signable.kind === 'transaction') {
      const signature = signatureIn(bytes)
      // All of it, so that no field can be another one than was shown: the signature alone would not tell which.
      const { raw } = withSignature(signable.transaction, signature, hashes)
      if (raw !== toHex(bytes)) throw new WrongDevice()
      return signature.subarray(0, 64)
    }
    if (bytes.length !== 65) throw new UnreadableAnswer(`it has ${bytes.length} bytes, expected 65`)
    return bytes.subarray(0, 64)
  },
}

function question(
  address: string,
  signable: Signable,
): { readonly method: string; readonly params: readonly unknown[] } {
  switch (signable.kind) {
    case 'message':
      return { method: 'personal_sign', params: [toHex(signable.message), address] }
    case 'typed-data':
      return { method: 'eth_signTypedData_v4', params: [address, signable.json] }
    case 'transaction': {
      const { transaction } = signable
      if (transaction.type !== 'eip1559' || transaction.accessList?.length)
        throw new DeviceCannotSign('transactions of this kind')
      const fields = {
        type: '0x2',
        chainId: toQuantity(transaction.chainId),
        from: address,
        ...(transaction.to === null ? {} : { to: transaction.to }),
        nonce: toQuantity(transaction.nonce),
        gas: toQuantity(transaction.gasLimit),
        maxFeePerGas: toQuantity(transaction.maxFeePerGas),
        maxPriorityFeePerGas: toQuantity(transaction.maxPriorityFeePerGas),
        value: toQuantity(transaction.value),
        data: transaction.data,
      }
      return { method: 'eth_signTransaction', params: [fields] }
    }
  }
}

/** r ‖ s ‖ parity of a transaction of type 2: its last three fields. @throws {UnreadableAnswer} */
function signatureIn(raw: Uint8Array): Uint8Array {
  try {
    const [parity, r, s] = asList(decode(raw.subarray(1)), 'transaction', 12).slice(9)
    const signature = new Uint8Array(65)
    for (const [item, end] of [
      [r, 32],
      [s, 64],
      [parity, 65],
    ] as const) {
      const bytes = asBytes(item, 'signature')
      if (bytes.length > (end === 65 ? 1 : 32)) throw new UnreadableAnswer('its signature is too long')
      signature.set(bytes, end - bytes.length)
    }
    return signature
  } catch (error) {
    if (error instanceof RlpError) throw new UnreadableAnswer('it is no transaction')
    throw error
  }
}
