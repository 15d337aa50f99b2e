import type { PermissionView } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useSelected } from '../../app/selected.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { CheckRow } from '../../controls/field.tsx'
import { ShortHex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { useHistoryWords } from '../../messages/history/words.ts'
import { Proof } from '../../proof/proof.tsx'
import { assetAmount, assetName } from '../assets/asset-words.ts'
import { SearchBlocks } from '../history/history.tsx'

/** More than half of all that a number can hold is no amount, but everything. */
const UNLIMITED = { token: 2n ** 255n, permit2: 2n ** 159n } as const

export function Permissions() {
  const { facade, state } = useWallet()
  const say = useHistoryWords()
  const checking = useCommand()
  const revoking = useCommand()
  const account = useSelected()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  if (!account) return null
  // What is proven to be nothing is no permission any more.
  const open = state.belongings.history.permissions.filter(
    ({ accountId, left }) => accountId === account.id && !(left?.kind === 'proven' && left.value === 0n),
  )
  const keys = open.map(({ key }) => key).filter((key) => chosen.has(key))
  const toggle = (key: string) => (checked: boolean) =>
    setChosen((now) => new Set(checked ? [...now, key] : [...now].filter((one) => one !== key)))
  const revoke = async () => {
    if (await revoking.run(async () => void (await facade.prepareRevokes({ keys })))) setChosen(new Set())
  }
  return (
    <Screen title={say('permissions.title')} back={['safety']} testId="permissions-screen">
      <p>{say('permissions.intro')}</p>
      <Button
        wide
        busy={checking.busy}
        onClick={() => checking.run((stop) => facade.checkPermissions({ accountId: account.id }, stop))}
        testId="check-permissions"
      >
        {say('permissions.check')}
      </Button>
      <Stop command={checking} />
      <ProblemNotice problem={checking.problem} />
      {open.length === 0 ? (
        <p className="fine">{say('permissions.none')}</p>
      ) : (
        <ul className="rows plain-list">
          {open.map((permission) => (
            <li key={permission.key} className="row-with-action" data-testid="permission" data-kind={permission.kind}>
              <PermissionRow
                permission={permission}
                chosen={chosen.has(permission.key)}
                onChange={toggle(permission.key)}
              />
            </li>
          ))}
        </ul>
      )}
      {keys.length > 0 && (
        <>
          <p className="fine">{say('permissions.revoke.text')}</p>
          <Button
            kind="primary"
            wide
            busy={revoking.busy}
            disabled={account.signer === 'nobody'}
            onClick={revoke}
            testId="revoke"
          >
            {say('permissions.revoke', { count: keys.length })}
          </Button>
        </>
      )}
      <ProblemNotice problem={revoking.problem} />
      <Section title={say('permissions.search')}>
        <SearchBlocks accountId={account.id} />
      </Section>
    </Screen>
  )
}

function PermissionRow(props: { permission: PermissionView; chosen: boolean; onChange: (checked: boolean) => void }) {
  const words = useWords()
  const say = useHistoryWords()
  const sayAsset = useAssetWords()
  const { permission } = props
  const { kind, contract, spender, id, token, left } = permission
  const short = `${spender.slice(0, 8)}…${spender.slice(-6)}`
  const what = assetName({ id: null, token }, sayAsset)
  const amount = (value: bigint): string => {
    if (kind !== 'token' && kind !== 'permit2') return say('permissions.allowed')
    if (value >= UNLIMITED[kind]) return say('permissions.unlimited')
    return assetAmount({ standard: 'erc20', token }, sayAsset, words)(value)
  }
  return (
    <>
      <CheckRow
        checked={props.chosen}
        onChange={props.onChange}
        title={
          kind === 'token' || kind === 'permit2'
            ? say(`permissions.kind.${kind}`, { spender: short, what })
            : kind === 'item'
              ? say('permissions.kind.item', { spender: short, id: String(id) })
              : say('permissions.kind.all', { spender: short })
        }
        text={<ShortHex value={contract} />}
        testId="choose-permission"
      />
      <span className="row-side">
        {left === null ? (
          <span className="fine">{say('permissions.unchecked')}</span>
        ) : (
          <Proof label={say('permissions.left')} shown={left} format={amount} size="small" wordless />
        )}
      </span>
    </>
  )
}
