import type { TranslationOf } from '../table.ts'
import type { safetyEn } from './en.ts'

export const safetyDe: TranslationOf<typeof safetyEn> = {
  'contacts.title': 'Adressbuch',
  'contacts.intro': 'Namen, die du Adressen gibst. Sie bleiben in dieser Wallet.',
  'contacts.none': 'Noch keine Kontakte.',
  'contacts.add': 'Kontakt hinzufügen',
  'contacts.name': 'Name',
  'contacts.address': 'Adresse',
  'contacts.save': 'Hinzufügen',
  'contacts.save.despite': 'Ich habe jedes Zeichen verglichen: hinzufügen',
  'contacts.remove': 'Entfernen',
  'contacts.choose': 'Aus dem Adressbuch',
  'contacts.choose.none': 'Kontakt wählen',
  'recipient.own': 'Dein eigenes Konto {name}',
  'recipient.contact': 'In deinem Adressbuch als {name}',
  'recipient.used': 'Dorthin hast du schon gesendet',
  'recipient.looks-like':
    'Diese Adresse beginnt und endet wie {name} und ist eine andere. Solche Adressen sollen täuschen.',
  'recipient.looks-like.known': 'Die dir bekannte ist',
  'recipient.known.some': 'eine, an die du gesendet hast',
  'recipient.token': 'Das ist der Vertrag eines Tokens. Was dorthin gesendet wird, ist meist verloren.',
  'recipient.bait':
    'Diese Adresse ist nur aus wertlosen Überweisungen bekannt, die jemand in deinen Verlauf gesetzt hat.',
  'limits.title': 'Ausgabenlimits',
  'limits.intro':
    'Das Höchste, was mit Transaktionen dieser Wallet abgehen darf, wer auch immer sie will. Was darüber liegt, wird abgelehnt, bis du das Limit mit deinem Passwort änderst. Signaturen, die keine Transaktionen sind, zählen nicht.',
  'limits.none': 'Keine Limits.',
  'limits.amount': 'Höchstens ({symbol})',
  'limits.per': 'In',
  'limits.per.transaction': 'einer Transaktion',
  'limits.per.day': '24 Stunden',
  'limits.per.week': '7 Tagen',
  'limits.password': 'Passwort',
  'limits.set': 'Dieses Limit setzen',
  'limits.remove': 'Alle Limits aufheben',
  'limits.fees': 'Gebühren zählen mit, mit dem Höchsten, was sie sein können.',
  'limits.token': 'der kleinsten Einheit von {token}',
}
