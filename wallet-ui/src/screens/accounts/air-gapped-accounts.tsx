import type { DeviceKeyView } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useWallet } from '../../app/wallet-context.ts'
import { Screen } from '../../controls/screen.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'
import { ChooseKey } from './choose-key.tsx'
import { ScanParts } from './scan-parts.tsx'

export function AirGappedAccounts() {
  const { facade } = useWallet()
  const say = useAccountWords()
  const [found, setFound] = useState<{ keys: readonly DeviceKeyView[]; parts: readonly string[] } | null>(null)
  const from = (parts: readonly string[]) => ({ answer: { device: 'air-gapped', parts }, paths: 'standard' }) as const
  return (
    <Screen title={say('accounts.airGapped')} back={['accounts']} testId="air-gapped-screen">
      {found ? (
        <ChooseKey keys={found.keys} from={from(found.parts)} name={say('accounts.airGapped')} />
      ) : (
        <>
          <p>{say('device.scan')}</p>
          <ScanParts
            label={say('device.scan.label')}
            onParts={async (parts) => {
              const { progress, keys } = await facade.readDeviceKeys(from(parts))
              if (keys) setFound({ keys, parts })
              return progress
            }}
          />
        </>
      )}
    </Screen>
  )
}
