/** Arabic; loaded with the address book, what warns about recipients, and spending limits. */
import type { TranslationOf } from '../table.ts'
import type { safetyEn } from './en.ts'

export const safetyAr: TranslationOf<typeof safetyEn> = {
  'contacts.title': 'دفتر العناوين',
  'contacts.intro': 'أسماء تعطيها للعناوين. تبقى في هذه المحفظة.',
  'contacts.none': 'لا جهات اتصال بعد.',
  'contacts.add': 'إضافة جهة اتصال',
  'contacts.name': 'الاسم',
  'contacts.address': 'العنوان',
  'contacts.save': 'إضافة',
  'contacts.save.despite': 'قارنتُ كل حرف: أضفها',
  'contacts.remove': 'إزالة',
  'contacts.choose': 'من دفتر العناوين',
  'contacts.choose.none': 'اختر جهة اتصال',
  'recipient.own': 'حسابك أنت {name}',
  'recipient.contact': 'في دفتر عناوينك باسم {name}',
  'recipient.used': 'أرسلتَ إليه من قبل',
  'recipient.looks-like': 'يبدأ هذا العنوان وينتهي مثل {name} وهو عنوان آخر. تُصنع عناوين كهذه للخداع.',
  'recipient.looks-like.known': 'الذي تعرفه هو',
  'recipient.known.some': 'عنوان أرسلتَ إليه',
  'recipient.token': 'هذا عقد توكن. ما يُرسل إليه يضيع غالبًا.',
  'recipient.bait': 'لا يُعرف هذا العنوان إلا من تحويلات بلا قيمة وضعها أحدهم في سجلّك.',
  'limits.title': 'حدود الإنفاق',
  'limits.intro':
    'أقصى ما قد يغادر بمعاملات هذه المحفظة، أيًّا كان من يطلبها. ما فوقه يُرفض حتى تغيّر الحد بكلمة مرورك. التواقيع التي ليست معاملات لا تُحسب.',
  'limits.none': 'لا حدود.',
  'limits.amount': 'على الأكثر ({symbol})',
  'limits.per': 'في',
  'limits.per.transaction': 'معاملة واحدة',
  'limits.per.day': 'أي 24 ساعة',
  'limits.per.week': 'أي 7 أيام',
  'limits.password': 'كلمة المرور',
  'limits.set': 'تعيين هذا الحد',
  'limits.remove': 'إزالة كل الحدود',
  'limits.fees': 'تُحسب الرسوم أيضًا، بأقصى ما قد تبلغه.',
  'limits.token': 'من أصغر وحدة في {token}',
}
