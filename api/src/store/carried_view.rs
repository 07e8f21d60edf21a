//! What a referral shows of what it carries beside the need.

use crate::domain::parts::Parts;
use crate::store::fragment::Object;
use crate::store::referral_view::View;

/// Help that was given directly in the case of `referral r`, or asked for by its other referrals, as categories. What
/// was asked of a service that not everybody may see is left out: that it was asked already tells something.
const KNOWN: &str = "LIST(OBJ('category', h.category, 'source', h.source, 'standing', h.standing) \
    BY h.category, h.source, h.standing FROM (\
      SELECT DISTINCT pc.standard_code AS category, 'REFERRAL' AS source, CASE \
        WHEN pr.status = 'COMPLETED' AND pr.verification <> 'REFUTED' THEN 'GIVEN' \
        WHEN pr.status IN ('ACCEPTED', 'IN_SERVICE', 'ON_HOLD', 'CANCEL_REQUESTED') THEN 'UNDER_WAY' \
        WHEN pr.status IN ('COMPLETED', 'ENDED_EARLY', 'DECLINED', 'EXPIRED', 'WITHDRAWN') THEN 'ENDED' \
        ELSE 'ASKED' END AS standing \
      FROM referral pr JOIN category pc ON pc.code = pr.category_code JOIN service ps ON ps.id = pr.service_id \
      WHERE pr.case_id = r.case_id AND pr.id <> r.id AND pr.sent_at IS NOT NULL AND pr.status <> 'VOIDED' \
      AND ps.visibility = 'PUBLIC' \
      UNION SELECT dc.standard_code, 'DIRECT', 'GIVEN' FROM direct_service ds JOIN category dc ON dc.code = ds.category_code \
      LEFT JOIN service dv ON dv.id = ds.service_id \
      WHERE ds.case_id = r.case_id AND (dv.id IS NULL OR dv.visibility = 'PUBLIC')) h)";

/// How the sender wants to hear back, for sender and receiver.
pub fn follow_up(view: &View, parts: &Parts) -> String {
    Object::of(parts)
        .field("channel", view.of_parties("r.follow_up_channel"))
        .field("by", view.of_parties("r.follow_up_by"))
        .field("about", format!("JSON({})", view.of_parties("r.follow_up_about")))
        .end()
}

/// How the person must not be contacted: for the sender, and for the receiver as long as anything is shown to it. A
/// protection is told whatever the consent releases; the text beside it as what the sender wrote of the need.
pub fn restrictions(view: &View, parts: &Parts) -> String {
    let View { sends, receives, .. } = view;
    let codes = format!(
        "JSON(CASE WHEN r.status <> 'VOIDED' AND ({sends} OR ({receives} AND ag.id IS NOT NULL)) THEN r.restrictions END)"
    );
    Object::of(parts).field("codes", codes).field("text", view.shown("NEED", "r.restrictions_sealed")).end()
}

/// Help elsewhere: for the sender, and for the receiver where the person agreed to that. Whoever passes a part on does not
/// hold the case, so that nothing of it is told there.
pub fn prior_help(view: &View, parts: &Parts) -> String {
    let known = format!(
        "CASE WHEN r.parent_id IS NOT NULL THEN JSON('[]') WHEN r.status = 'DRAFT' THEN {KNOWN} \
         ELSE JSON(r.help_known) END"
    );
    Object::of(parts)
        .field("known", format!("JSON({})", view.shown("PRIOR_HELP", &known)))
        .field("told", format!("JSON({})", view.shown("PRIOR_HELP", "r.help_told")))
        .end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Actor;
    use crate::domain::policy::Sight;
    use crate::domain::referral::carried::{FollowUp, PriorHelp, Restrictions};
    use crate::store::statement::Sql;
    use serde_json::to_value;

    #[test]
    fn every_field_is_filled() {
        let view = View::of(&mut Sql::default(), &Sight::of(&Actor::Anonymous));
        let all = &Parts::All;
        for (text, value) in [
            (follow_up(&view, all), to_value(FollowUp::default())),
            (restrictions(&view, all), to_value(Restrictions::default())),
            (prior_help(&view, all), to_value(PriorHelp::default())),
        ] {
            for field in value.unwrap().as_object().unwrap().keys() {
                assert!(text.contains(&format!("'{field}', ")), "{field}");
            }
        }
    }
}
