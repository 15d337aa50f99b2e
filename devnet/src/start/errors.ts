/** Typed errors of `npm start`. @module */
import { DevnetError } from '../errors.ts'

/** A part of the product could not be built; `output` is the end of what the build printed. */
export class BuildFailed extends DevnetError {
  constructor(what: string, command: string, output: string) {
    super(
      'Start.BuildFailed',
      'BUILD_FAILED',
      `${what} could not be built.\n${output.trim()}\nRun it alone: ${command}`,
    )
  }
}

/** A real network needs sources and a checkpoint that nobody but the user can choose. */
export class MissingSource extends DevnetError {
  constructor(network: string, missing: readonly string[]) {
    super(
      'Start.MissingSource',
      'MISSING_SOURCE',
      `${network} needs ${missing.join(' and ')}. Example: npm start -- --network mainnet --beacon http://127.0.0.1:5052 ` +
        '--execution http://127.0.0.1:8545 --checkpoint 0x… (a finalized block root you got from somebody you trust)',
    )
  }
}

/** A network profile could not be read. */
export class UnreadableProfile extends DevnetError {
  constructor(network: string, options: { cause: unknown }) {
    const reason = options.cause instanceof Error ? options.cause.message : String(options.cause)
    super(
      'Start.UnreadableProfile',
      'UNREADABLE_PROFILE',
      `No network profile could be read for --network ${network}: ${reason}. Give devnet, mainnet or the path of a profile.`,
      options,
    )
  }
}
