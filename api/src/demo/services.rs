//! What is offered in the demonstration.

use super::organizations::{DECLINING, INSTITUTE, MUNICIPALITY, NETWORK, PROMPT, REGION, REPEATING, SILENT};

/// How an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Takes referrals.
    Open,
    /// Takes referrals; shown to partners only, at a place that is never shown.
    Sheltered,
    /// Takes referrals, but every place is taken.
    Full,
    /// Paused.
    Paused,
    /// Not confirmed for so long that it takes no referrals.
    Stale,
    /// Without a category.
    Unclassified,
    /// People come by themselves.
    Closed,
    /// Takes referrals; shown to partners only, as an invention of the sandbox.
    Sandbox,
}

/// One offer, given in several areas: one service in each.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    pub organization: usize,
    pub category: &'static str,
    pub name: &'static str,
    pub english: &'static str,
    pub description: &'static str,
    /// Areas by their number.
    pub areas: &'static [usize],
    pub places: Option<i32>,
    pub standing: Standing,
}

const fn offer(
    (organization, category, areas): (usize, &'static str, &'static [usize]),
    [name, english, description]: [&'static str; 3],
    places: Option<i32>,
) -> Offer {
    Offer { organization, category, name, english, description, areas, places, standing: Standing::Open }
}

impl Offer {
    const fn stands(self, standing: Standing) -> Self {
        Self { standing, ..self }
    }
}

/// The offer that the five steps of the loop refer to, in its first area.
pub const LOOP_OFFER: usize = 0;

/// The offers.
pub static OFFERS: [Offer; 32] = [
    offer(
        (MUNICIPALITY, "SOC.IND.DOCUMENTATION", &[4, 5]),
        [
            "Aide aux actes d’état civil",
            "Help with civil documents",
            "Copies d’actes, jugements supplétifs, pièces d’identité.",
        ],
        Some(40),
    ),
    offer(
        (MUNICIPALITY, "SOC.IND.HOUSING", &[4]),
        ["Logement d’urgence communal", "Municipal emergency housing", "Chambre meublée pour trois mois au plus."],
        Some(20),
    ),
    offer(
        (MUNICIPALITY, "SOC.COM.SERVICE_ACCESS", &[4]),
        ["Guichet unique d’orientation", "One-stop information desk", "Accueil sans rendez-vous, tous les matins."],
        None,
    )
    .stands(Standing::Closed),
    offer(
        (MUNICIPALITY, "SOC.IND.FOOD_WATER", &[4, 5]),
        ["Paniers alimentaires", "Food baskets", "Un panier par semaine pendant deux mois."],
        Some(60),
    ),
    offer(
        (1, "SOC.IND.DOCUMENTATION", &[6, 7]),
        ["État civil et légalisation", "Civil registry", "Démarches d’état civil avec un agent dédié."],
        Some(30),
    ),
    offer(
        (1, "SOC.IND.CHILD_CARE", &[6]),
        ["Garderie municipale", "Municipal child care", "Accueil des enfants de deux à six ans."],
        Some(18),
    ),
    offer(
        (1, "SOC.IND.FOOD_WATER", &[6, 7]),
        ["Cantine solidaire", "Community canteen", "Un repas chaud par jour."],
        None,
    ),
    offer(
        (REGION, "SOC.IND.SOCIAL_PROTECTION", &[8, 9, 3]),
        [
            "Inscription à la protection sociale",
            "Enrollment in social protection",
            "Aide à l’inscription et suivi du dossier.",
        ],
        None,
    ),
    offer(
        (REGION, "SOC.IND.HOUSING", &[8, 9]),
        ["Aide au premier loyer", "Help with the first rent", "Avance d’un à trois mois de loyer."],
        Some(24),
    ),
    offer(
        (REGION, "SOC.IND.EDUCATION", &[8]),
        ["Réinscription scolaire", "Return to school", "Équivalences, frais d’inscription, fournitures."],
        Some(40),
    ),
    offer(
        (4, "ECO.IND.JOB_PLACEMENT", &[4, 6, 8]),
        ["Placement en emploi", "Job placement", "Bilan, préparation aux entretiens, mise en relation."],
        Some(50),
    ),
    offer(
        (4, "ECO.IND.SKILLS_CERT", &[4, 6, 8]),
        [
            "Certification des compétences",
            "Certification of skills",
            "Reconnaissance de l’expérience acquise à l’étranger.",
        ],
        Some(30),
    ),
    offer(
        (4, "ECO.STR.LABOUR_MATCHING", &[0]),
        ["Bourse nationale de l’emploi", "National job exchange", "Offres publiées chaque semaine."],
        None,
    )
    .stands(Standing::Closed),
    offer(
        (NETWORK, "PSY.IND.PEER_SUPPORT", &[6, 7]),
        ["Groupe de pairs", "Peer group", "Rencontres entre personnes de retour, chaque semaine."],
        Some(24),
    ),
    offer(
        (NETWORK, "ECO.IND.FIN_LITERACY", &[6, 7]),
        ["Éducation financière", "Financial literacy", "Six séances : budget, épargne, crédit."],
        Some(30),
    ),
    offer(
        (NETWORK, "PSY.COM.SUPPORT_NETWORK", &[6, 7]),
        ["Réseau de voisinage", "Neighborhood network", "Visites et entraide entre voisins."],
        Some(20),
    )
    .stands(Standing::Stale),
    offer((NETWORK, "PSY.IND.MENTORING", &[6, 7]), ["Mentorat", "Mentoring", "Un mentor pendant six mois."], Some(20)),
    offer(
        (8, "SOC.IND.HEALTH", &[4, 6, 8]),
        ["Consultations de santé", "Health consultations", "Médecine générale et suivi des maladies chroniques."],
        Some(80),
    ),
    offer(
        (8, "SOC.IND.HEALTH_FAMILY", &[4, 6]),
        ["Santé de la famille", "Family health", "Suivi de la mère et de l’enfant, vaccination."],
        Some(40),
    ),
    offer(
        (8, "PSY.IND.COUNSELLING", &[4, 6, 8]),
        ["Consultation psychosociale", "Psychosocial counseling", "Entretiens individuels avec une équipe formée."],
        Some(36),
    ),
    offer(
        (8, "PSY.IND.TRAUMA_CARE", &[6]),
        ["Soins après un traumatisme", "Trauma care", "Prise en charge spécialisée, sur orientation."],
        Some(12),
    )
    .stands(Standing::Sheltered),
    offer(
        (8, "PSY.IND.FAMILY_COUNSELLING", &[4]),
        ["Médiation familiale", "Family mediation", "Entretiens avec la personne et ses proches."],
        Some(16),
    ),
    offer(
        (INSTITUTE, "ECO.IND.TVET", &[4, 5, 6]),
        [
            "Formation professionnelle",
            "Vocational training",
            "Mécanique, couture, froid, maçonnerie : trois à neuf mois.",
        ],
        Some(45),
    ),
    offer(
        (INSTITUTE, "ECO.IND.APPRENTICESHIP", &[4, 5]),
        ["Apprentissage en entreprise", "Apprenticeship", "Contrat d’un an avec un artisan formateur."],
        Some(25),
    ),
    offer(
        (INSTITUTE, "SOC.IND.EDUCATION", &[4, 5]),
        ["Cours d’alphabétisation", "Literacy course", "Français et langues nationales, le soir."],
        Some(30),
    )
    .stands(Standing::Paused),
    offer(
        (INSTITUTE, "", &[4, 5]),
        ["Atelier ouvert", "Open workshop", "Outils et conseils pour petits projets."],
        None,
    )
    .stands(Standing::Unclassified),
    offer(
        (10, "ECO.IND.CREDIT", &[4, 6, 8]),
        ["Petit prêt solidaire", "Small solidarity loan", "Prêt sans garantie avec accompagnement."],
        Some(40),
    ),
    offer(
        (10, "ECO.IND.DEBT", &[4, 6]),
        ["Aide face à l’endettement", "Debt counseling", "Plan de remboursement et médiation."],
        Some(15),
    )
    .stands(Standing::Stale),
    offer(
        (11, "SOC.IND.HOUSING", &[4]),
        ["Hébergement protégé", "Protected accommodation", "Accueil jour et nuit, adresse confidentielle."],
        Some(10),
    )
    .stands(Standing::Sheltered),
    offer(
        (11, "PSY.IND.COUNSELLING", &[4]),
        ["Écoute et accompagnement", "Listening and support", "Écoute confidentielle et accompagnement."],
        Some(20),
    )
    .stands(Standing::Sheltered),
    offer(
        (12, "SOC.IND.JUSTICE_LEGAL", &[8, 9]),
        ["Conseil juridique", "Legal advice", "Conseil, médiation et accompagnement aux démarches."],
        Some(40),
    ),
    offer(
        (12, "SOC.IND.DOCUMENTATION", &[8, 9]),
        ["Appui juridique à l’état civil", "Legal help with civil status", "Recours et jugements supplétifs."],
        Some(8),
    )
    .stands(Standing::Full),
];

/// What the counterparties of the sandbox offer.
pub static SANDBOX_OFFERS: [Offer; 4] = [
    sandbox(
        PROMPT,
        ["Service prompt", "Prompt service", "Bac à sable : chaque orientation aboutit en quelques secondes."],
    ),
    sandbox(SILENT, ["Service muet", "Silent service", "Bac à sable : aucune orientation ne reçoit de réponse."]),
    sandbox(DECLINING, ["Service complet", "Declining service", "Bac à sable : chaque orientation est déclinée."]),
    sandbox(
        REPEATING,
        ["Service qui répète", "Repeating service", "Bac à sable : chaque étape est envoyée deux fois."],
    ),
];

const fn sandbox(organization: usize, texts: [&'static str; 3]) -> Offer {
    offer((organization, "SOC.IND.DOCUMENTATION", &[4]), texts, None).stands(Standing::Sandbox)
}
