//! Persons in the database: each value in a row of its own, sealed for that row.

use crate::domain::case::ConsentField;
use crate::domain::code::Code;
use crate::domain::id::{CaseId, OrganizationId, PersonId};
use crate::domain::person::{Compartment, PersonField, SIGNS_OF_A_CHILD};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::sealed::Sealed;
use crate::store::door::{Rows, Tx};
use crate::store::referral_writes::codes;
use crate::store::statement::{Sql, body};
use passerelle_entity::person;
use uuid::Uuid;

/// The person of `case_file c` for its holder: the values for whom `knows` lets know them, for others only which are
/// there.
#[must_use]
pub fn of_case(held: &str, knows: &str) -> String {
    let field = field(&format!("CASE WHEN {knows} THEN pf.value_sealed END"));
    format!(
        "JSON(CASE WHEN {held} AND c.person_id IS NOT NULL THEN OBJ('id', UID(c.person_id), 'case_id', UID(c.id), \
         'fields', LIST({field} BY pf.field FROM person_field pf WHERE pf.person_id = c.person_id)) END)"
    )
}

/// A field; needs `person_field pf`.
fn field(value: &str) -> String {
    format!("OBJ('field', pf.field, 'value', {value}, 'updated_at', pf.updated_at)")
}

/// That the receiver has taken the person on, and is not done: before and after it knows nobody by name.
const TAKEN_ON: &str = "r.status IN ('ACCEPTED', 'IN_SERVICE', 'ON_HOLD', 'CANCEL_REQUESTED')";

/// What of the person of a referral the asker may know.
pub struct OfReferral {
    sent: String,
    received: String,
    is_government: bool,
}

impl OfReferral {
    /// As far as somebody sees.
    pub fn of(sql: &mut Sql, sight: &Sight) -> Self {
        let sent = sql.within(&sight.persons_sent, "r.program_id");
        let received = sql.within(&sight.persons_received, "r.program_id");
        Self { sent, received, is_government: sight.is_government }
    }

    /// The person of `referral r` and `case_file c`: whole for the sender that holds the case; for the receiver field by
    /// field, where the consent behind the running grant `ag` lists it and the agreement that the grant rests on allows
    /// it. A government body that receives learns who somebody is, not what makes them vulnerable.
    #[must_use]
    pub fn json(&self, organization: &str, sends: &str, receives: &str) -> String {
        let Self { sent, received, is_government } = self;
        let own = format!("({sends} AND {sent} AND c.holder_organization_id = {organization})");
        let granted = format!("({receives} AND {received} AND {TAKEN_ON} AND ag.agreement_id IS NOT NULL)");
        let listed = "ag.fields LIKE '%\"' || pf.field || '\"%' AND EXISTS (SELECT 1 FROM agreement ga \
                      WHERE ga.id = ag.agreement_id AND ga.data_allowed LIKE '%\"' || pf.field || '\"%')";
        let barred = if *is_government { format!(" AND pf.field IN ({})", to_government()) } else { String::new() };
        let field = field("pf.value_sealed");
        format!(
            "JSON(CASE WHEN c.person_id IS NOT NULL AND ({own} OR {granted}) THEN OBJ('id', UID(c.person_id), \
             'case_id', UID(c.id), 'fields', LIST({field} BY pf.field FROM person_field pf \
             WHERE pf.person_id = c.person_id AND ({own} OR ({granted} AND {listed}{barred})))) END)"
        )
    }
}

/// What may be released to a government body, as a list of SQL.
fn to_government() -> String {
    let may = |field: &&ConsentField| matches!(field.compartment(), Some(Compartment::Identity | Compartment::Contact));
    let codes: Vec<String> = ConsentField::ALL.iter().filter(may).map(|field| format!("'{}'", field.code())).collect();
    codes.join(", ")
}

impl Tx {
    /// The person of a case, if it has one.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn person_of(&self, case: CaseId) -> Result<Option<PersonId>, Fault> {
        let rows = self.rows("SELECT person_id FROM case_file WHERE id = $1", vec![Uuid::from(case).into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let found: Option<Uuid> = row.try_get("", "person_id").map_err(|_| Fault::Corrupt("case_file", case.into()))?;
        Ok(found.map(PersonId::from))
    }

    /// Adds a person, held by an organization, to a case that has none.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn add_person(&self, id: PersonId, holder: OrganizationId, case: CaseId, now: i64) -> Result<(), Fault> {
        self.add(person::Model { id: id.into(), organization_id: holder.into(), created_at: now }).await?;
        let text = "UPDATE case_file SET person_id = $1 WHERE id = $2 AND person_id IS NULL";
        self.run(text, vec![Uuid::from(id).into(), Uuid::from(case).into()]).await.map(drop)
    }

    /// Keeps a value, in the place of an older one if there is one.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn put_person_field(
        &self,
        person: PersonId,
        field: ConsentField,
        value: &Sealed,
        now: i64,
    ) -> Result<(), Fault> {
        let text = "INSERT INTO person_field (person_id, field, value_sealed, version, updated_at) \
                    VALUES ($1, $2, $3, 1, $4) ON CONFLICT (person_id, field) DO UPDATE SET \
                    value_sealed = $3, version = person_field.version + 1, updated_at = $4";
        let values = vec![Uuid::from(person).into(), field.code().into(), value.as_stored().into(), now.into()];
        self.run(text, values).await.map(drop)
    }

    /// Takes fields whose values are about to change off the running grants of a case whose ground has run out: nothing
    /// new is shown on it.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn freeze_fields(
        &self,
        case: CaseId,
        changed: &[ConsentField],
        today: &str,
        now: i64,
    ) -> Result<(), Fault> {
        let text = "SELECT ag.id AS id, ag.fields AS body FROM access_grant ag JOIN referral r ON r.id = ag.cause_id \
                    LEFT JOIN consent cn ON cn.id = r.consent_id LEFT JOIN consent_override co ON co.id = r.override_id \
                    WHERE ag.case_id = $1 AND ag.until_at IS NULL AND (cn.expires_on < $2 OR co.expires_at <= $3)";
        let unreadable = |_| Fault::Store("a grant's key does not read".into());
        for row in self.rows(text, vec![Uuid::from(case).into(), today.into(), now.into()]).await? {
            let id: Uuid = row.try_get("", "id").map_err(unreadable)?;
            let shown: Vec<ConsentField> = body(&row, "access_grant")?;
            let kept: Vec<ConsentField> = shown.into_iter().filter(|field| !changed.contains(field)).collect();
            let text = "UPDATE access_grant SET fields = $1 WHERE id = $2";
            self.run(text, vec![codes(&kept).into(), id.into()]).await?;
        }
        Ok(())
    }

    /// Forgets a value.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn remove_person_field(&self, person: PersonId, field: ConsentField) -> Result<(), Fault> {
        let text = "DELETE FROM person_field WHERE person_id = $1 AND field = $2";
        self.run(text, vec![Uuid::from(person).into(), field.code().into()]).await.map(drop)
    }
}

/// What is known of a case's person by which a child is known, with the person.
///
/// # Errors
/// What the engine refuses.
pub async fn signs_of_a_child(store: &impl Rows, case: CaseId) -> Result<Vec<(PersonId, PersonField)>, Fault> {
    let mut sql = Sql::default();
    let case = sql.bind(Uuid::from(case));
    let names = sql.bind_all(SIGNS_OF_A_CHILD.iter().map(|field| field.code()));
    let field = field("pf.value_sealed");
    let text = format!(
        "SELECT pf.person_id AS id, CAST({field} AS TEXT) AS body FROM case_file c \
         JOIN person_field pf ON pf.person_id = c.person_id WHERE c.id = {case} AND pf.field IN ({names})"
    );
    let unreadable = |_| Fault::Store("a person's key does not read".into());
    let rows = store.rows(&text, sql.values).await?;
    rows.iter()
        .map(|row| Ok((row.try_get::<Uuid>("", "id").map_err(unreadable)?.into(), body(row, "person_field")?)))
        .collect()
}
