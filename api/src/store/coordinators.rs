//! Who stands in where the lead of a program has no coordinator.

use crate::domain::actor::{MemberRole, RoleGrant};
use crate::domain::id::{OrganizationId, ProgramId};
use crate::domain::notice::Notice;
use crate::domain::rule::Fault;
use crate::store::door::Tx;
use crate::store::statement::body;
use serde::Deserialize;
use uuid::Uuid;

/// Who could answer for a program.
#[derive(Debug, Deserialize)]
struct Answering {
    program: ProgramId,
    sender: OrganizationId,
    /// The roles of the lead's active members who coordinate or supervise.
    lead: Vec<Vec<RoleGrant>>,
}

impl Answering {
    /// Whether the lead has somebody with a role in the program.
    fn has(&self, role: MemberRole) -> bool {
        let is = |grant: &RoleGrant| grant.role == role && grant.program.is_none_or(|only| only == self.program);
        self.lead.iter().flatten().any(is)
    }

    /// The notice, addressed to somebody who is there.
    fn address(&self, notice: Notice) -> Notice {
        if self.has(MemberRole::Coordinator) {
            return notice;
        }
        let supervisor = Notice { role: Some(MemberRole::Supervisor), ..notice };
        if self.has(MemberRole::Supervisor) { supervisor } else { Notice { organization: self.sender, ..supervisor } }
    }
}

impl Tx {
    /// These notices about a referral, so addressed that what a coordinator is told reaches somebody: where the lead has
    /// no active coordinator in the program, its supervisor; where it has none either, that of the sender. Nobody is told
    /// the same twice.
    ///
    /// # Errors
    /// What the engine refuses; a row that does not read.
    pub async fn reaching(&self, notices: Vec<Notice>, referral: Uuid) -> Result<Vec<Notice>, Fault> {
        let is_for_coordinator = |notice: &Notice| notice.role == Some(MemberRole::Coordinator);
        if !notices.iter().any(is_for_coordinator) {
            return Ok(notices);
        }
        let text = "SELECT CAST(OBJ('program', UID(r.program_id), 'sender', UID(r.sender_organization_id), 'lead', \
             LIST(JSON(m.roles) BY m.id FROM member m WHERE m.organization_id = rp.lead_organization_id AND m.is_active \
               AND (m.roles LIKE '%\"COORDINATOR\"%' OR m.roles LIKE '%\"SUPERVISOR\"%'))) AS TEXT) AS body \
             FROM referral r JOIN program rp ON rp.id = r.program_id WHERE r.id = $1";
        let rows = self.rows(text, vec![referral.into()]).await?;
        let Some(row) = rows.first() else { return Ok(notices) };
        let answering: Answering = body(row, "program")?;
        let mut reaching: Vec<Notice> = Vec::with_capacity(notices.len());
        for notice in notices {
            let notice = if is_for_coordinator(&notice) { answering.address(notice) } else { notice };
            if !reaching.contains(&notice) {
                reaching.push(notice);
            }
        }
        Ok(reaching)
    }
}
