### What users are told when an input breaks a rule: what is wrong and what to do next, without personal data.

error-required = This information is missing. Please fill it in.
error-invalid = This value does not have the expected form. Please check it and enter it again.
error-too-long = This text is too long. Please shorten it.
error-not-found = We found nothing under this identifier, or it is not shared with your organization. Please check the identifier.
error-not-permitted = Your role does not allow this change. Please ask a colleague who has the role, or your administrator.
error-wrong-state =
    This step is not possible now. Current state: { $current }. { $possible ->
        [none] There is no step that you can take.
       *[other] Please choose one of these steps: { $possible }.
    }
error-stale-version = Somebody changed this in the meantime. Please reload it (current version: { $current }) and repeat your change.
error-already-exists = This exists already. Please use the existing entry.
error-consent-missing = There is no valid consent for this receiver, this purpose and this information. Please ask the person and record the consent first.
error-consent-expired = The consent has expired. Please ask the person again and record the new consent.
error-capacity-taken = There is no free place. Please use the waiting list where there is one, or choose another service.
error-service-stale = The details of this service were not confirmed in time, so it takes no referrals. Please ask the provider to confirm them, or choose another service.
error-service-closed = This service takes no referrals now. Please choose another service.
error-service-unclassified = This service has no category yet, so it takes no referrals. Please ask the provider to add one, or choose another service.
error-incomplete = Some things are still missing: { $missing }. Please add them and try again.
error-duplicate-referral = There is already an open referral of this need to this service. Please continue with that one.
error-need-closed = This need is no longer open. Please record a new need if help is needed again.
error-case-closed = This case is closed and can no longer be changed. Please open a new case if help is needed again.
error-open-referrals = Some referrals of this case are still open. Please finish or withdraw them first.
error-reason-not-allowed = This reason does not fit this step. Please choose another one.
error-text-required = This choice needs an explanation. Please add a short text without personal details.
error-outcome-missing = An outcome is missing for at least one goal. Please record one for each goal.
error-date-out-of-range = This date is too early or too late. Please check it.
error-idempotency-conflict = This request key was already used with other content. Please send the request with a new key.
error-not-in-program = This organization does not take part in the program. Please choose a partner of the program, or ask the lead organization to add it.
error-not-agreed = The person has not agreed to this plan yet. Please record their agreement first.
error-not-now = This step is not possible from where it stands now. Please reload it and choose a step that is.
error-agreement-missing = There is no agreement in force with this organization that covers this service and area and allows: { $missing }. Please make one, or record a consent without these fields.
error-review-required = The program approves services before they are published. Please write a draft and submit it.
error-paused = This service has paused the intake of new referrals. Please try again later or choose another service.
error-asked-too-often = Information was asked for twice already, which is as often as it may be. Please decide with what you have, or decline with a reason.
error-not-offered-by-service = This service does not offer that. Please choose another way, or ask the provider to change the details of the service.
error-too-late = The time in which this could be done has passed. Please reload the referral and see which steps are possible now.
error-member-unsuitable = This person can't be given the referral: no such active member of your organization decides or delivers in this program. Please choose a colleague who does.
error-last-administrator = Nobody would be left who manages the members and applications of your organization. Please make somebody else an administrator first.
