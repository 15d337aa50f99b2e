/** What can be done about a start that is too old, in options of the command line. @module */
import type { RecoveryChoice, StaleCheckpoint } from '../../consensus/checkpoint-age.ts'
import { PRODUCT } from '../../product.ts'
import type { LightClient } from '../light-client.ts'

/** A choice as a command line says it. */
export interface ChoiceInOptions {
  readonly kind: RecoveryChoice['kind']
  readonly options: string
  readonly means: string
}

/** @param dataFolder where an agreed checkpoint is kept, and would be taken from again */
export function recoveryOptions({ choices }: StaleCheckpoint, dataFolder: string | null): ChoiceInOptions[] {
  return choices.map((choice) => ({ kind: choice.kind, ...inOptions(choice, dataFolder) }))
}

function inOptions(choice: RecoveryChoice, dataFolder: string | null): Omit<ChoiceInOptions, 'kind'> {
  switch (choice.kind) {
    case 'agreed-checkpoint': {
      const operators = Array.from({ length: choice.leastOperators }, () => '--checkpoint-from URL').join(' ')
      if (dataFolder === null)
        return { options: operators, means: 'start from a block that independent operators all call final' }
      return {
        options: `${PRODUCT.slug} checkpoint ${operators} --data ${dataFolder}`,
        means:
          'ask independent operators for a newer block, which they must all call final; then run this again with the same --checkpoint-from',
      }
    }
    case 'own-checkpoint':
      return {
        options: '--checkpoint ROOT',
        means: 'start from a newer finalized block root that you have from a place you trust',
      }
    case 'old-checkpoint':
      return {
        options: `--max-checkpoint-age ${choice.maxAgeDays}`,
        means: `go on from the old one. Beware: ${choice.risk}`,
      }
  }
}

/** Rejects when the client cannot start because its start is too old: nothing but a person's choice changes that. */
export function refusedAsStale(client: Pick<LightClient, 'subscribe' | 'status'>): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const look = (status: LightClient['status']) => {
    if (status.state === 'stalled' && status.head === null && status.cause.kind === 'stale') reject(status.cause)
  }
  client.subscribe(look)
  look(client.status)
  promise.catch(() => {}) // said to whoever waits for it
  return promise
}
