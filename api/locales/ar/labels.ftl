### تسميات الرموز.

referral-status-draft = مسودة
referral-status-sent = مُرسَلة
referral-status-acknowledged = تم تأكيد الاستلام
referral-status-info-requested = طُلبت معلومات إضافية
referral-status-waitlisted = على قائمة الانتظار
referral-status-offered = عُرض مكان
referral-status-accepted = مقبولة
referral-status-in-service = الخدمة جارية
referral-status-on-hold = معلّقة
referral-status-cancel-requested = طُلب الإلغاء
referral-status-completed = مكتملة
referral-status-ended-early = انتهت قبل الأوان
referral-status-declined = مرفوضة
referral-status-expired = انتهت مهلتها دون قرار
referral-status-withdrawn = سحبتها الجهة المُرسِلة
referral-status-voided = سُجّلت بالخطأ

reason-no-capacity = لا توجد أماكن متاحة
reason-not-eligible = شروط الخدمة غير مستوفاة
reason-out-of-area = خارج منطقة الخدمة
reason-service-suspended = الخدمة موقوفة مؤقتًا
reason-funding-ended = انتهى التمويل
reason-wrong-service = الخدمة غير مناسبة لهذا الاحتياج
reason-duplicate = إحالة أو خدمة مكررة
reason-incomplete-info = معلومات غير مكتملة
reason-person-declined = رفض الشخص المعني
reason-person-unreachable = تعذّر الوصول إلى الشخص المعني
reason-person-moved = انتقل الشخص المعني إلى مكان آخر
reason-remigrated = هاجر الشخص المعني مجددًا
reason-deceased = تُوفي الشخص المعني
reason-no-longer-needed = لم تعد هناك حاجة
reason-organization-unreachable = تعذّر الوصول إلى المنظمة
reason-no-response = لم يصل ردّ في المهلة المحددة
reason-safety-risk = خطر على السلامة
reason-consent-withdrawn = سُحبت الموافقة
reason-other = سبب آخر

urgency-emergency = طارئ
urgency-urgent = عاجل
urgency-routine = عادي

dimension-economic = اقتصادي
dimension-social = اجتماعي
dimension-psychosocial = نفسي اجتماعي

level-individual = فردي
level-community = مجتمعي
level-structural = هيكلي

organization-kind-service-provider = مقدّم خدمات
organization-kind-local-government = حكومة محلية
organization-kind-national-government = حكومة وطنية
organization-kind-implementing-partner = شريك منفّذ
organization-kind-donor = جهة مانحة

member-role-program-manager = مدير برنامج
member-role-case-manager = مسؤول إدارة الحالات
member-role-intake = استقبال الإحالات
member-role-service-worker = عامل في تقديم الخدمات
member-role-supervisor = مشرف
member-role-coordinator = منسّق
member-role-me-officer = مسؤول الرصد والتقييم
member-role-directory-editor = محرّر الدليل
member-role-data-protection = مسؤول حماية البيانات
member-role-mental-health-professional = أخصائي الصحة النفسية
member-role-administrator = مدير النظام

service-status-published = منشورة
service-status-paused = متوقفة مؤقتًا
service-status-retired = لم تعد تُقدَّم

visibility-public = الجميع
visibility-partners = الشركاء
visibility-own = المنظمة نفسها

case-status-open = مفتوحة
case-status-closed = مغلقة

case-stage-open = مفتوحة
case-stage-assessing = قيد التقييم
case-stage-planned = مخططة
case-stage-in-progress = قيد التنفيذ
case-stage-follow-up = متابعة
case-stage-on-hold = معلقة
case-stage-transferred = محولة
case-stage-closed = مغلقة

plan-status-draft = مسودة
plan-status-agreed = موافق عليها
plan-status-active = سارية
plan-status-superseded = مستبدلة

plan-item-status-planned = مخطط له
plan-item-status-in-progress = قيد التنفيذ
plan-item-status-done = منجز
plan-item-status-dropped = متروك

close-reason-goals-met = تحققت الأهداف
close-reason-program-ended = انتهى البرنامج
close-reason-withdrew = انسحب الشخص المعني
close-reason-unreachable = تعذّر الوصول إلى الشخص المعني
close-reason-remigrated = هاجر الشخص المعني مجددًا
close-reason-transferred = نُقلت إلى منظمة أخرى
close-reason-deceased = تُوفي الشخص المعني
close-reason-ineligible = غير مستوفٍ لشروط البرنامج

goal-result-achieved = تحقق
goal-result-partly = تحقق جزئيًا
goal-result-not-achieved = لم يتحقق

need-status-open = قائم
need-status-met = مُلبّى
need-status-partly-met = مُلبّى جزئيًا
need-status-not-met = غير مُلبّى
need-status-withdrawn = مسحوب

return-type-avrr = العودة الطوعية بمساعدة وإعادة الإدماج
return-type-vhr = العودة الإنسانية الطوعية
return-type-spontaneous = العودة التلقائية
return-type-forced = العودة القسرية
return-type-unspecified = غير محددة

contact-restriction-none = لا قيود
contact-restriction-not-stated = غير محدد: اسألوا الجهة المُحيلة أولاً
contact-restriction-no-sms = لا رسائل نصية
contact-restriction-no-call = لا مكالمات هاتفية
contact-restriction-no-voicemail = لا رسائل على المجيب الصوتي
contact-restriction-no-email = لا بريد إلكتروني
contact-restriction-no-letter = لا رسائل بريدية
contact-restriction-no-home-visit = لا زيارات منزلية
contact-restriction-not-through-others = لا إبلاغ للأسرة أو الجيران أو المجتمع
contact-restriction-only-through-sender = عبر الجهة المُحيلة فقط
contact-restriction-other = قيد آخر

help-standing-asked = مطلوبة
help-standing-under-way = جارية
help-standing-given = مقدَّمة
help-standing-ended = انتهت دون أن تكتمل
