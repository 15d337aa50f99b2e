import type { TranslationOf } from '../table.ts'
import type { phoneEn } from './en.ts'

export const phoneDe: TranslationOf<typeof phoneEn> = {
  'phone.title': 'Seiten auf anderen Bildschirmen',
  'phone.claimed': 'Diese Seite ist auf einem anderen Bildschirm. Sie sagt, sie sei {origin}; dafür bürgt niemand.',
  'phone.intro':
    'Eine Seite auf einem Computer kann die Wallet auf diesem Gerät benutzen. Sie zeigt einen Code; was sie danach verlangt, wird hier entschieden.',
  'phone.scan': 'Den Code einer Seite scannen',
  'phone.scan.text': 'Halte den Code, den die Seite zeigt, vor die Kamera.',
  'phone.camera': 'Was die Kamera sieht',
  'phone.paste': 'Oder füge den Code der Seite als Text ein',
  'phone.paste.hint': '„Als Text kopieren“ in der Seite gibt ihn.',
  'phone.none': 'Keine Seite ist verbunden.',
  'phone.connected': 'Jetzt verbunden',
  'phone.says': 'Sie sagt, sie sei',
  'phone.says.text': 'Dafür bürgt niemand: Wer die Seite gemacht hat, konnte irgendetwas hinschreiben.',
  'phone.since': 'seit {moment}',
  'phone.sees': 'sieht {accounts}',
  'phone.sees.none': 'sieht kein Konto',
  'phone.end': 'Beenden',
  'phone.ended': 'Die Verbindung zu {origin} ist beendet',
  'phone.ends': 'Was eine Seite darf, endet mit ihrer Verbindung: wenn sie oder diese Wallet geschlossen wird.',
  'phone.bridge': 'Die Seite nimmt die Antwort über {host}',
  'phone.bridge.text':
    'Dieser Rechner erfährt dann die Internetadresse dieses Geräts und die Zeit. Die Antwort kann er nicht lesen, und sonst geht nichts über ihn.',
  'phone.bridge.post': 'Über {host} antworten',
  'phone.bridge.posted': 'Die Antwort liegt bei {host}. Die Seite wird erwartet.',
  'phone.show': 'Die Antwort als Code zeigen',
  'phone.answer': 'Gib der Seite diese Antwort: halte sie vor die Kamera des Computers, oder kopiere sie als Text.',
  'phone.qr': 'QR-Code, der der Seite antwortet',
  'phone.waiting': 'Die Seite wird erwartet.',
  'phone.done': 'Die Seite ist verbunden',
  'phone.done.text': 'Was sie verlangt, kommt hierher und wartet auf deine Entscheidung.',
}
