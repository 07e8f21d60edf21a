### سجل موافقة.

consent-record-title = سجل موافقة
consent-record-holder = سجلته:
consent-record-receiver = يجوز إطلاع:
consent-record-fields = ماذا:
consent-record-purpose = لأي غرض:
consent-record-basis = على أساس:
consent-record-given-by = منحها:
consent-record-given-on = بتاريخ:
consent-record-method = كيف:
consent-record-language = شُرحت بلغة:
consent-record-notice = نسخة الإشعار:
consent-record-report-back = يجوز للمتلقي أن يخبر المرسل بما آل إليه الأمر:
consent-record-child-view = رأي الطفل:
consent-record-expires-on = آخر يوم لسريانها:
consent-record-report-back-ended = انتهى الإبلاغ:
consent-record-withdrawn = سُحبت:
consent-record-withdrawn-by = طلب الشخص ذلك:
consent-record-disclosed = ما تم الاطلاع عليه
consent-record-nothing = لم يتم الاطلاع على شيء.
consent-record-to = لمن:
consent-record-from = منذ:
consent-record-until = حتى:
consent-record-lasts = ما زال الاطلاع مستمرًا.
consent-record-redactions = ما وجب حذفه
consent-record-asked = طُلب:
consent-record-confirmed = تم تأكيد الحذف:
consent-record-unconfirmed = لم يؤكد بعد؛ الموعد:
consent-record-comma = ؛
consent-record-yes = نعم
consent-record-no = لا

basis-consent = الموافقة
basis-vital-interest = خطر على الحياة أو الصحة
basis-legal-duty = واجب قانوني
basis-best-interests = المصلحة الفضلى للطفل

purpose-case-transfer = تسليم الملف إلى منظمة أخرى تتولاه بالكامل
purpose-care = الرعاية: الإحالة إلى خدمة، والإفادة بما آلت إليه
given-by-person = الشخص نفسه
given-by-guardian = ولي أمر
given-by-competent-authority = السلطة المختصة

consent-method-written = كتابة
consent-method-verbal = شفهيًا
consent-method-mark = بعلامة على الورق
consent-method-phone = بالهاتف
consent-method-digital = على جهاز الشخص

child-view-agrees = موافق
child-view-disagrees = غير موافق
child-view-too-young = أصغر من أن يكون له رأي
child-view-not-asked = لم يُسأل بعد

person-channel-in-person = وجهًا لوجه
person-channel-phone = بالهاتف
person-channel-message = برسالة
person-channel-slip = برمز القسيمة
person-channel-representative = عن طريق من أرسله
