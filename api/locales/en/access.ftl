### Who can see what of a case: labels, and the report that a person may have.

criterion-age-between = From { $minimum } to { $maximum } years of age
criterion-age-from = At least { $minimum } years of age
criterion-age-to = At most { $maximum } years of age
criterion-sex-female = For women and girls only
criterion-sex-male = For men and boys only
criterion-sex-other = For people of another sex only
criterion-sex-unknown = For people whose sex is not stated
criterion-return-type = Only for people who returned in this way: { $values }
criterion-returnees = Only for people who have returned
criterion-area = Only for people who live here: { $values }
criterion-language = One of these languages is spoken: { $values }
criterion-documents = To bring: { $values }
criterion-places = A place is free
criterion-open = The service takes referrals now

check-answer-pass = Met
check-answer-fail = Not met
check-answer-unknown = Not known

freshness-never-verified = The provider has never confirmed the entry
freshness-stale = The provider has not confirmed the entry in time
freshness-aging = The provider should confirm the entry soon
freshness-capacity-outdated = The number of places was stated more than two weeks ago
freshness-silence = Referrals were left without an answer
freshness-capacity-declines = Referrals were declined for want of places although places were stated free
freshness-open-corrections = Somebody found the entry wrong, and the provider has not answered

closed-because-funding-ended = Funding has ended

access-because-holder = It holds the case
access-because-referral = It received a referral
access-because-coordination = It coordinates the program's referrals
access-because-former-holder = It held the case before
access-because-transfer-proposed = It was asked to take the case over

consent-field-case-identifier = the case number
consent-field-need = the kind of help needed and what was written about it
consent-field-goals = the goals in your own words
consent-field-urgency = how urgent the help is
consent-field-age-band = the age group
consent-field-sex = the sex
consent-field-language = the language
consent-field-contact-through-sender = that you can be reached through the organization that referred you
consent-field-prior-help = which help you had or asked for elsewhere
consent-field-given-name = the given name
consent-field-family-name = the family name
consent-field-birth-date = the date of birth
consent-field-nationality = the nationality
consent-field-document-numbers = the numbers of documents
consent-field-phone = the phone number
consent-field-email = the e-mail address
consent-field-address = the address
consent-field-caregiver = who takes care of the child
consent-field-protective-factors = what strengthens and protects the person
consent-field-health-needs = the needs concerning health
consent-field-unaccompanied-child = that a child is without any caring adult
consent-field-separated-child = that a child is apart from its parents
consent-field-victim-of-trafficking = that the person was trafficked
consent-field-survivor-gbv = that the person lived through gender-based violence
consent-field-survivor-violence-abuse = that the person lived through violence or abuse
consent-field-smuggling-abuse = that the person was abused by smugglers
consent-field-chronic-illness = a lasting illness
consent-field-mental-health = a need for mental health care
consent-field-disability = a disability
consent-field-pregnant-lactating = a pregnancy or breastfeeding
consent-field-older-person = being an older person at risk
consent-field-single-headed-household = being alone at the head of a household
consent-field-child-headed-household = a household headed by a child
consent-field-sogiesc = a risk for sexual orientation or gender identity
consent-field-minority-indigenous = belonging to a minority or an indigenous people
consent-field-intl-protection-need = a possible need for international protection
consent-field-ex-detainee = that the person was detained
consent-field-indebted = debts because of the migration

access-report-title = Who can see information about case { $identifier }, as of { $date }
access-report-running = At present:
access-report-ended = In the past:
access-report-holder = { $organization } holds the case and works with you, since { $since }.
access-report-coordination = { $organization } coordinates the referrals of the program, since { $since }. It sees where each referral stands, and nothing about you.
access-report-former-holder = { $organization } held the case from { $since } to { $until }. It sees nothing of it any more.
access-report-transfer = { $organization } has been asked, since { $since }, to take your case over, and sees: { $fields }.
access-report-transfer-ended = { $organization } was asked to take your case over. From { $since } to { $until } it saw: { $fields }.
access-report-referral = { $organization } received a referral, and since { $since } sees: { $fields }.
access-report-referral-ended = { $organization } received a referral. From { $since } to { $until } it saw: { $fields }.
access-report-rights = You can ask at any time for a correction, withdraw what you agreed to, or complain. Withdrawing does not cost you help that has begun.
