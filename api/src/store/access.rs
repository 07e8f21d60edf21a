//! Who can see a case, in the database: its holder, the running and ended grants, the lead of its program.

use crate::domain::access::CaseAccess;
use crate::domain::id::CaseId;
use crate::domain::page::{Page, Window};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::door::Door;
use crate::store::fragment;
use crate::store::statement::{Order, Sql, body, counted, page, window_clause};
use uuid::Uuid;

/// The lines of access to the case `$case`, each with its organization, as `a`.
fn lines(case: &str) -> String {
    let columns = |id: &str, organization: &str, because: &str, from: &str, until: &str| {
        format!(
            "{id} AS id, {organization} AS organization_id, '{because}' AS because, {from} AS from_at, {until} AS until_at"
        )
    };
    // Who took the case over holds it since then, and each former holder until the next one took it.
    let since = |before: &str| {
        format!(
            "coalesce((SELECT max(x.ended_at) FROM case_transfer x WHERE x.case_id = c.id AND x.status = 'ACCEPTED'{before}), \
             c.opened_at)"
        )
    };
    let holder = columns("c.id", "c.holder_organization_id", "HOLDER", &since(""), "CAST(NULL AS BIGINT)");
    let earlier = since(" AND x.ended_at < t.ended_at");
    let former = columns("t.id", "t.from_organization_id", "FORMER_HOLDER", &earlier, "t.ended_at");
    let asked = columns("t.id", "t.to_organization_id", "TRANSFER_PROPOSED", "t.proposed_at", "t.ended_at");
    let grant = columns("g.id", "g.organization_id", "REFERRAL", "g.from_at", "g.until_at");
    let lead = columns("p.id", "p.lead_organization_id", "COORDINATION", "min(r.sent_at)", "CAST(NULL AS BIGINT)");
    format!(
        "(SELECT {holder}, '[]' AS fields, CAST(NULL AS UUID) AS referral_id FROM case_file c WHERE c.id = {case} \
         UNION ALL SELECT {former}, '[]', CAST(NULL AS UUID) FROM case_transfer t JOIN case_file c ON c.id = t.case_id \
           WHERE t.case_id = {case} AND t.status = 'ACCEPTED' \
         UNION ALL SELECT {asked}, '[\"CASE_IDENTIFIER\",\"NEED\",\"URGENCY\"]', CAST(NULL AS UUID) FROM case_transfer t \
           WHERE t.case_id = {case} AND t.status <> 'ACCEPTED' \
         UNION ALL SELECT {grant}, g.fields, g.cause_id FROM access_grant g WHERE g.case_id = {case} \
         UNION ALL SELECT {lead}, '[]', CAST(NULL AS UUID) FROM referral r JOIN program p ON p.id = r.program_id \
           WHERE r.case_id = {case} AND r.sent_at IS NOT NULL AND p.lead_organization_id <> r.sender_organization_id \
           GROUP BY p.id, p.lead_organization_id) a"
    )
}

impl Door {
    /// A page of those who can see a case that the asker's organization holds, the earliest first; nothing for others.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn case_access(
        &self,
        sight: &Sight,
        case: CaseId,
        with_ended: bool,
        window: &Window,
    ) -> Result<Page<CaseAccess>, Fault> {
        let mut sql = Sql::default();
        let found = found(&mut sql, sight, case, with_ended);
        let count = if window.count { format!(", (SELECT count(*) {found}) AS total") } else { String::new() };
        let order = Order { by: "a.from_at", id: "a.id", is_number: true, descending: false };
        let end = window_clause(&mut sql, window, order);
        let organization = fragment::organization("ao");
        sql.text = format!(
            "SELECT CAST(OBJ('id', UID(a.id), 'organization', {organization}, 'because', a.because, 'fields', JSON(a.fields), \
             'referral_id', UID(a.referral_id), 'consent_id', UID(ar.consent_id), 'basis', CASE aw.basis WHEN 'LIFE_AT_RISK' THEN 'VITAL_INTEREST' WHEN 'LACKS_CAPACITY' THEN 'BEST_INTERESTS' ELSE ac.basis END, \
             'from_at', a.from_at, 'until_at', a.until_at) AS TEXT) AS body, CAST(a.from_at AS TEXT) AS k, a.id AS id{count} \
             {found}{end}"
        );
        let page = page(&self.rows(&sql.text, sql.values).await?, window, "access_grant")?;
        let mut sql = Sql::default();
        sql.text = format!("SELECT count(*) AS total {}", self::found(&mut sql, sight, case, with_ended));
        counted(self, page, window, sql).await
    }

    /// The running grants of the asker's organization on a case, the earliest first.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn own_access(&self, sight: &Sight, case: CaseId) -> Result<Vec<CaseAccess>, Fault> {
        let mut sql = Sql::default();
        let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
        let case = sql.bind(Uuid::from(case));
        let within = sql.within(&sight.referrals, "ar.program_id");
        let organization = fragment::organization("ao");
        sql.text = format!(
            "SELECT CAST(OBJ('id', UID(g.id), 'organization', {organization}, 'because', 'REFERRAL', 'fields', JSON(g.fields), \
             'referral_id', UID(g.cause_id), 'consent_id', UID(NULL), 'basis', NULL, 'from_at', g.from_at, \
             'until_at', g.until_at) AS TEXT) AS body FROM access_grant g JOIN organization ao ON ao.id = g.organization_id \
             JOIN referral ar ON ar.id = g.cause_id WHERE g.organization_id = {own} AND g.case_id = {case} \
             AND g.until_at IS NULL AND {within} ORDER BY g.from_at, g.id"
        );
        self.rows(&sql.text, sql.values).await?.iter().map(|row| body(row, "access_grant")).collect()
    }
}

/// The lines of a case that the asker's organization holds.
fn found(sql: &mut Sql, sight: &Sight, case: CaseId, with_ended: bool) -> String {
    let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
    let case = sql.bind(Uuid::from(case));
    let within = sql.within(&sight.cases, "hc.program_id");
    let running = if with_ended { "" } else { " AND a.until_at IS NULL" };
    format!(
        "FROM {} JOIN organization ao ON ao.id = a.organization_id LEFT JOIN referral ar ON ar.id = a.referral_id \
         LEFT JOIN consent ac ON ac.id = ar.consent_id LEFT JOIN consent_override aw ON aw.id = ar.override_id WHERE EXISTS (SELECT 1 FROM case_file hc WHERE hc.id = {case} \
         AND hc.holder_organization_id = {own} AND {within}){running}",
        lines(&case)
    )
}
