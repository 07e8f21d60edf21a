### من يرى ماذا من الملف: التسميات، والتقرير الذي يحق للشخص أن يحصل عليه.

access-because-holder = هي المسؤولة عن الملف
access-because-referral = تلقت إحالة
access-because-coordination = تنسق إحالات البرنامج

consent-field-case-identifier = رقم الملف
consent-field-need = نوع المساعدة المطلوبة وما كُتب عنها
consent-field-goals = الأهداف بكلماتك
consent-field-urgency = مدى استعجال المساعدة
consent-field-age-band = الفئة العمرية
consent-field-sex = الجنس
consent-field-language = اللغة
consent-field-contact-through-sender = إمكانية الوصول إليك عن طريق الجهة التي أحالتك

access-report-title = من يستطيع الاطلاع على معلومات الملف { $identifier } بتاريخ { $date }
access-report-running = حاليًا:
access-report-ended = في السابق:
access-report-holder = { $organization } مسؤولة عن الملف وتعمل معك منذ { $since }.
access-report-coordination = { $organization } تنسق إحالات البرنامج منذ { $since }. وهي ترى مرحلة كل إحالة ولا ترى شيئًا عنك.
access-report-referral = { $organization } تلقت إحالة وترى منذ { $since }: { $fields }.
access-report-referral-ended = { $organization } تلقت إحالة. من { $since } إلى { $until } رأت: { $fields }.
access-report-rights = يمكنك في أي وقت أن تطلب تصحيحًا أو أن تسحب موافقتك أو أن تقدم شكوى. ولا يفقدك سحب الموافقة مساعدة بدأت.
