import type { DeviceAnswer } from '@glowworm/wallet-core/facade/facade'
import { useEffect } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'

/** Asks the phone at once, and waits for as long as its owner takes; closing what stands around it ends that. */
export function AskPhone(props: {
  approval: { readonly id: string; readonly revision: number }
  onAnswer: (answer: DeviceAnswer) => Promise<void>
}) {
  const { facade } = useWallet()
  const say = useAccountWords()
  const command = useCommand()
  const { id, revision } = props.approval
  const ask = () => command.run(async (stop) => props.onAnswer(await facade.askPhone({ id, revision }, stop)))
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each revision
  useEffect(() => {
    void ask()
  }, [id, revision])
  return (
    <>
      {command.busy && (
        <Notice kind="calm" title={say('phone.sign')} live testId="phone-asked">
          <p>{say('phone.sign.text')}</p>
        </Notice>
      )}
      <ProblemNotice problem={command.problem} />
      {!command.busy && (
        <Button kind="primary" wide onClick={ask} testId="phone-ask">
          {say('phone.sign.again')}
        </Button>
      )}
    </>
  )
}
