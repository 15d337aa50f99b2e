import type { ClaimView } from '@glowworm/wallet-core/facade/identity'

/** Names of claims as their issuer gave them, from the top. */
export const claimName = (path: ClaimView['path']): string => path.join(' › ')

export function Claims({ claims, testId }: { claims: readonly ClaimView[]; testId?: string }) {
  return (
    <dl className="claims" data-testid={testId}>
      {claims.map(({ path, value }) => (
        <div key={claimName(path)} className="claim">
          <dt>{claimName(path)}</dt>
          <dd className="breaks">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
