### Who can see what of a case: labels, and the report that a person may have.

access-because-holder = It holds the case
access-because-referral = It received a referral
access-because-coordination = It coordinates the program's referrals

consent-field-case-identifier = the case number
consent-field-need = the kind of help needed and what was written about it
consent-field-goals = the goals in your own words
consent-field-urgency = how urgent the help is
consent-field-age-band = the age group
consent-field-sex = the sex
consent-field-language = the language
consent-field-contact-through-sender = that you can be reached through the organization that referred you

access-report-title = Who can see information about case { $identifier }, as of { $date }
access-report-running = At present:
access-report-ended = In the past:
access-report-holder = { $organization } holds the case and works with you, since { $since }.
access-report-coordination = { $organization } coordinates the referrals of the program, since { $since }. It sees where each referral stands, and nothing about you.
access-report-referral = { $organization } received a referral, and since { $since } sees: { $fields }.
access-report-referral-ended = { $organization } received a referral. From { $since } to { $until } it saw: { $fields }.
access-report-rights = You can ask at any time for a correction, withdraw what you agreed to, or complain. Withdrawing does not cost you help that has begun.
