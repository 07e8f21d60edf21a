//! What organizations are told, in the database.

use crate::domain::actor::{MemberRole, RoleGrant};
use crate::domain::code::Code as _;
use crate::domain::directory::{Notification, NotificationFilter};
use crate::domain::id::NotificationId;
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::door::{Door, Tx};
use crate::store::referrals::visible_to;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use uuid::Uuid;

/// A notification; needs `notification n`.
const NOTIFICATION: &str = "OBJ('id', UID(n.id), 'kind', n.kind, 'subject_kind', n.subject_kind, \
    'subject_id', UID(n.subject_id), 'at', n.at, 'role', n.role, 'member_id', UID(n.member_id), \
    'must_act', n.must_act, 'read_at', n.read_at)";

/// The condition under which the step that `notification n` asks for is still to be done. Where something was asked or is
/// late, until that is answered, whatever else befalls the thing: a coordinator who has taken over owns it until the
/// decision, the contact or the outcome that was late is there, and a receipt or an interruption is none. That a case stays where it is, until it is read. Otherwise
/// until the referral changes its state or its loop is closed, or the organization itself does one of the things that
/// answer: that it says who works on it, or asks for it to be voided, answers nothing, and no more does what the clock does.
/// Of what is no referral, whatever the organization does.
const OPEN: &str = "n.must_act AND CASE n.kind \
    WHEN 'VOID_ASKED' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id AND q.status <> 'VOIDED') \
    WHEN 'CANCELLATION_CONTESTED' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id \
        AND q.contested_at IS NOT NULL AND q.ended_at IS NULL) \
    WHEN 'OBJECTION_UNDECIDED' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id \
        AND q.contested_at IS NOT NULL AND q.ended_at IS NULL) \
    WHEN 'OUTCOME_DISPUTED' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id AND q.status = 'COMPLETED' \
        AND q.disputed_at IS NOT NULL AND q.dispute_decided_at IS NULL) \
    WHEN 'DISPUTE_UNDECIDED' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id AND q.status = 'COMPLETED' \
        AND q.disputed_at IS NOT NULL AND q.dispute_decided_at IS NULL) \
    WHEN 'ACKNOWLEDGEMENT_OVERDUE' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id AND q.status = 'SENT') \
    WHEN 'DECISION_OVERDUE' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id \
        AND q.status IN ('SENT', 'ACKNOWLEDGED') AND coalesce(q.decide_due_at, 0) <= n.at) \
    WHEN 'CONTACT_OVERDUE' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id \
        AND q.status IN ('ACCEPTED', 'ON_HOLD') AND q.first_contact_on IS NULL) \
    WHEN 'COORDINATOR_TAKES_OVER' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id \
        AND q.ended_at IS NULL AND q.status <> 'VOIDED' AND (q.decided_at IS NULL OR (q.decided_at <= n.at \
        AND ((q.started_at IS NULL AND q.first_contact_on IS NULL) \
            OR (q.started_at <= n.at AND coalesce(q.outcome_due_at, 0) <= n.at))))) \
    WHEN 'PARALLEL_REFERRAL_NEEDED' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id \
        AND q.ended_at IS NULL AND q.status <> 'VOIDED' AND q.decided_at IS NULL AND NOT EXISTS (SELECT 1 FROM referral l \
        WHERE l.need_id = q.need_id AND l.id <> q.id AND l.sent_at > n.at AND l.status <> 'VOIDED')) \
    WHEN 'NEED_MET_ELSEWHERE' THEN n.read_at IS NULL AND EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id \
        AND q.ended_at IS NULL AND q.status <> 'VOIDED') \
    WHEN 'OUTCOME_OVERDUE' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id AND q.status = 'IN_SERVICE' \
        AND coalesce(q.outcome_due_at, 0) <= n.at) \
    WHEN 'RECEIVER_UNREACHABLE' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id AND q.status = 'SENT' \
        AND q.unreachable_at IS NOT NULL) \
    WHEN 'ASK_WHETHER_SERVICE_GOES_ON' THEN EXISTS (SELECT 1 FROM referral q WHERE q.id = n.subject_id \
        AND q.goes_on_at IS NULL AND q.status IN ('ACCEPTED', 'IN_SERVICE', 'ON_HOLD')) \
    WHEN 'CONSENT_EXPIRED' THEN EXISTS (SELECT 1 FROM consent k JOIN referral q ON q.consent_id = k.id \
        WHERE k.id = n.subject_id AND k.ended_at IS NULL AND q.ended_at IS NULL) \
    WHEN 'WEBHOOK_FAILING' THEN EXISTS (SELECT 1 FROM webhook_endpoint q WHERE q.id = n.subject_id AND q.failing_since <= n.at AND q.state = 'ENABLED') \
    WHEN 'WEBHOOK_ABOUT_TO_BE_DISABLED' THEN EXISTS (SELECT 1 FROM webhook_endpoint q WHERE q.id = n.subject_id AND q.failing_since <= n.at AND q.state = 'ENABLED') \
    WHEN 'WEBHOOK_DISABLED' THEN EXISTS (SELECT 1 FROM webhook_endpoint q WHERE q.id = n.subject_id AND q.state = 'DISABLED') \
    WHEN 'proposeCaseTransfer' THEN EXISTS (SELECT 1 FROM case_transfer q WHERE q.id = n.subject_id AND q.status = 'PROPOSED') \
    WHEN 'proposeCaseTransfers' THEN EXISTS (SELECT 1 FROM case_transfer q WHERE q.id = n.subject_id AND q.status = 'PROPOSED') \
    WHEN 'PASSED_ON_NEEDS_CONSENT' THEN EXISTS (SELECT 1 FROM referral q WHERE q.parent_id = n.subject_id \
        AND q.status = 'DRAFT') \
    WHEN 'declineCaseTransfer' THEN n.read_at IS NULL WHEN 'lapseCaseTransfer' THEN n.read_at IS NULL \
    ELSE NOT EXISTS (SELECT 1 FROM event e WHERE e.subject_id = n.subject_id AND e.at > n.at \
        AND (e.from_status <> e.to_status OR e.kind = 'closeReferralLoop' \
            OR (n.kind = 'WAITING_REVIEW_MISSED' AND e.kind = 'reviewWaitingReferral') \
            OR (e.organization_id = n.organization_id AND (n.subject_kind <> 'Referral' \
                OR e.kind IN ('reportReferralProgress', 'reviewWaitingReferral', 'disputeReferralOutcome'))))) END";

/// The condition under which `notification n` is for the asker: it is told to the organization, and what it is about is
/// the asker's to see, or was told to the supervisor of the program's lead in place of a coordinator.
fn told(sql: &mut Sql, sight: &Sight) -> String {
    let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
    let visible = visible_to(sql, sight);
    let answers = |grant: &RoleGrant| grant.role == MemberRole::Supervisor;
    let supervises = sight.told_as.as_ref().is_none_or(|grants| grants.iter().any(answers));
    let in_place = if sight.member.is_some() && supervises {
        let within = sql.within(&sight.referrals, "r.program_id");
        format!("(n.role = 'SUPERVISOR' AND rp.lead_organization_id = {own} AND r.sent_at IS NOT NULL AND {within})")
    } else {
        "1 = 0".to_owned()
    };
    let addressed = sight.told_as.as_ref().map_or_else(String::new, |grants| addressed(sql, sight, grants));
    format!(
        "n.organization_id = {own}{addressed} AND (n.subject_kind <> 'Referral' OR EXISTS (SELECT 1 FROM referral r \
         JOIN program rp ON rp.id = r.program_id WHERE r.id = n.subject_id AND ({visible} OR {in_place})))"
    )
}

/// The condition that `notification n` is addressed to somebody with these roles: to one of them, in its programs, to
/// everybody who works there, or to the member themselves.
fn addressed(sql: &mut Sql, sight: &Sight, grants: &[RoleGrant]) -> String {
    let member = sql.bind(sight.member.map(Uuid::from).unwrap_or_default());
    let mut ways = vec![format!("n.member_id = {member}")];
    for grant in grants {
        let whole = "(n.role IS NULL AND n.member_id IS NULL)";
        let to = match grant.role {
            MemberRole::Supervisor => "1 = 1".to_owned(),
            role => format!("({whole} OR n.role = {})", sql.bind(role.code())),
        };
        ways.push(match grant.program {
            None => to,
            Some(program) => {
                let program = sql.bind(Uuid::from(program));
                format!("((n.program_id IS NULL OR n.program_id = {program}) AND {to})")
            }
        });
    }
    format!(" AND ({})", ways.join(" OR "))
}

impl Door {
    /// An organization's notifications with these keys.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn notifications_by_id(&self, sight: &Sight, keys: &[Uuid]) -> Result<Vec<Notification>, Fault> {
        let mut sql = Sql::default();
        let told = told(&mut sql, sight);
        let names = sql.bind_all(keys.iter().copied());
        sql.text = format!(
            "SELECT CAST({NOTIFICATION} AS TEXT) AS body FROM notification n \
             WHERE {told} AND n.id IN ({names})"
        );
        self.rows(&sql.text, sql.values).await?.iter().map(|row| body(row, "notification")).collect()
    }

    /// A page of an organization's notifications, the newest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn notifications(
        &self,
        sight: &Sight,
        filter: NotificationFilter,
        window: &Window,
    ) -> Result<Page<Notification>, Fault> {
        let mut sql = Sql::default();
        let only = limits(filter);
        let found = format!("FROM notification n WHERE {}{only}", told(&mut sql, sight));
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let end = window_clause(&mut sql, window, Order { by: "n.at", id: "n.id", is_number: true, descending: true });
        sql.text = format!(
            "SELECT CAST({NOTIFICATION} AS TEXT) AS body, CAST(n.at AS TEXT) AS k, n.id AS id{count} {found}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "notification")?;
        let mut sql = Sql::default();
        sql.text = format!("SELECT count(*) AS total FROM notification n WHERE {}{only}", told(&mut sql, sight));
        counted(self, page, window, sql).await
    }
}

fn limits(filter: NotificationFilter) -> String {
    let not = |wanted: bool| if wanted { "" } else { "NOT " };
    let open = filter.must_act.map(|wanted| format!(" AND {}({OPEN})", not(wanted)));
    let unread = filter.unread.map(|wanted| format!(" AND {}(n.read_at IS NULL)", not(wanted)));
    open.unwrap_or_default() + &unread.unwrap_or_default()
}

impl Tx {
    /// Marks those of these notifications as read that are told to the asker and unread. Tells how many.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn mark_read(&self, sight: &Sight, keys: &[NotificationId], now: i64) -> Result<u64, Fault> {
        let mut sql = Sql::default();
        let told = told(&mut sql, sight);
        let names = sql.bind_all(keys.iter().map(|key| Uuid::from(*key)));
        let at = sql.bind(now);
        sql.text = format!(
            "UPDATE notification SET read_at = {at} WHERE read_at IS NULL AND id IN \
             (SELECT n.id FROM notification n WHERE {told} AND n.id IN ({names}))"
        );
        self.run(&sql.text, sql.values).await
    }
}
