/** English, the source: its keys are the type every other language must fill. */
export const en = {
  loading: 'Opening your wallet',
  failed: 'The wallet could not start',
  'failed.next': 'Nothing was lost. Close this window and open it again; your backup phrase restores everything.',
  silent: 'The part of the wallet that works in the background does not answer.',
  title: 'Which network?',
  intro:
    'The rules by which a network’s evidence is checked come with its profile. Nobody is asked anything before you choose.',
  now: 'Now: {name}',
  change: 'Choosing another network, or the same one anew, locks the wallet and asks again where evidence comes from.',
  mainnet: 'Ethereum',
  'mainnet.text': 'Real money. You name the sources and a starting checkpoint next.',
  sepolia: 'Sepolia',
  'sepolia.text': 'A public test network. You name the sources and a starting checkpoint next.',
  devnet: 'Local devnet',
  'devnet.text': 'What npm start runs on this computer. Asks {url} for its profile.',
  other: 'Another network',
  'other.field': 'Network profile',
  'other.hint': 'The address of a profile, or its JSON.',
  'other.use': 'Use this network',
  'other.empty': 'Paste a profile or its address.',
  'other.insecure': 'Profiles are fetched over https, or in the clear from this computer only.',
  'fetch.failed': '{url} gave no profile: {reason}.',
  'fetch.silent': 'nobody answered',
  'fetch.failed.next': 'Check that it runs and lets extensions read it, or paste the profile’s JSON instead.',
} as const

export type MessageKey = keyof typeof en
