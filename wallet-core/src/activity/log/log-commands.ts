/** The commands about the log. */
import { deviceOf } from '../../accounts/account-kind.ts'
import type { Core } from '../../facade/core.ts'
import type { LogCommands } from '../../facade/log-values.ts'
import { signAs } from '../../signing/sign-as.ts'
import { accountRecord } from '../../sites/sites.ts'
import { Locked } from '../../vault/errors.ts'
import { EMPTY_LOG, headOf } from './log.ts'
import { compareLog, headMessage, logFile } from './log-file.ts'

export function createLogCommands({ keyring, ports }: Core): LogCommands {
  const { engines, clock, network } = ports
  const records = () => {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }
  return {
    async exportLog({ accountId }) {
      const account = accountRecord(records(), accountId)
      const log = records().log ?? EMPTY_LOG
      const at = clock.now()
      const here = account.key.kind !== 'watched' && deviceOf(account.key) === null
      const message = headMessage(headOf(log), at)
      const signing = { keyring, engines, chainId: network.chainId }
      const signed = here ? await signAs(signing, account, { kind: 'message', message }, null) : null
      return { file: logFile(log, at, account.address, signed) }
    },
    async compareLog({ file }) {
      return compareLog(new Uint8Array(file), records().log ?? EMPTY_LOG, engines)
    },
  }
}
