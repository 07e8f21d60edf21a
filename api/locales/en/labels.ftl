### Labels of codes.

referral-status-draft = Draft
referral-status-sent = Sent
referral-status-acknowledged = Receipt confirmed
referral-status-info-requested = Information requested
referral-status-waitlisted = On the waiting list
referral-status-offered = Place offered
referral-status-accepted = Accepted
referral-status-in-service = Service under way
referral-status-on-hold = On hold
referral-status-cancel-requested = Cancellation requested
referral-status-completed = Completed
referral-status-ended-early = Ended early
referral-status-declined = Declined
referral-status-expired = Expired without a decision
referral-status-withdrawn = Withdrawn by the sender
referral-status-voided = Recorded in error

reason-no-capacity = No free place
reason-not-eligible = Conditions of the service not met
reason-out-of-area = Outside the area served
reason-service-suspended = Service suspended
reason-funding-ended = Funding ended
reason-wrong-service = Not the right service for this need
reason-duplicate = Already referred or served
reason-incomplete-info = Information incomplete
reason-person-declined = The person declined
reason-person-unreachable = The person could not be reached
reason-person-moved = The person moved away
reason-remigrated = The person migrated again
reason-deceased = The person died
reason-no-longer-needed = No longer needed
reason-organization-unreachable = The organization could not be reached
reason-no-response = No response in time
reason-safety-risk = Risk to safety
reason-consent-withdrawn = Consent withdrawn
reason-other = Another reason

urgency-emergency = Emergency
urgency-urgent = Urgent
urgency-routine = Routine

dimension-economic = Economic
dimension-social = Social
dimension-psychosocial = Psychosocial

level-individual = Individual
level-community = Community
level-structural = Structural

organization-kind-service-provider = Service provider
organization-kind-local-government = Local government
organization-kind-national-government = National government
organization-kind-implementing-partner = Implementing partner
organization-kind-donor = Donor

member-role-program-manager = Program manager
member-role-case-manager = Case manager
member-role-intake = Intake of referrals
member-role-service-worker = Service worker
member-role-supervisor = Supervisor
member-role-coordinator = Coordinator
member-role-me-officer = Monitoring and evaluation officer
member-role-directory-editor = Directory editor
member-role-data-protection = Data protection focal point
member-role-mental-health-professional = Mental health professional
member-role-administrator = Administrator

service-status-published = Published
service-status-paused = Paused
service-status-retired = No longer offered

visibility-public = Everyone
visibility-partners = Partners
visibility-own = Own organization

case-status-open = Open
case-status-closed = Closed

case-stage-open = Opened
case-stage-assessing = Being assessed
case-stage-planned = Planned
case-stage-in-progress = In progress
case-stage-follow-up = Follow-up
case-stage-on-hold = On hold
case-stage-transferred = Transferred
case-stage-closed = Closed

plan-status-draft = Draft
plan-status-agreed = Agreed
plan-status-active = Active
plan-status-superseded = Superseded

plan-item-status-planned = Planned
plan-item-status-in-progress = In progress
plan-item-status-done = Done
plan-item-status-dropped = Dropped

close-reason-goals-met = Goals met
close-reason-program-ended = Program ended
close-reason-withdrew = The person withdrew
close-reason-unreachable = The person could not be reached
close-reason-remigrated = The person migrated again
close-reason-transferred = Transferred to another organization
close-reason-deceased = The person died
close-reason-ineligible = Not eligible for the program

goal-result-achieved = Achieved
goal-result-partly = Partly achieved
goal-result-not-achieved = Not achieved

need-status-open = Open
need-status-met = Met
need-status-partly-met = Partly met
need-status-not-met = Not met
need-status-withdrawn = Withdrawn

return-type-avrr = Assisted voluntary return and reintegration
return-type-vhr = Voluntary humanitarian return
return-type-spontaneous = Spontaneous return
return-type-forced = Forced return
return-type-unspecified = Not specified

contact-restriction-none = No restriction
contact-restriction-not-stated = Not stated: ask the sender first
contact-restriction-no-sms = No text messages
contact-restriction-no-call = No phone calls
contact-restriction-no-voicemail = No messages on an answering machine
contact-restriction-no-email = No e-mail
contact-restriction-no-letter = No letters
contact-restriction-no-home-visit = No visits at home
contact-restriction-not-through-others = No word to family, neighbors or the community
contact-restriction-only-through-sender = Only through the sender
contact-restriction-other = Another restriction

help-standing-asked = Asked for
help-standing-under-way = Under way
help-standing-given = Given
help-standing-ended = Ended without being completed
