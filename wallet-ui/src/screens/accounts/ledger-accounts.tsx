import type { DeviceKeysAnswer, DeviceKeyView, LedgerPaths } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useWallet } from '../../app/wallet-context.ts'
import { AskLedger } from '../../approval/device/ask-ledger.tsx'
import { SelectField } from '../../controls/field.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'
import { ChooseKey } from './choose-key.tsx'

export function LedgerAccounts() {
  const { facade } = useWallet()
  const say = useAccountWords()
  const [paths, setPaths] = useState<LedgerPaths>('live')
  const [found, setFound] = useState<{ keys: readonly DeviceKeyView[]; from: DeviceKeysAnswer } | null>(null)
  return (
    <Screen title={say('accounts.ledger')} back={['accounts']} testId="ledger-screen">
      {found ? (
        <ChooseKey {...found} name="Ledger" />
      ) : (
        <>
          <p>{say('device.ledger.intro')}</p>
          <SelectField<LedgerPaths>
            label={say('device.paths')}
            value={paths}
            options={(['live', 'standard'] as const).map((value) => ({ value, label: say(`device.paths.${value}`) }))}
            onChange={setPaths}
            testId="ledger-paths"
          />
          <AskLedger
            label={say('device.ledger.connect')}
            request={() => facade.ledgerKeysRequest({ paths })}
            onAnswer={async (answer) => {
              const from = { answer, paths }
              const { keys } = await facade.readDeviceKeys(from)
              if (keys) setFound({ keys, from })
            }}
          />
        </>
      )}
    </Screen>
  )
}
