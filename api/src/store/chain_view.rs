//! What a referral shows of the referrals around it.

use crate::domain::parts::Parts;
use crate::store::fragment::{Object, organization, organization_of};
use crate::store::plan_proposals::{JOINED, item_proposal};
use crate::store::referral_view::View;

/// Where `referral r` stands among others, as far as the asker may see it. A void one shows only that it had a parent.
pub fn chain(view: &View, parts: &Parts) -> String {
    let View { sends, receives, .. } = view;
    let parties = format!("(r.status <> 'VOIDED' AND ({sends} OR {receives}))");
    Object::of(parts)
        .field("parent_id", "UID(r.parent_id)")
        .inside("accountable", |parts| {
            format!(
                "JSON((SELECT {} FROM referral ra JOIN organization oa ON oa.id = ra.sender_organization_id \
                 WHERE ra.id = r.parent_id))",
                organization_of(parts, "oa", "oa.id")
            )
        })
        .inside("passed_on", |_| passed_on(&parties))
        .inside("proposals", |_| {
            // What was proposed from a part goes to the case's holder, not to whoever passed it on.
            let draft = format!("CASE WHEN {sends} THEN UID(pr.draft_id) END");
            let sides = format!("(r.status <> 'VOIDED' AND ({receives} OR ({sends} AND r.parent_id IS NULL)))");
            format!(
                "LIST({} BY pr.proposed_at, pr.id FROM referral_proposal pr JOIN organization po \
                 ON po.id = pr.organization_id WHERE pr.from_referral_id = r.id AND {sides})",
                proposal(&draft)
            )
        })
        .inside("plan_proposals", |_| {
            let held = format!("({sends} AND r.parent_id IS NULL)");
            format!(
                "LIST({} BY pp.proposed_at, pp.id FROM {JOINED} WHERE pp.referral_id = r.id \
                 AND r.status <> 'VOIDED' AND ({receives} OR {held}))",
                item_proposal(&held)
            )
        })
        .inside("begun_by", |_| {
            format!(
                "JSON((SELECT {} FROM referral_proposal pr JOIN organization po ON po.id = pr.organization_id \
                 WHERE pr.draft_id = r.id AND r.status <> 'VOIDED' AND {sends}))",
                proposal("UID(pr.draft_id)")
            )
        })
        .end()
}

/// What the receiver of `referral r` passed on. Results are told as far as the person agreed to word back from whoever gave
/// the help.
fn passed_on(parties: &str) -> String {
    let told = "(cx.id IS NULL OR (cx.report_back AND cx.report_back_ended_at IS NULL))";
    format!(
        "LIST(OBJ('id', UID(rx.id), 'service_id', UID(rx.service_id), 'receiver', {}, 'status', rx.status, \
         'reason', CASE WHEN rx.status <> 'ENDED_EARLY' OR {told} THEN rx.reason END, 'created_at', rx.created_at, \
         'sent_at', rx.sent_at, 'decided_at', rx.decided_at, 'ended_at', rx.ended_at, \
         'first_contact_on', rx.first_contact_on, 'service_on', rx.service_on, 'loop_meaning', rx.loop_meaning, \
         'verification', rx.verification, 'results', LIST(OBJ('goal_id', UID(gx.goal_id), 'result', gx.result, \
         'achieved_on', gx.achieved_on) BY gx.position, gx.goal_id FROM referral_goal gx WHERE gx.referral_id = rx.id \
         AND rx.status <> 'VOIDED' AND {told})) BY rx.created_at, rx.id FROM referral rx \
         JOIN organization ox ON ox.id = rx.receiver_organization_id LEFT JOIN consent cx ON cx.id = rx.consent_id \
         WHERE rx.parent_id = r.id AND {parties})",
        organization("ox")
    )
}

/// A proposal; needs `referral_proposal pr` and `organization po`, who proposed it.
fn proposal(draft: &str) -> String {
    format!(
        "OBJ('id', UID(pr.id), 'by', {}, 'from_id', UID(pr.from_referral_id), 'draft_id', {draft}, \
         'service_id', UID(pr.service_id), 'category', pr.category_code, 'urgency', pr.urgency, \
         'reason', pr.reason_sealed, 'proposed_at', pr.proposed_at, 'status', {STANDS})",
        organization("po")
    )
}

/// What became of `referral_proposal pr`: whether the person was referred for its need, to whichever service.
const STANDS: &str = "CASE WHEN EXISTS (SELECT 1 FROM referral rs2 WHERE rs2.need_id = pr.need_id AND rs2.sent_at IS NOT NULL) \
    THEN 'TAKEN_UP' WHEN EXISTS (SELECT 1 FROM referral rs3 WHERE rs3.need_id = pr.need_id AND rs3.status = 'DRAFT') \
    THEN 'PROPOSED' ELSE 'NOT_TAKEN_UP' END";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Actor;
    use crate::domain::policy::Sight;
    use crate::domain::referral::chain::{Chain, PassedOn, PassedOnResult, ReferralProposal};
    use crate::store::statement::Sql;

    #[test]
    fn every_field_is_filled() {
        let text = chain(&View::of(&mut Sql::default(), &Sight::of(&Actor::Anonymous)), &Parts::All);
        for value in [
            serde_json::to_value(Chain::default()).unwrap(),
            serde_json::to_value(PassedOn::default()).unwrap(),
            serde_json::to_value(PassedOnResult::default()).unwrap(),
            serde_json::to_value(ReferralProposal::default()).unwrap(),
        ] {
            for field in value.as_object().unwrap().keys() {
                assert!(text.contains(&format!("'{field}', ")), "{field}");
            }
        }
    }
}
