//! Changes that the steps before and around a decision make.

use crate::domain::actor::Actor;
use crate::domain::case::ConsentField;
use crate::domain::id::{GoalId, MemberId, OrganizationId, ReferralId};
use crate::domain::rule::Fault;
use crate::domain::sealed::Sealed;
use crate::store::decision_view::POSITION;
use crate::store::door::Tx;
use crate::store::organizations::read_actor;
use crate::store::referral_writes::codes;
use crate::store::statement::body;
use passerelle_entity::referral_question;
use sea_orm::QueryResult;
use serde::Deserialize;
use uuid::Uuid;

/// A question to add: its key, its place in the round from 1, and its text sealed for its row.
#[derive(Debug)]
pub struct NewQuestion {
    pub id: Uuid,
    pub position: i32,
    pub text: String,
}

/// A question that waits for its answer.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct OpenQuestion {
    pub id: Uuid,
    /// From 1.
    pub position: i32,
}

/// A goal that a referral froze, with its text as the need holds it.
#[derive(Debug, Deserialize)]
pub struct FrozenGoal {
    pub id: GoalId,
    pub text: Sealed,
}

fn unreadable<E>(_: E) -> Fault {
    Fault::Store("a row of a decision does not read".into())
}

impl Tx {
    /// Adds the questions of a round.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_questions(
        &self,
        referral: ReferralId,
        round: i32,
        questions: Vec<NewQuestion>,
        now: i64,
    ) -> Result<(), Fault> {
        for question in questions {
            self.add(referral_question::Model {
                id: question.id,
                referral_id: referral.into(),
                round,
                position: question.position,
                question_sealed: question.text,
                asked_at: now,
                answer_sealed: None,
                answered_at: None,
            })
            .await?;
        }
        Ok(())
    }

    /// The questions that wait for an answer, in their order.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn open_questions(&self, referral: ReferralId) -> Result<Vec<OpenQuestion>, Fault> {
        let text = "SELECT CAST(OBJ('id', UID(q.id), 'position', q.position) AS TEXT) AS body FROM referral_question q \
                    WHERE q.referral_id = $1 AND q.answered_at IS NULL ORDER BY q.round, q.position";
        let rows = self.rows(text, vec![Uuid::from(referral).into()]).await?;
        rows.iter().map(|row| body(row, "referral_question")).collect()
    }

    /// Keeps an answer, sealed for its question's row. Written last.
    pub fn answer_question(&self, question: Uuid, answer: &str, now: i64) {
        self.run_last(
            "UPDATE referral_question SET answer_sealed = $1, answered_at = $2 WHERE id = $3",
            vec![answer.into(), now.into(), question.into()],
        );
    }

    /// Whether what a referral was sent under is over: a consent that has ended or expired by `today` (ISO 8601), or what
    /// stood in for one and has run out by `now` (UTC microseconds) or was found not justified.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn ground_is_over(&self, referral: ReferralId, today: &str, now: i64) -> Result<bool, Fault> {
        let text = "SELECT 1 AS found FROM referral r LEFT JOIN consent cn ON cn.id = r.consent_id \
                    LEFT JOIN consent_override co ON co.id = r.override_id WHERE r.id = $1 \
                    AND (cn.ended_at IS NOT NULL OR cn.expires_on < $2 \
                    OR co.expires_at <= $3 OR co.verdict = 'NOT_JUSTIFIED')";
        Ok(!self.rows(text, vec![Uuid::from(referral).into(), today.into(), now.into()]).await?.is_empty())
    }

    /// The goals of a referral that are not left out, in their order, whoever asks.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn frozen_goals(&self, referral: ReferralId) -> Result<Vec<FrozenGoal>, Fault> {
        let text = "SELECT CAST(OBJ('id', UID(go.id), 'text', go.text_sealed) AS TEXT) AS body FROM referral_goal rg \
                    JOIN goal go ON go.id = rg.goal_id WHERE rg.referral_id = $1 AND NOT rg.is_left_out \
                    ORDER BY rg.position, rg.goal_id";
        let rows = self.rows(text, vec![Uuid::from(referral).into()]).await?;
        rows.iter().map(|row| body(row, "goal")).collect()
    }

    /// Adds an open need for what a receiver does not take on: a child of the referral's need, as that one is.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_rest_need(&self, id: Uuid, referral: ReferralId, now: i64) -> Result<(), Fault> {
        self.run(
            "INSERT INTO need (id, case_id, organization_id, program_id, area_id, category_code, dimension, level, \
             urgency, delivery, status, version, created_at, updated_at, parent_need_id) \
             SELECT $1, n.case_id, n.organization_id, n.program_id, n.area_id, n.category_code, n.dimension, n.level, \
             n.urgency, n.delivery, 'OPEN', 1, $2, $2, n.id FROM referral r JOIN need n ON n.id = r.need_id WHERE r.id = $3",
            vec![id.into(), now.into(), Uuid::from(referral).into()],
        )
        .await
        .map(drop)
    }

    /// Marks a goal as one that the receiver does not take on. Written last.
    pub fn leave_goal_out(&self, referral: ReferralId, goal: GoalId) {
        self.run_last(
            "UPDATE referral_goal SET is_left_out = TRUE WHERE referral_id = $1 AND goal_id = $2",
            vec![Uuid::from(referral).into(), Uuid::from(goal).into()],
        );
    }

    /// Raises the version of the case that a referral belongs to: something was added to it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn touch_case_of(&self, referral: ReferralId, now: i64) -> Result<(), Fault> {
        // In a statement of its own: the acceptance may carry the case on, and one statement changes a row once.
        self.run(
            "UPDATE case_file SET version = version + 1, updated_at = $1 \
             WHERE id = (SELECT r.case_id FROM referral r WHERE r.id = $2)",
            vec![now.into(), Uuid::from(referral).into()],
        )
        .await
        .map(drop)
    }

    /// Narrows what a referral's running grants show to these fields, as far as they showed them. Written last.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn narrow_grants(&self, cause: ReferralId, keep: &[ConsentField]) -> Result<(), Fault> {
        let text = "SELECT id, fields FROM access_grant WHERE cause_id = $1 AND until_at IS NULL";
        for row in self.rows(text, vec![Uuid::from(cause).into()]).await? {
            let (id, shown) = grant(&row)?;
            let kept: Vec<ConsentField> = shown.into_iter().filter(|field| keep.contains(field)).collect();
            self.run_last("UPDATE access_grant SET fields = $1 WHERE id = $2", vec![codes(&kept).into(), id.into()]);
        }
        Ok(())
    }

    /// An organization's active member, with their roles.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn active_member(&self, organization: OrganizationId, member: MemberId) -> Result<Option<Actor>, Fault> {
        let text = "SELECT 'MEMBER' AS kind, m.roles AS held, o.kinds AS kinds FROM member m \
                    JOIN organization o ON o.id = m.organization_id \
                    WHERE m.id = $1 AND m.organization_id = $2 AND m.is_active";
        let rows = self.rows(text, vec![Uuid::from(member).into(), Uuid::from(organization).into()]).await?;
        rows.first().map(|row| read_actor(row, member.into(), organization.into())).transpose()
    }

    /// The place of a waiting referral on its list, from 1.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn waiting_position(&self, referral: ReferralId) -> Result<i64, Fault> {
        let text = format!("SELECT {POSITION} AS place FROM referral r WHERE r.id = $1");
        let rows = self.rows(&text, vec![Uuid::from(referral).into()]).await?;
        rows.first().map_or(Ok(1), |row| row.try_get("", "place").map_err(unreadable))
    }
}

fn grant(row: &QueryResult) -> Result<(Uuid, Vec<ConsentField>), Fault> {
    let fields: String = row.try_get("", "fields").map_err(unreadable)?;
    Ok((row.try_get("", "id").map_err(unreadable)?, serde_json::from_str(&fields).map_err(unreadable)?))
}
