import { useRef, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWords } from '../../app/wallet-context.ts'
import { ProblemNotice } from '../../controls/notice.tsx'
import { ScanCode } from '../../controls/scan-code.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'

/**
 * A code of many parts, by camera or as text, a part a line. `onParts` is given all that were seen so far whenever there
 * is one more, and tells the share that is known.
 */
export function ScanParts(props: { label: string; onParts: (parts: readonly string[]) => Promise<number> }) {
  const { percent } = useWords()
  const say = useAccountWords()
  const command = useCommand()
  const seen = useRef(new Set<string>())
  const [progress, setProgress] = useState(0)
  const take = async (text: string) => {
    const before = seen.current.size
    for (const part of text.split(/\s+/)) if (part !== '') seen.current.add(part.toLowerCase())
    if (seen.current.size === before || command.busy) return
    // What comes while the parts are read is read with the next look.
    for (let read = 0; read < seen.current.size; ) {
      read = seen.current.size
      const done = await command.run(async () => setProgress(await props.onParts([...seen.current])))
      // A part that does not belong to the others spoils them all: begin again.
      if (!done) return seen.current.clear()
    }
  }
  return (
    <>
      {progress > 0 && progress < 1 && (
        <p role="status" data-testid="scan-progress">
          {say('device.progress', { percent: percent(progress) })}
        </p>
      )}
      <ProblemNotice problem={command.problem} />
      <ScanCode label={props.label} busy={command.busy} onCode={take} hint={null} />
    </>
  )
}
