import { saidOrigin } from '@glowworm/wallet-core/provider/claimed-site'
import { useWords } from '../app/wallet-context.ts'
import { Notice } from '../controls/notice.tsx'

/** The full origin, never shortened: look-alikes live in what is cut off. */
export function OriginName({ origin: site }: { origin: string }) {
  const { t } = useWords()
  const origin = saidOrigin(site)
  return (
    <>
      <p className="origin breaks" dir="ltr" data-testid="approval-origin">
        {origin}
      </p>
      {!isProtected(origin) && <Notice kind="caution">{<p>{t('approval.origin.insecure')}</p>}</Notice>}
    </>
  )
}

/** Encrypted on the way, or not on any way at all. */
export function isProtected(origin: string): boolean {
  return (
    /^(https|chrome-extension|moz-extension):\/\//.test(origin) ||
    /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
  )
}
