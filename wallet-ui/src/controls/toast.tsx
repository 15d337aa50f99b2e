import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { useWords } from '../app/wallet-context.ts'
import { after } from '../infrastructure/clock.ts'
import { copyText } from '../infrastructure/page.ts'

const ToastContext = createContext<(text: string) => void>(() => {})
const SHOWN_FOR = 4000

/** One short message at a time, read out politely. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [text, setText] = useState('')
  const stop = useRef(() => {})
  const show = useCallback((message: string) => {
    stop.current()
    setText(message)
    stop.current = after(SHOWN_FOR, () => setText(''))
  }, [])
  useEffect(() => () => stop.current(), [])
  return (
    <ToastContext value={show}>
      {children}
      <output className={`toast${text === '' ? '' : ' toast-shown'}`} aria-live="polite" data-testid="toast">
        {text}
      </output>
    </ToastContext>
  )
}

export function useToast(): (text: string) => void {
  return useContext(ToastContext)
}

/** Copies and says so; says so too when the browser refuses. */
export function useCopy(): (what: string, text: string) => void {
  const toast = useToast()
  const { t } = useWords()
  return (what, text) => {
    void copyText(text).then((done) => toast(done ? t('toast.copied', { what }) : t('toast.copyFailed')))
  }
}
