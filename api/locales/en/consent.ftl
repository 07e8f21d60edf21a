### The record of a consent.

consent-record-title = Record of a consent
consent-record-holder = Recorded by:
consent-record-receiver = May be shown to:
consent-record-fields = What:
consent-record-purpose = What for:
consent-record-basis = On the ground of:
consent-record-given-by = Given by:
consent-record-given-on = On:
consent-record-method = How:
consent-record-language = Explained in:
consent-record-notice = Version of the notice:
consent-record-report-back = The receiver may tell the sender what became of it:
consent-record-child-view = The child’s own view:
consent-record-expires-on = Last day on which it holds:
consent-record-report-back-ended = Telling back ended:
consent-record-withdrawn = Withdrawn:
consent-record-withdrawn-by = The person asked for it:
consent-record-disclosed = What was shown
consent-record-nothing = Nothing was shown.
consent-record-to = To:
consent-record-from = From:
consent-record-until = Until:
consent-record-lasts = It is still shown.
consent-record-redactions = What had to be removed
consent-record-asked = Asked for:
consent-record-confirmed = Removal confirmed:
consent-record-unconfirmed = Not confirmed yet; due:
consent-record-comma = ;
consent-record-yes = yes
consent-record-no = no

basis-consent = consent
basis-vital-interest = risk to life or health
basis-legal-duty = a legal duty
basis-best-interests = the best interests of the child

purpose-case-transfer = handing the case over to another organization, which then holds all of it
purpose-care = care: referral to a service, and word back on what came of it
given-by-person = the person
given-by-guardian = a guardian
given-by-competent-authority = the competent authority

consent-method-written = in writing
consent-method-verbal = spoken
consent-method-mark = with a mark on paper
consent-method-phone = by phone
consent-method-digital = on their own device

child-view-agrees = agrees
child-view-disagrees = does not agree
child-view-too-young = too young to have a view
child-view-not-asked = not asked yet

person-channel-in-person = face to face
person-channel-phone = by phone
person-channel-message = by a message
person-channel-slip = with the code of their slip
person-channel-representative = through somebody they sent
