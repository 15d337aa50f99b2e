import type { TranslationOf } from '../table.ts'
import type { phoneEn } from './en.ts'

export const phoneAr: TranslationOf<typeof phoneEn> = {
  'phone.title': 'صفحات على شاشات أخرى',
  'phone.claimed': 'هذه الصفحة على شاشة أخرى. تقول إنها {origin}، ولا أحد يضمن ذلك.',
  'phone.intro':
    'يمكن لصفحة على حاسوب أن تستخدم المحفظة الموجودة على هذا الجهاز. تعرض الصفحة رمزًا، وما تطلبه بعد ذلك يُقرَّر هنا.',
  'phone.scan': 'مسح رمز صفحة',
  'phone.scan.text': 'ضع الرمز الذي تعرضه الصفحة أمام الكاميرا.',
  'phone.camera': 'ما تراه الكاميرا',
  'phone.paste': 'أو الصق رمز الصفحة كنص',
  'phone.paste.hint': '«نسخ كنص» في الصفحة يعطيه.',
  'phone.none': 'لا صفحة متصلة.',
  'phone.connected': 'متصلة الآن',
  'phone.says': 'تقول إنها',
  'phone.says.text': 'لا أحد يضمن ذلك: من صنع الصفحة كان يستطيع أن يكتب أي شيء.',
  'phone.since': 'منذ {moment}',
  'phone.sees': 'ترى {accounts}',
  'phone.sees.none': 'لا ترى أي حساب',
  'phone.end': 'إنهاء',
  'phone.ended': 'انتهى الاتصال مع {origin}',
  'phone.ends': 'ما يُسمح به لصفحة ينتهي مع اتصالها: عندما تُغلق هي أو تُغلق هذه المحفظة.',
  'phone.bridge': 'تأخذ الصفحة الجواب عبر {host}',
  'phone.bridge.text':
    'يعرف ذلك المضيف عندئذ عنوان هذا الجهاز على الإنترنت والوقت. لا يستطيع قراءة الجواب، ولا يمر عبره شيء آخر.',
  'phone.bridge.post': 'الجواب عبر {host}',
  'phone.bridge.posted': 'الجواب عند {host}. بانتظار الصفحة.',
  'phone.show': 'عرض الجواب كرمز',
  'phone.answer': 'أعطِ الصفحة هذا الجواب: ضعه أمام كاميرا الحاسوب أو انسخه كنص.',
  'phone.qr': 'رمز QR يجيب الصفحة',
  'phone.waiting': 'بانتظار الصفحة.',
  'phone.done': 'الصفحة متصلة',
  'phone.done.text': 'ما تطلبه يأتي إلى هنا وينتظر قرارك.',
}
