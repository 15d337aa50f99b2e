import type { DeviceAnswer, DeviceRequest } from '@glowworm/wallet-core/facade/facade'
import { useEffect, useRef, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { Button } from '../../controls/button.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { askLedger, hasLedgerUsb, LedgerUnavailable } from '../../infrastructure/ledger-usb.ts'
import { useAccountWords } from '../../messages/accounts/words.ts'

/** A button that carries a request to the device and its answer back. */
export function AskLedger(props: {
  label: string
  request: () => Promise<DeviceRequest>
  onAnswer: (answer: DeviceAnswer) => Promise<void>
}) {
  const say = useAccountWords()
  const command = useCommand()
  const [unreachable, setUnreachable] = useState(false)
  const leaving = useRef(new AbortController())
  useEffect(() => {
    // In development React mounts twice.
    if (leaving.current.signal.aborted) leaving.current = new AbortController()
    return () => leaving.current.abort()
  }, [])
  if (!hasLedgerUsb())
    return (
      <Notice kind="caution" testId="ledger-none">
        <p>{say('device.ledger.none')}</p>
      </Notice>
    )
  const ask = () => {
    setUnreachable(false)
    return command.run(async () => {
      const request = await props.request()
      if (request.device !== 'ledger') return
      let answers: Uint8Array[]
      try {
        answers = await askLedger(request.commands, leaving.current.signal)
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error
        setUnreachable(error.trouble === 'failed')
        return
      }
      await props.onAnswer({ device: 'ledger', answers })
    })
  }
  return (
    <>
      {command.busy && (
        <Notice kind="calm" title={say('device.ledger.waiting')} live>
          <p>{say('device.ledger.check')}</p>
        </Notice>
      )}
      {unreachable && (
        <Notice kind="caution" title={say('device.ledger.failed')} live testId="ledger-failed">
          <p>{say('device.ledger.failed.next')}</p>
        </Notice>
      )}
      <ProblemNotice problem={command.problem} />
      <Button kind="primary" wide busy={command.busy} onClick={ask} testId="ledger-ask">
        {props.label}
      </Button>
    </>
  )
}
