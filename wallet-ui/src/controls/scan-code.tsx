import {
  type CameraTrouble,
  CameraUnavailable,
  scanCodes,
} from '@glowworm/light-client/network/pairing/infrastructure/camera'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../app/wallet-context.ts'
import { Button } from './button.tsx'
import { TextField } from './field.tsx'
import { Notice } from './notice.tsx'

/**
 * A code from elsewhere, by camera or as text; another device's, if nothing else is said. The same code seen twice is given
 * once. `testId` begins all test ids.
 */
export function ScanCode(props: {
  label: string
  busy: boolean
  onCode: (code: string) => void
  hint?: string | null
  paste?: string
  take?: string
  testId?: string
}) {
  const { t } = useWords()
  const { testId = 'pair' } = props
  const video = useRef<HTMLVideoElement>(null)
  const [trouble, setTrouble] = useState<CameraTrouble | null>(null)
  const [text, setText] = useState('')
  const take = useRef(props.onCode)
  take.current = props.onCode

  useEffect(() => {
    const leaving = new AbortController()
    let last = ''
    const onText = (seen: string) => {
      if (seen === last) return
      last = seen
      take.current(seen)
    }
    if (video.current)
      scanCodes(video.current, onText, leaving.signal).catch((error: unknown) =>
        setTrouble(error instanceof CameraUnavailable ? error.trouble : 'failed'),
      )
    return () => leaving.abort()
  }, [])

  return (
    <>
      {trouble === null ? (
        <video
          ref={video}
          className="camera"
          muted
          playsInline
          aria-label={props.label}
          data-testid={`${testId}-camera`}
        />
      ) : (
        <Notice kind="caution" title={t(`pair.camera.${trouble}`)} live testId={`${testId}-camera-trouble`}>
          <p>{t('pair.camera.paste')}</p>
        </Notice>
      )}
      <form
        className="section"
        onSubmit={(event) => {
          event.preventDefault()
          props.onCode(text)
        }}
      >
        <TextField
          label={props.paste ?? t('pair.paste')}
          hint={props.hint === undefined ? t('pair.paste.hint') : props.hint}
          value={text}
          onChange={setText}
          mono
          lines={4}
          testId={`${testId}-text`}
        />
        <Button type="submit" wide busy={props.busy} disabled={text.trim() === ''} testId={`${testId}-text-take`}>
          {props.take ?? t('pair.paste.take')}
        </Button>
      </form>
    </>
  )
}
