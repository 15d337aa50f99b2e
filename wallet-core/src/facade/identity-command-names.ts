import type { IdentityCommands } from './identity.ts'

export const IDENTITY_COMMANDS: readonly (keyof IdentityCommands)[] = [
  ...(['readExchange', 'readSiteQuestion', 'acceptOffer', 'resumeOffer', 'present', 'dropExchange'] as const),
  ...(['credential', 'checkCredential', 'addCredential', 'removeCredential', 'removePresentations'] as const),
  ...(['exportIdentity', 'eraseIdentity', 'createDid', 'removeDid', 'resolveDid', 'prepareDidChange'] as const),
]
