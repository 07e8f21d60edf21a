//! What stands beside every write in its transaction: event, audit row, outbox row, notifications, idempotency record.

use crate::domain::actor::Actor;
use crate::domain::global_id::Kind;
use crate::domain::id::{AreaId, CaseId, OrganizationId, ProgramId};
use crate::domain::notice::Notice;
use crate::domain::referral::{Channel, Reason, Status};
use crate::domain::service::{Dimension, Level};
use crate::domain::{code::Code, rule::Fault};
use crate::store::door::{Door, Tx};
use passerelle_entity::{audit, event, notification, outbox};
use uuid::Uuid;

/// Who did something, when and in which request.
#[derive(Debug, Clone)]
pub struct Deed {
    pub organization: OrganizationId,
    pub principal: Uuid,
    pub principal_kind: &'static str,
    pub mutation: &'static str,
    pub request: String,
    /// UTC microseconds.
    pub now: i64,
}

/// Something that happened, with what it belonged to at the time.
#[derive(Debug, Clone)]
pub struct Happening {
    pub subject: (Kind, Uuid),
    pub case: Option<CaseId>,
    /// The part played: a party of a referral, or the holder's or provider's side.
    pub role: &'static str,
    pub from: Option<Status>,
    pub to: Option<Status>,
    pub reason: Option<Reason>,
    pub program: Option<ProgramId>,
    pub area: Option<AreaId>,
    pub dimension: Option<Dimension>,
    pub level: Option<Level>,
    /// The other organization that must hear of it.
    pub receiver: Option<OrganizationId>,
    /// By which way the person themselves asked for it, where somebody records it for them.
    pub channel: Option<Channel>,
    /// How much has been done of how much, where a step reports progress.
    pub progress: Option<(i32, i32)>,
    /// How many places were stated free when a receiver declined for want of places.
    pub places_free: Option<i32>,
    /// The subject's version after the change.
    pub version: i32,
    /// Who is told.
    pub notify: Vec<Notice>,
}

impl Happening {
    /// Something that happened to a thing outside referrals.
    #[must_use]
    pub fn to(subject: (Kind, Uuid), role: &'static str, version: i32) -> Self {
        Self {
            subject,
            case: None,
            role,
            from: None,
            to: None,
            reason: None,
            program: None,
            area: None,
            dimension: None,
            level: None,
            receiver: None,
            channel: None,
            progress: None,
            places_free: None,
            version,
            notify: Vec::new(),
        }
    }
}

/// What an idempotency record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// The key is new and now ours.
    New,
    /// The same input was answered with this.
    Answered(String),
    /// The key came with another input.
    Other,
}

impl Tx {
    /// Takes an idempotency key, waiting for another holder of the same key to finish.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn take_key(&self, deed: &Deed, key: &str, input_hash: &str) -> Result<Known, Fault> {
        let taken = self
            .run(
                "INSERT INTO idempotency (organization_id, principal_id, mutation, idempotency_key, input_hash, answer, at) \
                 VALUES ($1, $2, $3, $4, $5, '', $6) ON CONFLICT DO NOTHING",
                vec![
                    Uuid::from(deed.organization).into(),
                    deed.principal.into(),
                    deed.mutation.into(),
                    key.into(),
                    input_hash.into(),
                    deed.now.into(),
                ],
            )
            .await?;
        if taken == 1 {
            return Ok(Known::New);
        }
        let rows = self
            .rows(
                "SELECT input_hash, answer FROM idempotency WHERE organization_id = $1 AND principal_id = $2 \
                 AND mutation = $3 AND idempotency_key = $4",
                vec![Uuid::from(deed.organization).into(), deed.principal.into(), deed.mutation.into(), key.into()],
            )
            .await?;
        let row = rows.first().ok_or_else(|| Fault::Unavailable("an idempotency key vanished".into()))?;
        let text =
            |column: &str| row.try_get::<String>("", column).map_err(|_| Fault::Store("a key does not read".into()));
        Ok(if text("input_hash")? == input_hash { Known::Answered(text("answer")?) } else { Known::Other })
    }

    /// Keeps the answer under its key; written last.
    pub fn keep_answer(&self, deed: &Deed, key: &str, answer: &str) {
        self.run_last(
            "UPDATE idempotency SET answer = $1 WHERE organization_id = $2 AND principal_id = $3 AND mutation = $4 \
             AND idempotency_key = $5",
            vec![
                answer.into(),
                Uuid::from(deed.organization).into(),
                deed.principal.into(),
                deed.mutation.into(),
                key.into(),
            ],
        );
    }

    /// Writes down what happened: one event, one audit row, one outbox row, and the notifications. Written last.
    pub fn record(&self, deed: &Deed, happening: &Happening) {
        let (kind, subject) = happening.subject;
        self.add_last(event::Model {
            id: Uuid::now_v7(),
            kind: deed.mutation.into(),
            subject_kind: kind.code().into(),
            subject_id: subject,
            case_id: happening.case.map(Uuid::from),
            at: deed.now,
            organization_id: deed.organization.into(),
            principal_id: deed.principal,
            acting_role: happening.role.into(),
            from_status: happening.from.map(|status| status.code().into()),
            to_status: happening.to.map(|status| status.code().into()),
            reason: happening.reason.map(|reason| reason.code().into()),
            program_id: happening.program.map(Uuid::from),
            area_id: happening.area.map(Uuid::from),
            dimension: happening.dimension.map(|code| code.code().into()),
            level: happening.level.map(|code| code.code().into()),
            receiver_organization_id: happening.receiver.map(Uuid::from),
            channel: happening.channel.map(|channel| channel.code().into()),
            progress_done: happening.progress.map(|(done, _)| done),
            progress_planned: happening.progress.map(|(_, planned)| planned),
            places_free: happening.places_free,
            version: Some(happening.version),
        });
        self.add_last(audit_row(deed, "ALLOW", "OK", Some(happening.subject)));
        self.add_last(outbox::Model {
            id: Uuid::now_v7(),
            sequence: None,
            kind: deed.mutation.into(),
            subject_kind: kind.code().into(),
            subject_id: subject,
            organization_id: deed.organization.into(),
            receiver_organization_id: happening.receiver.map(Uuid::from),
            case_id: happening.case.map(Uuid::from),
            version: happening.version,
            at: deed.now,
        });
        for notice in &happening.notify {
            self.notify(notice, deed.mutation, happening.subject, deed.now);
        }
    }

    /// Writes down something else that the same write did, under a name of its own. Written last.
    pub fn record_as(&self, deed: &Deed, name: &'static str, happening: &Happening) {
        self.record(&Deed { mutation: name, ..deed.clone() }, happening);
    }

    /// Tells somebody something about a thing, where nothing else is written down of it: the notification is the change
    /// that its readers are told of. Written last.
    pub fn tell(&self, notice: &Notice, mutation: &str, subject: (Kind, Uuid), now: i64) {
        let told = self.notify(notice, mutation, subject, now);
        self.add_last(outbox::Model {
            id: Uuid::now_v7(),
            sequence: None,
            kind: notice.kind.unwrap_or(mutation).into(),
            subject_kind: Kind::Notification.code().into(),
            subject_id: told,
            organization_id: notice.organization.into(),
            receiver_organization_id: None,
            case_id: None,
            version: 1,
            at: now,
        });
    }

    fn notify(&self, notice: &Notice, mutation: &str, (kind, subject): (Kind, Uuid), now: i64) -> Uuid {
        let id = Uuid::now_v7();
        self.add_last(notification::Model {
            id,
            organization_id: notice.organization.into(),
            kind: notice.kind.unwrap_or(mutation).into(),
            subject_kind: kind.code().into(),
            subject_id: subject,
            at: now,
            role: notice.role.map(|role| role.code().into()),
            member_id: notice.member.map(Uuid::from),
            program_id: notice.program.map(Uuid::from),
            must_act: notice.must_act,
            read_at: None,
        });
        id
    }
}

fn audit_row(deed: &Deed, decision: &str, outcome: &str, subject: Option<(Kind, Uuid)>) -> audit::Model {
    audit::Model {
        id: Uuid::now_v7(),
        at: deed.now,
        organization_id: Some(deed.organization.into()),
        principal_id: Some(deed.principal),
        principal_kind: deed.principal_kind.into(),
        operation: deed.mutation.into(),
        decision: decision.into(),
        outcome: outcome.into(),
        subject_kind: subject.map(|(kind, _)| kind.code().into()),
        subject_id: subject.map(|(_, id)| id),
        request_id: deed.request.clone(),
        field_classes: None,
        subjects: None,
    }
}

impl Door {
    /// Writes down that an identified party was refused, in a transaction of its own.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn audit_refusal(&self, deed: &Deed, outcome: &str) -> Result<(), Fault> {
        let tx = self.begin().await?;
        tx.add(audit_row(deed, "DENY", outcome, None)).await?;
        tx.commit().await
    }

    /// Forgets idempotency records older than `before`, a bounded number at a time. Tells how many.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn forget_keys(&self, before: i64) -> Result<u64, Fault> {
        let tx = self.begin().await?;
        let forgotten = tx
            .run(
                "DELETE FROM idempotency WHERE at < $1 AND at <= (SELECT max(x.at) FROM \
                 (SELECT at FROM idempotency WHERE at < $1 ORDER BY at LIMIT 1000) x)",
                vec![before.into()],
            )
            .await?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

/// The deed of an actor, unless nobody is known.
#[must_use]
pub fn deed_of(actor: &Actor, mutation: &'static str, request: &str, now: i64) -> Option<Deed> {
    Some(Deed {
        organization: actor.organization()?,
        principal: actor.principal()?,
        principal_kind: actor.principal_kind(),
        mutation,
        request: request.to_owned(),
        now,
    })
}
