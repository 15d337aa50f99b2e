import type { AccountView, DeviceAnswer, DeviceRequest } from '@glowworm/wallet-core/facade/facade'
import { useEffect, useState } from 'react'
import { problemOf, useCommand } from '../../app/command.ts'
import { useWallet } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { QrCode } from '../../controls/qr-code.tsx'
import { every } from '../../infrastructure/clock.ts'
import { useAccountWords } from '../../messages/accounts/words.ts'
import { ScanParts } from '../../screens/accounts/scan-parts.tsx'
import { AskLedger } from './ask-ledger.tsx'
import { AskPhone } from './ask-phone.tsx'

/** Milliseconds that each code of several is shown: cameras need some to see it sharp. */
const SHOWN_FOR = 250

/** What the device that holds the key is asked, and what it says. `onAnswer` approves with it, or throws why not. */
export function DeviceSigning(props: {
  account: AccountView
  approval: { readonly id: string; readonly revision: number }
  onAnswer: (answer: DeviceAnswer) => Promise<void>
  onClose: () => void
}) {
  const { facade } = useWallet()
  const say = useAccountWords()
  const { id, revision } = props.approval
  return (
    <Dialog title={say('device.sign.title')} onClose={props.onClose} testId="device-signing">
      {props.account.kind === 'phone' ? (
        <AskPhone approval={props.approval} onAnswer={props.onAnswer} />
      ) : props.account.kind === 'ledger' ? (
        <>
          <p>{say('device.ledger.intro')}</p>
          <AskLedger
            label={say('device.sign.title')}
            request={() => facade.deviceRequest({ id, revision })}
            onAnswer={props.onAnswer}
          />
        </>
      ) : (
        <Codes {...props} />
      )}
    </Dialog>
  )
}

function Codes({ approval: { id, revision }, onAnswer }: Parameters<typeof DeviceSigning>[0]) {
  const { facade } = useWallet()
  const say = useAccountWords()
  const command = useCommand()
  const { run } = command
  const [request, setRequest] = useState<DeviceRequest | null>(null)
  const [signed, setSigned] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each revision
  useEffect(() => {
    void run(async () => setRequest(await facade.deviceRequest({ id, revision })))
  }, [id, revision])
  if (signed)
    return (
      <>
        <p>{say('device.sign.scan')}</p>
        <ScanParts
          label={say('device.scan.label')}
          onParts={async (parts) => {
            const count = Number(/\/\d+-(\d+)\//.exec(parts[0] ?? '')?.[1] ?? 1)
            if (parts.length < count) return parts.length / count
            try {
              await onAnswer({ device: 'air-gapped', parts })
            } catch (error) {
              // Mixed parts may take a few more than there are fragments.
              if (problemOf(error).code !== 'INCOMPLETE_DEVICE_ANSWER') throw error
              return 0.99
            }
            return 1
          }}
        />
      </>
    )
  return (
    <>
      <ProblemNotice problem={command.problem} />
      {request?.device === 'air-gapped' && (
        <>
          <p>{say('device.sign.show')}</p>
          <CodeInTurn parts={request.parts} />
          <Button kind="primary" wide onClick={() => setSigned(true)} testId="device-signed">
            {say('device.sign.shown')}
          </Button>
        </>
      )}
    </>
  )
}

function CodeInTurn({ parts }: { parts: readonly string[] }) {
  const say = useAccountWords()
  const [shown, setShown] = useState(0)
  useEffect(
    () => (parts.length > 1 ? every(SHOWN_FOR, () => setShown((now) => (now + 1) % parts.length)) : undefined),
    [parts],
  )
  const part = parts[shown % parts.length] ?? ''
  return (
    <div className="pair-code">
      {/* Capitals make a smaller code; to readers they are the same. */}
      <QrCode text={part.toUpperCase()} label={say('device.sign.show.label')} />
      {parts.length > 1 && <p className="fine">{say('device.sign.part', { part: shown + 1, of: parts.length })}</p>}
      <span hidden data-testid="device-request" data-parts={parts.join(' ')} />
    </div>
  )
}
