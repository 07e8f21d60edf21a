//! Figures of programs for those who lead, work in or pay for them: counted in the database, in one statement, together
//! with the question whether the asker takes part at all.

use crate::domain::code::Code;
use crate::domain::figures::{GapFigures, HelpFigures};
use crate::domain::id::{AreaId, ProgramId};
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::service::Dimension;
use crate::store::door::Door;
use crate::store::plans::IS_GAP;
use crate::store::statement::{Sql, body};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Which gaps are counted; what is absent does not limit.
#[derive(Debug, Clone, Default)]
pub struct GapFilter {
    /// In this area or one below it.
    pub area: Option<AreaId>,
    pub category: Option<String>,
    pub dimension: Vec<Dimension>,
}

/// A program of which the asker may read figures, and whether they only pay for it.
pub(super) struct Scope {
    pub program: String,
    pub from: String,
    pub only_pays: String,
}

impl Scope {
    pub fn of(sql: &mut Sql, sight: &Sight, program: ProgramId) -> Self {
        let own = sql.bind(sight.organization.map(Uuid::from).unwrap_or_default());
        let program = sql.bind(Uuid::from(program));
        let within = sql.within(&sight.figures, "p.id");
        let part = |part: &str| {
            format!(
                "EXISTS (SELECT 1 FROM program_organization pt WHERE pt.program_id = p.id AND pt.organization_id = {own} \
                 AND pt.part = '{part}')"
            )
        };
        let works = format!("(p.lead_organization_id = {own} OR {})", part("MEMBER"));
        Self {
            from: format!("FROM program p WHERE p.id = {program} AND {within} AND ({works} OR {})", part("FUNDER")),
            only_pays: format!("(CASE WHEN {works} THEN 0 ELSE 1 END)"),
            program,
        }
    }
}

impl Door {
    /// Items of active plans of open cases that wait for a referral, by category and area; nothing for a program of
    /// which the asker may not read figures.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn plan_gaps(
        &self,
        sight: &Sight,
        program: ProgramId,
        filter: &GapFilter,
    ) -> Result<Option<GapFigures>, Fault> {
        let mut sql = Sql::default();
        let Scope { program, from, only_pays } = Scope::of(&mut sql, sight, program);
        let mut limits = String::new();
        if let Some(area) = filter.area {
            let name = sql.bind(Uuid::from(area));
            limits += &format!(
                " AND c.area_id IN (SELECT ac.descendant_id FROM area_closure ac WHERE ac.ancestor_id = {name})"
            );
        }
        if let Some(category) = &filter.category {
            limits += &format!(" AND gc.standard_code = {}", sql.bind(category.clone()));
        }
        if !filter.dimension.is_empty() {
            let names = sql.bind_all(filter.dimension.iter().map(|code| code.code()));
            limits += &format!(" AND nd.dimension IN ({names})");
        }
        sql.text = format!(
            "WITH gap AS (SELECT gc.standard_code AS category, nd.dimension AS dimension, c.area_id AS area_id, \
               count(*) AS gaps, count(DISTINCT c.id) AS persons FROM plan pl JOIN plan_item pi ON pi.plan_id = pl.id \
               JOIN need nd ON nd.id = pi.need_id JOIN category gc ON gc.code = nd.category_code JOIN case_file c ON c.id = pl.case_id \
               WHERE pl.program_id = {program} AND pl.status = 'ACTIVE' AND c.status = 'OPEN' AND {IS_GAP}{limits} \
               GROUP BY gc.standard_code, nd.dimension, c.area_id) \
             SELECT CAST(OBJ('only_pays', {only_pays}, 'cells', LIST(OBJ('category', g.category, \
               'dimension', g.dimension, 'area_id', UID(g.area_id), 'gaps', g.gaps, 'persons', g.persons) \
               BY g.category, g.area_id FROM gap g)) AS TEXT) AS body {from}"
        );
        self.figures(sql).await
    }

    /// Outcomes per goal that were recorded from one instant to before another (UTC microseconds), by dimension, way of
    /// helping and result; nothing for a program of which the asker may not read figures.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn help_figures(
        &self,
        sight: &Sight,
        program: ProgramId,
        (since, before): (i64, i64),
    ) -> Result<Option<HelpFigures>, Fault> {
        let mut sql = Sql::default();
        let Scope { program, from, only_pays } = Scope::of(&mut sql, sight, program);
        let (since, before) = (sql.bind(since), sql.bind(before));
        sql.text = format!(
            "WITH told AS (SELECT r.dimension AS dimension, 'REFERRAL' AS way, rg.result AS result, r.case_id AS case_id \
               FROM referral r JOIN referral_goal rg ON rg.referral_id = r.id WHERE r.program_id = {program} \
               AND r.ended_at >= {since} AND r.ended_at < {before} AND r.status <> 'VOIDED' AND r.verification <> 'REFUTED' AND rg.result IS NOT NULL \
               AND r.parent_id IS NULL \
             UNION ALL SELECT ds.dimension, 'DIRECT', dg.result, ds.case_id FROM direct_service ds \
               JOIN direct_service_goal dg ON dg.direct_service_id = ds.id WHERE ds.program_id = {program} \
               AND ds.recorded_at >= {since} AND ds.recorded_at < {before}) \
             SELECT CAST(OBJ('only_pays', {only_pays}, \
               'cells', LIST(OBJ('dimension', g.dimension, 'way', g.way, 'result', g.result, 'goals', g.goals, \
                 'persons', g.persons) BY g.dimension, g.way, g.result FROM (SELECT dimension, way, result, \
                 count(*) AS goals, count(DISTINCT case_id) AS persons FROM told GROUP BY dimension, way, result) g), \
               'persons', LIST(OBJ('dimension', h.dimension, 'way', h.way, 'persons', h.persons) BY h.dimension, h.way \
                 FROM (SELECT dimension, way, count(DISTINCT case_id) AS persons FROM told GROUP BY dimension, way) h)) \
             AS TEXT) AS body {from}"
        );
        self.figures(sql).await
    }

    async fn figures<T: DeserializeOwned>(&self, sql: Sql) -> Result<Option<T>, Fault> {
        let rows = self.rows(&sql.text, sql.values).await?;
        rows.first().map(|row| body(row, "program")).transpose()
    }
}
