import { useWords } from '../app/wallet-context.ts'

/** Inside a field for an amount: all there is. Null while that is not proven. */
export function MaxButton(props: { most: bigint | null; onMost: (most: bigint) => void; testId: string }) {
  const { t } = useWords()
  const { most } = props
  return (
    <button
      type="button"
      className="field-button"
      disabled={most === null}
      onClick={() => most !== null && props.onMost(most)}
      data-testid={props.testId}
    >
      {t('send.max')}
    </button>
  )
}
