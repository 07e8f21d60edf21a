//! What people wrote in the demonstration. It names nobody.

/// The goals of a need of a category: one or two.
#[must_use]
pub fn goals(category: &str) -> &'static [&'static str] {
    match category {
        "SOC.IND.DOCUMENTATION" => &["Obtenir une carte d’identité en cours de validité."],
        "SOC.IND.HOUSING" => &["Avoir un logement stable pour six mois.", "Pouvoir fermer sa porte à clé."],
        "SOC.IND.FOOD_WATER" => &["Avoir de quoi manger chaque jour pendant deux mois."],
        "SOC.IND.CHILD_CARE" => &["Faire garder les enfants pendant la formation."],
        "SOC.IND.SOCIAL_PROTECTION" => &["Être inscrit à la protection sociale.", "Comprendre ses droits."],
        "SOC.IND.EDUCATION" => &["Reprendre l’école à la prochaine rentrée."],
        "ECO.IND.JOB_PLACEMENT" => &["Trouver un emploi salarié dans la commune."],
        "ECO.IND.SKILLS_CERT" => &["Faire reconnaître trois années d’expérience."],
        "ECO.IND.FIN_LITERACY" => &["Tenir le budget du ménage.", "Épargner chaque mois."],
        "ECO.IND.TVET" => &["Apprendre un métier manuel.", "Obtenir un certificat reconnu."],
        "ECO.IND.APPRENTICESHIP" => &["Apprendre auprès d’un artisan."],
        "ECO.IND.CREDIT" => &["Acheter le premier stock d’un petit commerce."],
        "SOC.IND.HEALTH" => &["Suivre un traitement sans interruption."],
        "SOC.IND.HEALTH_FAMILY" => &["Mettre à jour les vaccins des enfants."],
        "SOC.IND.JUSTICE_LEGAL" => &["Régler un litige sur le terrain familial."],
        "PSY.IND.COUNSELLING" => &["Mieux dormir.", "Pouvoir parler de ce qui s’est passé."],
        "PSY.IND.TRAUMA_CARE" => &["Retrouver une vie quotidienne apaisée."],
        "PSY.IND.FAMILY_COUNSELLING" => &["Renouer le dialogue avec la famille."],
        "PSY.IND.PEER_SUPPORT" => &["Rencontrer d’autres personnes de retour."],
        "PSY.IND.MENTORING" => &["Être accompagné dans ses choix pendant six mois."],
        _ => &["Retrouver une situation stable."],
    }
}

/// What a sender adds.
pub const BACKGROUNDS: [&str; 5] = [
    "La personne est disponible le matin ; prendre rendez-vous par notre équipe.",
    "Parle wolof et comprend le français ; un interprète peut être présent.",
    "Se déplace à pied ; un rendez-vous proche du centre est préférable.",
    "A déjà rassemblé les pièces demandées.",
    "Souhaite être accompagnée au premier rendez-vous.",
];

/// What a receiver adds to an outcome.
pub const OUTCOMES: [&str; 3] =
    ["Objectif atteint avec la personne.", "Démarche achevée, pièce remise.", "Suivi terminé d’un commun accord."];

/// The name of an entry that is not published yet.
pub const DRAFT: &str = "Cours du soir, à venir";
/// Why somebody is not eligible: the criterion is named.
pub const NOT_ELIGIBLE: &str = "Critère : résider dans la commune depuis trois mois.";

/// A reason of its own.
pub const OTHER: &str = "La session de ce trimestre a déjà commencé.";

/// Why a service pauses.
pub const PAUSED: &str = "Rénovation des salles ; reprise prévue au prochain trimestre.";

/// What a receiver asks before it decides.
pub const QUESTIONS: [&str; 2] = ["Quel niveau scolaire ?", "Disponible à partir de quand ?"];

/// What the sender answers, in the order of the questions.
pub const ANSWERS: [&str; 2] = ["Fin de l’école primaire.", "Dès la semaine prochaine, le matin."];

/// Why a course is interrupted.
pub const AWAY: &str = "Absence pour les récoltes ; de retour dans trois semaines.";

/// What a worker adds to a report on the way.
pub const PROGRESS: &str = "Vient régulièrement, travaille avec soin.";

/// Why a sender asks to stop.
pub const MOVES: &str = "La famille envisage de s’installer dans la capitale.";

/// Why a receiver objects.
pub const GOES_ON: &str = "La personne l’a dit au formateur : elle reste et veut finir sa formation.";

/// Why a sender doubts an outcome.
pub const DISPUTED: &str = "La personne a suivi deux jours de cours et n’a pas reçu de certificat.";
