### من يرى ماذا من الملف: التسميات، والتقرير الذي يحق للشخص أن يحصل عليه.

criterion-age-between = العمر من { $minimum } إلى { $maximum } سنة
criterion-age-from = العمر { $minimum } سنة على الأقل
criterion-age-to = العمر { $maximum } سنة على الأكثر
criterion-sex-female = للنساء والفتيات فقط
criterion-sex-male = للرجال والفتيان فقط
criterion-sex-other = للأشخاص من جنس آخر فقط
criterion-sex-unknown = للأشخاص الذين لم يُذكر جنسهم
criterion-return-type = فقط لمن عادوا بهذه الطريقة: { $values }
criterion-returnees = للعائدين فقط
criterion-area = فقط لمن يسكنون هنا: { $values }
criterion-language = يُتحدث بإحدى هذه اللغات: { $values }
criterion-documents = ما يجب إحضاره: { $values }
criterion-places = يوجد مكان شاغر
criterion-open = الخدمة تستقبل الإحالات الآن

check-answer-pass = مستوفى
check-answer-fail = غير مستوفى
check-answer-unknown = غير معروف

freshness-never-verified = لم يؤكد مقدم الخدمة البيانات قط
freshness-stale = لم يؤكد مقدم الخدمة البيانات في الوقت المحدد
freshness-aging = على مقدم الخدمة تأكيد البيانات قريبًا
freshness-capacity-outdated = ذُكر عدد الأماكن قبل أكثر من أسبوعين
freshness-silence = بقيت إحالات دون رد
freshness-capacity-declines = رُفضت إحالات لعدم وجود أماكن مع أن أماكن شاغرة كانت معلنة
freshness-open-corrections = وجد أحدهم خطأ في البيانات ولم يرد مقدم الخدمة

closed-because-funding-ended = انتهى التمويل

access-because-holder = هي المسؤولة عن الملف
access-because-referral = تلقت إحالة
access-because-coordination = تنسق إحالات البرنامج
access-because-former-holder = كانت مسؤولة عن الملف سابقًا
access-because-transfer-proposed = عُرض عليها تولي الملف

consent-field-case-identifier = رقم الملف
consent-field-need = نوع المساعدة المطلوبة وما كُتب عنها
consent-field-goals = الأهداف بكلماتك
consent-field-urgency = مدى استعجال المساعدة
consent-field-age-band = الفئة العمرية
consent-field-sex = الجنس
consent-field-language = اللغة
consent-field-contact-through-sender = إمكانية الوصول إليك عن طريق الجهة التي أحالتك
consent-field-prior-help = المساعدة التي حصلتم عليها أو طلبتموها في مكان آخر
consent-field-given-name = الاسم الشخصي
consent-field-family-name = اسم العائلة
consent-field-birth-date = تاريخ الميلاد
consent-field-nationality = الجنسية
consent-field-document-numbers = أرقام الوثائق
consent-field-phone = رقم الهاتف
consent-field-email = عنوان البريد الإلكتروني
consent-field-address = العنوان
consent-field-caregiver = من يرعى الطفل
consent-field-protective-factors = ما يقوي الشخص ويحميه
consent-field-health-needs = الاحتياجات الصحية
consent-field-unaccompanied-child = أن الطفل بلا بالغ يرعاه
consent-field-separated-child = أن الطفل منفصل عن والديه
consent-field-victim-of-trafficking = أن الشخص كان ضحية اتجار
consent-field-survivor-gbv = أن الشخص تعرض لعنف قائم على النوع الاجتماعي
consent-field-survivor-violence-abuse = أن الشخص تعرض لعنف أو إساءة
consent-field-smuggling-abuse = أن الشخص تعرض لإساءة من المهربين
consent-field-chronic-illness = مرض مزمن
consent-field-mental-health = حاجة إلى رعاية الصحة النفسية
consent-field-disability = إعاقة
consent-field-pregnant-lactating = حمل أو إرضاع
consent-field-older-person = كون الشخص كبير السن ومعرضًا للخطر
consent-field-single-headed-household = إعالة الأسرة دون شريك
consent-field-child-headed-household = أسرة يعيلها طفل
consent-field-sogiesc = خطر بسبب الميل الجنسي أو الهوية الجنسانية
consent-field-minority-indigenous = الانتماء إلى أقلية أو شعب أصلي
consent-field-intl-protection-need = حاجة محتملة إلى حماية دولية
consent-field-ex-detainee = أن الشخص كان محتجزًا
consent-field-indebted = ديون بسبب الهجرة

access-report-title = من يستطيع الاطلاع على معلومات الملف { $identifier } بتاريخ { $date }
access-report-running = حاليًا:
access-report-ended = في السابق:
access-report-holder = { $organization } مسؤولة عن الملف وتعمل معك منذ { $since }.
access-report-coordination = { $organization } تنسق إحالات البرنامج منذ { $since }. وهي ترى مرحلة كل إحالة ولا ترى شيئًا عنك.
access-report-former-holder = كانت { $organization } مسؤولة عن الملف من { $since } إلى { $until }. ولم تعد ترى منه شيئًا.
access-report-transfer = عُرض على { $organization } منذ { $since } أن تتولى ملفك، وهي ترى: { $fields }.
access-report-transfer-ended = عُرض على { $organization } أن تتولى ملفك. من { $since } إلى { $until } رأت: { $fields }.
access-report-referral = { $organization } تلقت إحالة وترى منذ { $since }: { $fields }.
access-report-referral-ended = { $organization } تلقت إحالة. من { $since } إلى { $until } رأت: { $fields }.
access-report-rights = يمكنك في أي وقت أن تطلب تصحيحًا أو أن تسحب موافقتك أو أن تقدم شكوى. ولا يفقدك سحب الموافقة مساعدة بدأت.
