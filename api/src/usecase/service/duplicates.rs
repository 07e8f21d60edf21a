//! Services that seem to be the same as one that was just published. It is a warning: who publishes decides.

use crate::app::App;
use crate::domain::folding::fold;
use crate::domain::id::ServiceId;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::domain::service::Service;
use std::collections::BTreeSet;

/// The most that is told.
const MOST_TOLD: usize = 5;
/// How many candidates are looked at.
const MOST_LOOKED_AT: u32 = 50;
/// From which likeness of names on, in percent, services of different categories count as alike.
const ALIKE: usize = 60;

/// Services that the asker can see, in the same area and of the same category or with a name much alike; those alike most
/// come first.
///
/// # Errors
/// What the engine refuses.
pub async fn near_duplicates(app: &App, sight: &Sight, service: &Service) -> Result<Vec<Service>, Fault> {
    let ids = app.store.services_nearby(sight, service.id, MOST_LOOKED_AT).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let category = service.category.as_ref().map(|category| &category.code);
    let mut near: Vec<(usize, ServiceId, Service)> = app
        .store
        .services_by_id(sight, &ids)
        .await?
        .into_values()
        .map(|other| (likeness(&service.name, &other.name), other.id, other))
        .filter(|(alike, _, other)| {
            let same = category.is_some() && other.category.as_ref().map(|category| &category.code) == category;
            same || *alike >= ALIKE
        })
        .collect();
    near.sort_by_key(|(alike, id, _)| (std::cmp::Reverse(*alike), *id));
    Ok(near.into_iter().take(MOST_TOLD).map(|(_, _, other)| other).collect())
}

/// How much alike two names are, in percent: the share of pairs of neighboring signs that both have, without accents and
/// case.
fn likeness(one: &str, other: &str) -> usize {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let signs: Vec<char> = fold(text).chars().collect();
        signs.iter().copied().zip(signs.iter().copied().skip(1)).collect()
    };
    let (one, other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    (200 * one.intersection(&other).count()).checked_div(all).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn names_are_alike_without_accents_and_case() {
        assert_eq!(likeness("Prêt agricole", "PRET AGRICOLE"), 100);
        assert!(likeness("Vocational training", "Vocational trainings") > 90);
        assert!(likeness("Legal aid", "Shelter for women") < 20);
        assert_eq!(likeness("", ""), 0);
    }
}
