import { useCommand } from '../../app/command.ts'
import { useWallet } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Stop } from '../../controls/stop.tsx'
import { saveFile } from '../../infrastructure/files.ts'
import { useHistoryWords } from '../../messages/history/words.ts'

/** A file with the proof that the transaction is in the chain, for anybody to check offline. */
export function SaveReceipt({ id }: { id: string }) {
  const { facade } = useWallet()
  const say = useHistoryWords()
  const command = useCommand()
  const save = () =>
    command.run(async (stop) => saveFile('transaction.glowworm', (await facade.exportReceipt({ id }, stop)).file))
  return (
    <>
      <Button busy={command.busy} onClick={save} testId="save-receipt">
        {command.busy ? say('receipt.saving') : say('receipt.save')}
      </Button>
      <Stop command={command} />
      <ProblemNotice problem={command.problem} />
    </>
  )
}
