/** What the dialog in a page says. Pages take it whole: it is small, and may have to speak without any network. */
const en = {
  title: 'Connect a phone',
  scan: 'In the wallet on the phone, open Settings, “Pages on other screens”, and scan this code.',
  code: 'QR code for the phone',
  copy: 'Copy as text',
  copied: 'Copied',
  waiting: 'The phone answers through {host}, which cannot read the answer.',
  byHand: 'Give the answer by hand',
  answer: 'The phone then shows an answer. Hold it before the camera, or paste it here.',
  paste: 'The phone’s answer',
  camera: 'Use the camera',
  see: 'What the camera sees',
  connect: 'Connect',
  connecting: 'Connecting to the phone.',
  cancel: 'Cancel',
  rejected: 'No phone was connected.',
  again: 'The code above is a new one: scan it again.',
  CAMERA: 'The camera cannot be used here. Paste the answer as text.',
  INVALID_PAIRING_CODE: 'This is not an answer from a phone. Copy the whole text again.',
  OTHER_PURPOSE: 'This code pairs two wallets; it does not answer a page.',
  WRONG_PAIRING_CODE: 'This is not the answer to the code shown here. Scan that one with the phone.',
  PAIRING_EXPIRED: 'The code has expired.',
  PAIRING_FAILED: 'Nothing got through. Bring phone and computer into the same network, for example the same Wi-Fi.',
  BRIDGE_ANSWERS_FALSELY:
    'The bridge gave an answer that does not come from your phone. It was thrown away. Paste the answer by hand.',
  NO_PEER_CONNECTIONS: 'This browser makes no connections to other devices: WebRTC is missing, or switched off.',
} as const
export type DialogWord = keyof typeof en
type Words = Readonly<Record<DialogWord, string>>

const de: Words = {
  title: 'Ein Handy verbinden',
  scan: 'Öffne in der Wallet auf dem Handy Einstellungen, „Seiten auf anderen Bildschirmen“, und scanne diesen Code.',
  code: 'QR-Code für das Handy',
  copy: 'Als Text kopieren',
  copied: 'Kopiert',
  waiting: 'Das Handy antwortet über {host}, das die Antwort nicht lesen kann.',
  byHand: 'Die Antwort von Hand übertragen',
  answer: 'Das Handy zeigt dann eine Antwort. Halte sie vor die Kamera, oder füge sie hier ein.',
  paste: 'Die Antwort des Handys',
  camera: 'Kamera benutzen',
  see: 'Was die Kamera sieht',
  connect: 'Verbinden',
  connecting: 'Die Verbindung zum Handy wird aufgebaut.',
  cancel: 'Abbrechen',
  rejected: 'Es wurde kein Handy verbunden.',
  again: 'Der Code oben ist ein neuer: scanne ihn noch einmal.',
  CAMERA: 'Die Kamera ist hier nicht zu benutzen. Füge die Antwort als Text ein.',
  INVALID_PAIRING_CODE: 'Das ist keine Antwort eines Handys. Kopiere den ganzen Text noch einmal.',
  OTHER_PURPOSE: 'Dieser Code koppelt zwei Wallets; er antwortet keiner Seite.',
  WRONG_PAIRING_CODE: 'Das ist nicht die Antwort auf den Code hier. Scanne diesen mit dem Handy.',
  PAIRING_EXPIRED: 'Der Code ist abgelaufen.',
  PAIRING_FAILED: 'Nichts kam durch. Bringe Handy und Computer in dasselbe Netz, zum Beispiel dasselbe WLAN.',
  BRIDGE_ANSWERS_FALSELY:
    'Die Bridge gab eine Antwort, die nicht von deinem Handy ist. Sie wurde verworfen. Füge die Antwort von Hand ein.',
  NO_PEER_CONNECTIONS: 'Dieser Browser verbindet sich nicht mit anderen Geräten: WebRTC fehlt oder ist abgeschaltet.',
}

const ar: Words = {
  title: 'توصيل هاتف',
  scan: 'في المحفظة على الهاتف افتح الإعدادات، ثم «صفحات على شاشات أخرى»، وامسح هذا الرمز.',
  code: 'رمز QR للهاتف',
  copy: 'نسخ كنص',
  copied: 'تم النسخ',
  waiting: 'يجيب الهاتف عبر {host}، الذي لا يستطيع قراءة الجواب.',
  byHand: 'نقل الجواب يدويًا',
  answer: 'يعرض الهاتف بعد ذلك جوابًا. ضعه أمام الكاميرا أو الصقه هنا.',
  paste: 'جواب الهاتف',
  camera: 'استخدام الكاميرا',
  see: 'ما تراه الكاميرا',
  connect: 'توصيل',
  connecting: 'يجري الاتصال بالهاتف.',
  cancel: 'إلغاء',
  rejected: 'لم يتم توصيل أي هاتف.',
  again: 'الرمز أعلاه جديد: امسحه مرة أخرى.',
  CAMERA: 'لا يمكن استخدام الكاميرا هنا. الصق الجواب كنص.',
  INVALID_PAIRING_CODE: 'هذا ليس جوابًا من هاتف. انسخ النص كاملًا مرة أخرى.',
  OTHER_PURPOSE: 'هذا الرمز يقرن محفظتين، ولا يجيب صفحة.',
  WRONG_PAIRING_CODE: 'هذا ليس جواب الرمز المعروض هنا. امسح ذلك الرمز بالهاتف.',
  PAIRING_EXPIRED: 'انتهت صلاحية الرمز.',
  PAIRING_FAILED: 'لم يصل شيء. اجعل الهاتف والحاسوب في الشبكة نفسها، مثل شبكة Wi-Fi نفسها.',
  BRIDGE_ANSWERS_FALSELY: 'أعطى الجسر جوابًا ليس من هاتفك، وقد أُهمل. الصق الجواب يدويًا.',
  NO_PEER_CONNECTIONS: 'هذا المتصفح لا يتصل بأجهزة أخرى: WebRTC مفقود أو معطّل.',
}

export interface DialogWords {
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
  say(word: DialogWord, host?: string): string
  /** For an error of the connection; null where there are no words for it. */
  problem(code: string): string | null
}

/** @param language BCP 47 tag; English where it is none of the three */
export function dialogWords(language: string): DialogWords {
  const short = language.slice(0, 2).toLowerCase()
  const table = short === 'de' ? de : short === 'ar' ? ar : en
  return {
    language: table === en ? 'en' : short,
    direction: table === ar ? 'rtl' : 'ltr',
    say: (word, host = '') => table[word].replace('{host}', host),
    problem: (code) => (/^[A-Z_]+$/.test(code) && Object.hasOwn(table, code) ? table[code as DialogWord] : null),
  }
}
