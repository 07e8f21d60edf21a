//! Figures of referrals in the schema: why they ended, how those of a program stand, and which are stuck.

use crate::domain::case::Urgency;
use crate::domain::figures::DEFINITION;
use crate::domain::global_id::Kind;
use crate::domain::quarter::Quarter;
use crate::domain::reasons::{Key, POINTS_TO_DIRECTORY, Part, ReasonBreakdown};
use crate::domain::referral::owner::{Side, next_owner};
use crate::domain::referral::{Reason, Status};
use crate::domain::service::Dimension;
use crate::domain::stuck::{StuckFor, StuckGroup};
use crate::graphql::area::area_key;
use crate::graphql::context::{Here, known};
use crate::graphql::error::bad_input;
use crate::graphql::figures::QuarterInput;
use crate::graphql::input::distinct;
use crate::graphql::organization::Organization;
use crate::graphql::scalar::{DateTime, id, key};
use crate::graphql::unmet::Figure;
use crate::usecase::referral::{self, Named, Reasons, Standing};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;

/// The most breakdowns beside the reason: three dimensions in all.
const MOST_BREAKDOWNS: usize = 2;

/// Why referrals ended without a delivered service, in a quarter.
#[derive(SimpleObject)]
pub struct ReferralReasons {
    /// The version of what is counted and how. A referral counts in the quarter in which it ended, by the reason that was
    /// given; one that was voided since is not counted.
    definition: &'static str,
    /// When it was counted.
    as_of: DateTime,
    /// From when on endings are counted.
    since: DateTime,
    /// Before when endings are counted.
    before: DateTime,
    /// Figures of fewer persons than this are hidden from you, and others with them that would give them away; 1 where
    /// nothing is hidden, because they are your organization's own.
    fewest_persons: i64,
    /// Each reason, broken down as asked.
    rows: Vec<ReferralReasonRow>,
    /// What the declines say about the directory.
    directory: DirectoryDeclines,
}

/// How often referrals ended for one reason.
#[derive(SimpleObject)]
pub struct ReferralReasonRow {
    /// How they ended.
    status: Status,
    /// The reason.
    reason: Reason,
    /// Who had received them, when broken down by PROVIDER.
    provider: Option<Organization>,
    /// The code of the standard category, when broken down by CATEGORY.
    category_code: Option<String>,
    /// Where the persons live, when broken down by AREA; null where that is not known.
    area_id: Option<ID>,
    /// The month in which they ended, such as 2026-11, when broken down by MONTH.
    month: Option<String>,
    /// How many.
    referrals: Figure,
}

/// What declines say about the directory: that a service has no place, is not for whom or where it said, is suspended or
/// unfunded, or is another one than it seemed.
#[derive(SimpleObject)]
pub struct DirectoryDeclines {
    /// Declines for whatever reason.
    declines: Figure,
    /// Those for NO_CAPACITY, NOT_ELIGIBLE, OUT_OF_AREA, SERVICE_SUSPENDED, FUNDING_ENDED or WRONG_SERVICE.
    pointing: Figure,
    /// Of these, those to a service that nobody has confirmed since.
    unmended: Figure,
    /// The share of declines that point to the directory, 0 to 1; null where a part of it is hidden and where there are no
    /// declines.
    share: Option<f64>,
}

/// How referrals of a program stand that wait for one organization, without persons.
#[derive(SimpleObject)]
pub struct ReferralStanding {
    /// Whose step is next.
    partner: Organization,
    /// The other side.
    other: Organization,
    /// How soon help is needed.
    urgency: Urgency,
    /// Where they stand.
    status: Status,
    /// How many there are.
    referrals: i64,
    /// How many are overdue.
    overdue: i64,
    /// The earliest deadline that has passed; null when none has.
    oldest_due_at: Option<DateTime>,
}

/// Stuck referrals of an area, for a local forum: without names, and without anything by which one could be found again.
#[derive(SimpleObject)]
pub struct StuckReferrals {
    /// When they were counted.
    as_of: DateTime,
    /// Nothing is told of fewer persons than this: what is smaller is told together with others, more coarsely, or not
    /// at all.
    fewest_persons: i64,
    /// The groups that lie in the area as a whole, the longest stuck first. They are the same for whatever area is asked,
    /// so that no two answers leave one person over; what could only be told together with other areas is told with the
    /// area around them.
    groups: Vec<StuckReferralGroup>,
}

/// Stuck referrals that are told together: what they have in common. What differs among them is null.
#[derive(SimpleObject)]
pub struct StuckReferralGroup {
    /// The smallest area in which all of them lie; never below the second level under the country.
    area_id: Option<ID>,
    /// The code of the standard category. Never told of services that not everybody may see.
    category_code: Option<String>,
    /// The dimension of reintegration.
    dimension: Option<Dimension>,
    /// At which step they are stuck.
    status: Option<Status>,
    /// For how long.
    stuck_for: Option<StuckFor>,
    /// How many there are.
    referrals: i64,
}

impl From<StuckGroup> for StuckReferralGroup {
    fn from(group: StuckGroup) -> Self {
        Self {
            area_id: group.area.map(|area| id(Kind::Area, area)),
            category_code: group.category,
            dimension: group.dimension,
            status: group.status,
            stuck_for: group.stuck_for,
            referrals: group.referrals,
        }
    }
}

fn row(part: Part, referrals: Figure, named: &Named) -> ReferralReasonRow {
    let organization = |id| named.get(&id).map(|found| Organization(Arc::new(found.clone())));
    ReferralReasonRow {
        status: part.status,
        reason: part.reason,
        provider: part.provider.and_then(organization),
        category_code: part.category,
        area_id: part.area.map(|area| id(Kind::Area, area)),
        month: part.month,
        referrals,
    }
}

fn directory(reasons: &Reasons) -> DirectoryDeclines {
    let declined = |key: &Key| key.status == Status::Declined;
    let declines = reasons.table.count(declined);
    let pointing = reasons.table.count(|key| declined(key) && POINTS_TO_DIRECTORY.contains(&key.reason));
    let share = pointing.count.zip(declines.count.filter(|count| *count > 0));
    #[expect(clippy::cast_precision_loss, reason = "counts of referrals are small")]
    let share = share.map(|(part, all)| part as f64 / all as f64);
    DirectoryDeclines {
        declines: Figure::of(declines),
        pointing: Figure::of(pointing),
        unmended: Figure::of(reasons.table.count(|key| key.is_unmended)),
        share,
    }
}

fn standing(found: &Standing, named: &Named) -> Option<ReferralStanding> {
    let organization = |id| named.get(&id).map(|found| Organization(Arc::new(found.clone())));
    let (side, _) = next_owner(found.status, false)?;
    let (partner, other) = match side {
        Side::Sender => (found.sender, found.receiver),
        Side::Receiver => (found.receiver, found.sender),
    };
    Some(ReferralStanding {
        partner: organization(partner)?,
        other: organization(other)?,
        urgency: found.urgency,
        status: found.status,
        referrals: found.count,
        overdue: found.overdue,
        oldest_due_at: found.oldest_due.map(DateTime),
    })
}

/// Figures of referrals.
#[derive(Default)]
pub struct ReferralFigureQuery;

#[Object]
impl ReferralFigureQuery {
    /// Why referrals ended without a delivered service, and what of it points to the directory. Of a program, in a quarter
    /// that is over, for those with READ_FIGURES in organizations that lead, work in or pay for it; without a program, of
    /// your organization's own, in any quarter, with READ_REFERRALS. Null for others, as for a program that does not exist.
    async fn referral_reasons(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The program; your organization's own referrals when absent.")] program_id: Option<ID>,
        #[graphql(desc = "The quarter.")] period: QuarterInput,
        #[graphql(desc = "By what reasons are broken down, two at the most.")] by: Option<Vec<ReasonBreakdown>>,
    ) -> Option<ReferralReasons> {
        let found = async {
            known(ctx)?;
            let by = distinct(by);
            if by.len() > MOST_BREAKDOWNS {
                return Err(bad_input("Break reasons down by two things at the most."));
            }
            let quarter = match program_id {
                Some(_) => period.over(ctx.app().now())?,
                None => {
                    Quarter::of(period.year, period.quarter).ok_or_else(|| bad_input("There is no such quarter."))?
                }
            };
            let program = program_id.map(|id| key(Kind::Program, &id).unwrap_or_default().into());
            let (since, before) = quarter.bounds();
            let found = referral::reasons(ctx.app(), &ctx.sight(), program, (since, before)).await;
            Ok(found.map_err(|fault| ctx.broke(&fault))?.map(|found| ReferralReasons {
                definition: DEFINITION,
                as_of: DateTime(ctx.app().now()),
                since: DateTime(since),
                before: DateTime(before),
                fewest_persons: found.fewest,
                directory: directory(&found),
                rows: {
                    let rows = found.table.rows(&by).into_iter();
                    rows.map(|(part, figure)| row(part, Figure::of(figure), &found.providers)).collect()
                },
            }))
        };
        ctx.nullable(found.await)
    }

    /// How the referrals of a program stand that wait for somebody, and how many of them are late, by the organization whose
    /// step is next, urgency and state: without persons, for those who manage or coordinate the program in the organization
    /// that leads it. Null for others, as for a program that does not exist.
    async fn referral_standing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The program.")] program_id: ID,
        #[graphql(desc = "With true, only what is late.")] is_overdue: Option<bool>,
    ) -> Option<Vec<ReferralStanding>> {
        let found = async {
            known(ctx)?;
            let Some(program) = key(Kind::Program, &program_id) else { return Ok(None) };
            let found = referral::program_standing(ctx.app(), ctx.actor(), program.into()).await;
            Ok(found.map_err(|fault| ctx.broke(&fault))?.map(|(found, named)| {
                let late = found.iter().filter(|one| is_overdue != Some(true) || one.overdue > 0);
                late.filter_map(|one| standing(one, &named)).collect()
            }))
        };
        ctx.nullable(found.await)
    }

    /// Referrals of people who live in an area that are stuck: whoever owns the next step is late, or somebody has waited on
    /// a list for 90 days. For government bodies of the country, and for those with READ_FIGURES in organizations that lead,
    /// work in or pay for a program there; null for others, as for an area that does not exist.
    async fn stuck_referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The area's global identifier.")] area_id: ID,
    ) -> Option<StuckReferrals> {
        let found = async {
            known(ctx)?;
            let found = referral::stuck(ctx.app(), &ctx.sight(), area_key(&area_id)?).await;
            Ok(found.map_err(|fault| ctx.broke(&fault))?.map(|(mut groups, fewest_persons)| {
                groups.sort_by_key(|group| std::cmp::Reverse((group.stuck_for, group.referrals)));
                let groups = groups.into_iter().map(StuckReferralGroup::from).collect();
                StuckReferrals { as_of: DateTime(ctx.app().now()), fewest_persons, groups }
            }))
        };
        ctx.nullable(found.await)
    }
}
