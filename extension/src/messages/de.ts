import type { MessageKey } from './en.ts'

export const de: Readonly<Record<MessageKey, string>> = {
  loading: 'Deine Wallet wird geöffnet',
  failed: 'Die Wallet konnte nicht starten',
  'failed.next':
    'Nichts ist verloren. Schließe dieses Fenster und öffne es wieder; deine Sicherungsphrase stellt alles wieder her.',
  silent: 'Der Teil der Wallet, der im Hintergrund arbeitet, antwortet nicht.',
  title: 'Welches Netzwerk?',
  intro:
    'Nach welchen Regeln die Beweise eines Netzwerks geprüft werden, steht in seinem Profil. Niemand wird gefragt, bevor du wählst.',
  now: 'Jetzt: {name}',
  change:
    'Wählst du ein anderes Netzwerk oder dasselbe neu, wird die Wallet gesperrt und fragt wieder, woher Beweise kommen.',
  mainnet: 'Ethereum',
  'mainnet.text': 'Echtes Geld. Als Nächstes nennst du die Quellen und einen Startpunkt.',
  sepolia: 'Sepolia',
  'sepolia.text': 'Ein öffentliches Testnetz. Als Nächstes nennst du die Quellen und einen Startpunkt.',
  devnet: 'Lokales Devnet',
  'devnet.text': 'Was npm start auf diesem Rechner startet. Fragt {url} nach seinem Profil.',
  other: 'Ein anderes Netzwerk',
  'other.field': 'Netzwerkprofil',
  'other.hint': 'Die Adresse eines Profils oder sein JSON.',
  'other.use': 'Dieses Netzwerk verwenden',
  'other.empty': 'Füge ein Profil oder seine Adresse ein.',
  'other.insecure': 'Profile werden über https geholt, unverschlüsselt nur von diesem Rechner.',
  'fetch.failed': '{url} gab kein Profil: {reason}.',
  'fetch.silent': 'niemand hat geantwortet',
  'fetch.failed.next': 'Prüfe, ob es läuft und Erweiterungen lesen lässt, oder füge das JSON des Profils ein.',
}
