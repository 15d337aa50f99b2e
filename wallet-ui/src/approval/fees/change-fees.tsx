import type { Approval } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { Button } from '../../controls/button.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'
import { FeeEditor } from './fee-editor.tsx'

export function ChangeFees({ approval }: { approval: Extract<Approval, { kind: 'send-transaction' }> }) {
  const say = useAccountWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      {approval.replaces && <p className="fine">{say('pending.which')}</p>}
      <Button onClick={() => setOpen(true)} testId="change-fees">
        {say('fees.change')}
      </Button>
      {open && <FeeEditor approval={approval} onClose={() => setOpen(false)} />}
    </>
  )
}
