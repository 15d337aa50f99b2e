import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { returnedWithCode } from '../infrastructure/page.ts'
import { Activity } from '../screens/activity/activity.tsx'
import { Entry } from '../screens/activity/entry.tsx'
import { Backup } from '../screens/backup/backup.tsx'
import { BackupFile } from '../screens/backup/backup-file.tsx'
import { ChooseSources } from '../screens/first-run/choose-sources.tsx'
import { FirstRun } from '../screens/first-run/first-run.tsx'
import { Home } from '../screens/home/home.tsx'
import { Network } from '../screens/network/network.tsx'
import { Pair } from '../screens/network/pair/pair.tsx'
import { StaleStartScreen } from '../screens/network/stale-start/stale-start.tsx'
import { NothingWaiting } from '../screens/nothing-waiting.tsx'
import { Opening } from '../screens/opening.tsx'
import { Receive } from '../screens/receive.tsx'
import { EMPTY_DRAFT, Send } from '../screens/send/send.tsx'
import { ChangePassword } from '../screens/settings/change-password.tsx'
import { ImportMore } from '../screens/settings/import-more.tsx'
import { Settings } from '../screens/settings/settings.tsx'
import { UnlockMethods } from '../screens/settings/unlock-methods.tsx'
import { Unlock } from '../screens/unlock.tsx'
import { Navigation } from './navigation.tsx'
import { go, useRoute } from './route.ts'
import { useApp, useWallet } from './wallet-context.ts'

/** Most people come for their money. */
const Identity = lazy(() => import('../identity/screens.tsx'))
/** Everything about decisions comes with the first one. */
const ApprovalView = lazy(() => import('../approval/approval-view.tsx'))
const Accounts = lazy(() => import('../screens/accounts/accounts.tsx').then((screen) => ({ default: screen.Accounts })))

/** Which screen is due. Order matters: setting up, unlocking and deciding come before going anywhere. */
export function App() {
  const { surface, onIdle } = useApp()
  const { state } = useWallet()
  const route = useRoute()
  // The phrase of a wallet just made, until the backup was done or put off. It is nowhere else outside the core.
  const [freshPhrase, setFreshPhrase] = useState<string | null>(null)
  const [draft, setDraft] = useState(EMPTY_DRAFT)
  const approval = state.approvals[0]

  const screen =
    state.phase === 'no-wallet'
      ? 'first-run'
      : state.phase === 'locked'
        ? 'unlock'
        : freshPhrase !== null
          ? 'backup'
          : approval
            ? `approval ${approval.id}`
            : surface === 'approval'
              ? 'idle'
              : state.sourcesChosen
                ? route.join('/')
                : 'sources'
  useFocusOnChange(screen)
  useEffect(() => {
    if (state.phase === 'unlocked') return
    setFreshPhrase(null)
    setDraft(EMPTY_DRAFT)
  }, [state.phase])

  switch (screen) {
    case 'first-run':
      return <FirstRun onCreated={setFreshPhrase} />
    case 'unlock':
      return <Unlock />
    case 'backup':
      if (freshPhrase === null) break
      return (
        <Backup
          phrase={freshPhrase}
          drill
          onDone={() => setFreshPhrase(null)}
          onPostpone={() => setFreshPhrase(null)}
        />
      )
    case 'idle':
      return <NothingWaiting onIdle={onIdle} />
    case 'sources':
      if (!state.sourcesChosen) return <ChooseSources back={['home']} onDone={() => go('home')} />
  }
  if (approval && screen.startsWith('approval '))
    return (
      <Suspense fallback={<Opening />}>
        <ApprovalView
          key={approval.id}
          approval={approval}
          waiting={state.approvals.length - 1}
          onDone={(approved) => {
            if (approval.kind !== 'send-transaction' || approval.origin !== null || !approved) return
            setDraft(EMPTY_DRAFT)
            go('activity')
          }}
        />
      </Suspense>
    )
  return (
    <div className="shell">
      <Navigation current={route[0] ?? 'home'} />
      <Routed route={route} draft={draft} onDraft={setDraft} />
    </div>
  )
}

function Routed({ route, draft, onDraft }: Parameters<typeof Send>[0] & { route: readonly string[] }) {
  const { state } = useWallet()
  const [name, id] = route
  switch (name) {
    case 'receive':
      return <Receive />
    case 'send':
      return <Send draft={draft} onDraft={onDraft} />
    case 'accounts':
      return (
        <Suspense fallback={<main className="screen" id="content" tabIndex={-1} />}>
          <Accounts part={id} />
        </Suspense>
      )
    case 'activity':
      return id === undefined ? <Activity /> : <Entry id={id} />
    case 'identity':
      return <LazyIdentity route={route.slice(1)} />
    case 'network':
      return id === 'pair' ? <Pair /> : id === 'start' ? <StaleStartScreen /> : <Network />
    case 'settings':
      return <Settings />
    case 'sources':
      return <ChooseSources back={['network']} onDone={() => go('network')} />
    case 'backup':
      if (!state.hasPhrase) return <BackupFile />
      return <Backup phrase={null} drill onDone={() => go('home')} onPostpone={() => go('home')} />
    case 'password':
      return <ChangePassword onDone={() => go('settings')} />
    case 'phrase':
      return <BackupFromSettings />
    case 'backup-file':
      return <BackupFile />
    case 'unlock-methods':
      return <UnlockMethods />
    case 'import':
      return <ImportMore />
    default:
      // An issuer's page has sent its user back.
      return state.identity.authorizing && returnedWithCode() ? <LazyIdentity route={['return']} /> : <Home />
  }
}

function LazyIdentity({ route }: { route: readonly string[] }) {
  return (
    <Suspense fallback={<Opening />}>
      <Identity route={route} />
    </Suspense>
  )
}

function BackupFromSettings() {
  const { state } = useWallet()
  const back = () => go('settings')
  return <Backup phrase={null} drill={!state.backedUp} onDone={back} onPostpone={back} />
}

/** A new screen starts at its top, and screen readers start there too. */
function useFocusOnChange(screen: string): void {
  const shown = useRef(screen)
  useEffect(() => {
    if (shown.current === screen) return
    shown.current = screen
    window.scrollTo(0, 0)
    const content = document.getElementById('content')
    if (content && !content.contains(document.activeElement)) content.focus()
  }, [screen])
}
