import type { Problem, WalletFacade } from '@glowworm/wallet-core/facade/facade'
import { StrictMode, Suspense, startTransition, useEffect, useLayoutEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { problemOf } from './app/command.ts'
import { Context, type IssuerPage, type Surface } from './app/wallet-context.ts'
import { ToastProvider } from './controls/toast.tsx'
import { preferredLanguages, rememberedLanguage, rememberLanguage, speakOnPage } from './infrastructure/page.ts'
import { chooseLanguage, directionOf, isLanguage, type Language, useWordsOf } from './messages/language.ts'
import { NotOpened, Opening, Wordless } from './screens/opening.tsx'
import './style/index.ts'

export interface MountOptions {
  readonly surface: Surface
  /** Called when an approval window has nothing left to decide; the shell closes it. */
  readonly onIdle?: () => void
  /** By default in the page itself. */
  readonly issuerPage?: IssuerPage
}

/**
 * Draws the wallet into `root` until the returned function is called. A façade that is still being connected to may be
 * given as a promise: its failure is drawn too.
 */
export function mountWallet(
  root: HTMLElement,
  facade: WalletFacade | Promise<WalletFacade>,
  options: MountOptions,
): () => void {
  root.dataset.surface = options.surface
  const drawn = createRoot(root)
  drawn.render(
    <StrictMode>
      <Wallet
        facade={facade}
        surface={options.surface}
        onIdle={options.onIdle ?? null}
        issuerPage={options.issuerPage ?? null}
      />
    </StrictMode>,
  )
  return () => drawn.unmount()
}

interface WalletProps {
  facade: WalletFacade | Promise<WalletFacade>
  surface: Surface
  onIdle: (() => void) | null
  issuerPage?: IssuerPage | null
  language?: Language
}

/** The whole interface under its providers. Exported for tests that draw without a page. */
export function Wallet(props: WalletProps) {
  const [choice, setChoice] = useState<Language | null>(() => {
    const remembered = props.language ?? rememberedLanguage()
    return remembered !== null && isLanguage(remembered) ? remembered : null
  })
  return (
    <Suspense fallback={<Wordless />}>
      <Spoken
        {...props}
        choice={choice}
        onChoice={(next) => {
          rememberLanguage(next)
          // The old words stay until the new ones are there.
          startTransition(() => setChoice(next))
        }}
      />
    </Suspense>
  )
}

function Spoken(props: WalletProps & { choice: Language | null; onChoice: (choice: Language | null) => void }) {
  const language = props.choice ?? chooseLanguage(preferredLanguages())
  const words = useWordsOf(language)
  const [facade, problem] = useConnected(props.facade)
  useLayoutEffect(() => {
    speakOnPage(language, directionOf(language))
  }, [language])
  return (
    <Context
      value={{
        facade,
        surface: props.surface,
        onIdle: props.onIdle,
        issuerPage: props.issuerPage ?? null,
        words,
        languageChoice: props.choice,
        chooseLanguage: props.onChoice,
      }}
    >
      <ToastProvider>{problem ? <NotOpened problem={problem} /> : facade ? <App /> : <Opening />}</ToastProvider>
    </Context>
  )
}

function useConnected(given: WalletProps['facade']): [facade: WalletFacade | null, problem: Problem | null] {
  const [facade, setFacade] = useState<WalletFacade | null>(given instanceof Promise ? null : given)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => {
    if (!(given instanceof Promise)) return
    let current = true
    given.then(
      (connected) => current && setFacade(connected),
      (error: unknown) => current && setProblem(problemOf(error)),
    )
    return () => {
      current = false
    }
  }, [given])
  return [facade, problem]
}
