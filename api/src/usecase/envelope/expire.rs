//! What the clock does with commands that nobody decides on.

use crate::app::App;
use crate::domain::actor::MemberRole;
use crate::domain::envelope::PARKED_DAYS;
use crate::domain::global_id::Kind;
use crate::domain::notice::Notice;
use crate::domain::referral::clocks::DAY;
use crate::domain::rule::Fault;

/// What those are told whose command was not done.
const EXPIRED: &str = "PARKED_COMMAND_EXPIRED";

/// Ends commands that waited for a person for thirty days: none of them is done, and what they held is forgotten. Their
/// authors and those who supervise them are told. Tells how many; call it again until none were.
///
/// # Errors
/// What the engine refuses.
pub async fn expire_parked(app: &App) -> Result<u64, Fault> {
    let now = app.now();
    let tx = app.store.begin().await?;
    let expired = tx.take_expired_parked(now - PARKED_DAYS * DAY, now).await?;
    for command in &expired {
        let told = Notice { program: command.program, ..Notice::to(command.organization).of_kind(EXPIRED) };
        // Supervisors see what their members are told; what an application queued is told to them alone.
        let role = command.author.is_none().then_some(MemberRole::Supervisor);
        let told = Notice { member: command.author, role, ..told };
        tx.tell(&told, EXPIRED, (Kind::ParkedCommand, command.id), now);
    }
    tx.commit().await?;
    Ok(expired.len() as u64)
}
