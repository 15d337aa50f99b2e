import { type ComponentProps, type ReactNode, type RefObject, Suspense, useEffect, useRef, useState } from 'react'
import { ApprovalView } from '../approval/late-approval.ts'
import { returnedWithCode } from '../infrastructure/page.ts'
import { Home } from '../screens/home/home.tsx'
import { NothingWaiting } from '../screens/nothing-waiting.tsx'
import { EMPTY_DRAFT } from '../screens/send/draft.ts'
import { Unlock } from '../screens/unlock.tsx'
import { VaultGone } from '../screens/vault-gone.tsx'
import { late } from './late.tsx'
import { Navigation } from './navigation.tsx'
import { go, useRoute } from './route.ts'
import { useApp, useWallet } from './wallet-context.ts'

// With the page come unlocking, home, and what must be said when the rest may be gone. Everything else is fetched when somebody goes there.
const Activity = late(() => import('../screens/activity/activity.tsx').then((part) => part.Activity))
const Entry = late(() => import('../screens/activity/entry.tsx').then((part) => part.Entry))
const Backup = late(() => import('../screens/backup/backup.tsx').then((part) => part.Backup))
const BackupFile = late(() => import('../screens/backup/backup-file.tsx').then((part) => part.BackupFile))
const ChooseSources = late(() => import('../screens/first-run/choose-sources.tsx').then((part) => part.ChooseSources))
const FirstRun = late(() => import('../screens/first-run/first-run.tsx').then((part) => part.FirstRun))
const Network = late(() => import('../screens/network/network.tsx').then((part) => part.Network))
const Pair = late(() => import('../screens/network/pair/pair.tsx').then((part) => part.Pair))
const StaleStart = late(() =>
  import('../screens/network/stale-start/stale-start.tsx').then((part) => part.StaleStartScreen),
)
const Receive = late(() => import('../screens/receive.tsx').then((part) => part.Receive))
const Send = late(() => import('../screens/send/send.tsx').then((part) => part.Send))
const Settings = late(() => import('../screens/settings/settings.tsx').then((part) => part.Settings))
const ChangePassword = late(() => import('../screens/settings/change-password.tsx').then((part) => part.ChangePassword))
const ImportMore = late(() => import('../screens/settings/import-more.tsx').then((part) => part.ImportMore))
const UnlockMethods = late(() => import('../screens/settings/unlock-methods.tsx').then((part) => part.UnlockMethods))
const Assets = late(() => import('../screens/assets/assets.tsx').then((part) => part.Assets))
const History = late(() => import('../screens/history/history.tsx').then((part) => part.History))
const Safety = late(() => import('../screens/safety/safety.tsx').then((part) => part.Safety))
const Accounts = late(() => import('../screens/accounts/accounts.tsx').then((part) => part.Accounts))
const Phone = late(() => import('../screens/phone/phone.tsx').then((part) => part.Phone))
const Identity = late(() => import('../identity/screens.tsx').then((part) => part.default))
const SiteApproval = late(() => import('../identity/site-approval.tsx').then((part) => part.default))

/** Which screen is due. Order matters: setting up, unlocking and deciding come before going anywhere. */
export function App() {
  const { surface, onIdle } = useApp()
  const { state } = useWallet()
  const route = useRoute()
  // The phrase of a wallet just made, until the backup was done or put off. It is nowhere else outside the core.
  const [freshPhrase, setFreshPhrase] = useState<Uint8Array | null>(null)
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
  // Null for the first screen: whoever opens the page starts at its top anyway.
  const shown = useRef<string | null>(null)
  const arrival = <Arrival screen={screen} shown={shown} />
  useEffect(() => {
    if (state.phase === 'unlocked') return
    setFreshPhrase((phrase) => {
      phrase?.fill(0)
      return null
    })
    setDraft(EMPTY_DRAFT)
  }, [state.phase])

  const alone = (): ReactNode => {
    switch (screen) {
      case 'first-run':
        return <FirstRun onCreated={setFreshPhrase} />
      case 'unlock':
        return <Unlock />
      case 'backup': {
        const end = () => setFreshPhrase(null)
        return <Backup phrase={freshPhrase} drill onDone={end} onPostpone={end} />
      }
      case 'idle':
        return <NothingWaiting onIdle={onIdle} />
      case 'sources':
        return state.sourcesChosen ? null : <ChooseSources back={['home']} onDone={() => go('home')} />
    }
    if (!approval || !screen.startsWith('approval ')) return null
    return approval.kind === 'authenticate' || approval.kind === 'present' ? (
      <SiteApproval key={approval.id} approval={approval} waiting={state.approvals.length - 1} />
    ) : (
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
    )
  }
  const gone = state.vaultGone && <VaultGone />
  const whole = alone()
  if (whole)
    return (
      <>
        {gone}
        <Suspense fallback={<Coming />}>
          {whole}
          {arrival}
        </Suspense>
      </>
    )
  return (
    <>
      {gone}
      <div className="shell">
        <Navigation current={route[0] ?? 'home'} />
        <Suspense fallback={<Coming />}>
          <Routed route={route} draft={draft} onDraft={setDraft} />
          {arrival}
        </Suspense>
      </div>
    </>
  )
}

/** While a screen is fetched. Too short for words, but there is a place to be. */
function Coming() {
  return <main className="screen" id="content" tabIndex={-1} aria-busy="true" />
}

function Routed({ route, draft, onDraft }: ComponentProps<typeof Send> & { route: readonly string[] }) {
  const { state } = useWallet()
  const [name, id] = route
  switch (name) {
    case 'receive':
      return <Receive />
    case 'send':
      return <Send draft={draft} onDraft={onDraft} />
    case 'accounts':
      return <Accounts part={id} />
    case 'assets':
      return <Assets route={route.slice(1)} />
    case 'history':
      return <History />
    case 'phone':
      return <Phone />
    case 'safety':
      return <Safety part={id} />
    case 'activity':
      return id === undefined ? <Activity /> : <Entry id={id} />
    case 'identity':
      return <Identity route={route.slice(1)} />
    case 'network':
      return id === 'pair' ? <Pair /> : id === 'start' ? <StaleStart /> : <Network />
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
      return state.identity.authorizing && returnedWithCode() ? <Identity route={['return']} /> : <Home />
  }
}

function BackupFromSettings() {
  const { state } = useWallet()
  const back = () => go('settings')
  return <Backup phrase={null} drill={!state.backedUp} onDone={back} onPostpone={back} />
}

/**
 * A new screen starts at its top, and screen readers start there too. Stands beside the screen in its boundary: so it
 * waits until the screen is there.
 */
function Arrival({ screen, shown }: { screen: string; shown: RefObject<string | null> }) {
  useEffect(() => {
    const before = shown.current
    shown.current = screen
    if (before === null || before === screen) return
    window.scrollTo(0, 0)
    const content = document.getElementById('content')
    if (content && !content.contains(document.activeElement)) content.focus()
  }, [screen, shown])
  return null
}
