//! Who takes part in the demonstration, and in which programs. All of them are invented.

use crate::domain::organization::OrganizationKind::{
    self, Donor, ImplementingPartner, LocalGovernment, NationalGovernment, ServiceProvider,
};

/// An organization of the demonstration.
#[derive(Debug, Clone, Copy)]
pub struct Party {
    pub name: &'static str,
    pub english: &'static str,
    pub description: &'static str,
    pub kinds: &'static [OrganizationKind],
}

const fn party(
    name: &'static str,
    english: &'static str,
    kinds: &'static [OrganizationKind],
    description: &'static str,
) -> Party {
    Party { name, english, description, kinds }
}

/// The municipality whose services the five steps of the loop are about.
pub const MUNICIPALITY: usize = 0;
/// The regional authority that holds cases.
pub const REGION: usize = 2;
/// The partner that holds the case of the five steps.
pub const PARTNER: usize = 5;
/// The partner with an application of its own.
pub const NETWORK: usize = 6;
/// The lead organization of the largest program.
pub const LEAD: usize = 7;
/// A provider that is nothing else.
pub const INSTITUTE: usize = 9;
/// The donor.
pub const FUND: usize = 13;
/// The organization of whoever tries an app of their own.
pub const SANDBOX: usize = 14;
/// The counterparty that answers at once.
pub const PROMPT: usize = 15;
/// The counterparty that never answers.
pub const SILENT: usize = 16;
/// The counterparty that always says no.
pub const DECLINING: usize = 17;
/// The counterparty that does everything twice.
pub const REPEATING: usize = 18;

/// The organizations.
pub const PARTIES: [Party; 19] = [
    party(
        "Commune de Keur Salam",
        "Municipality of Keur Salam",
        &[LocalGovernment, ServiceProvider],
        "Mairie et maison des services : état civil, logement d’urgence, orientation.",
    ),
    party(
        "Commune de Port-Teranga",
        "Municipality of Port-Teranga",
        &[LocalGovernment, ServiceProvider],
        "Services municipaux du littoral : état civil, garderie, aide alimentaire.",
    ),
    party(
        "Service social de la Région des Plateaux",
        "Social Service of the Plateau Region",
        &[LocalGovernment, ServiceProvider],
        "Accompagnement social et protection sociale dans les communes des Plateaux.",
    ),
    party(
        "Agence nationale d’accueil des personnes de retour",
        "National Agency for the Reception of Returnees",
        &[NationalGovernment],
        "Coordination nationale de l’accueil et de la réintégration.",
    ),
    party(
        "Service public de l’emploi",
        "Public Employment Service",
        &[NationalGovernment, ServiceProvider],
        "Placement, certification des compétences et bourse de l’emploi.",
    ),
    party(
        "Association Retour et Avenir",
        "Return and Future Association",
        &[ImplementingPartner],
        "Gestion de cas et plans de réintégration dans trois régions.",
    ),
    party(
        "Réseau Solidarité Littoral",
        "Coastal Solidarity Network",
        &[ImplementingPartner, ServiceProvider],
        "Groupes de pairs, mentorat et gestion de cas sur le littoral.",
    ),
    party(
        "Consortium Nouveaux Départs",
        "New Departures Consortium",
        &[ImplementingPartner],
        "Chef de file du programme Nouveaux Départs.",
    ),
    party(
        "Centre de santé Teranga",
        "Teranga Health Center",
        &[ServiceProvider],
        "Soins de santé et soutien psychosocial.",
    ),
    party(
        "Institut des métiers du Fleuve",
        "River Institute of Trades",
        &[ServiceProvider],
        "Formation professionnelle et apprentissage.",
    ),
    party(
        "Caisse de crédit solidaire",
        "Solidarity Credit Union",
        &[ServiceProvider],
        "Petits prêts et accompagnement budgétaire.",
    ),
    party("Maison Baobab", "Baobab House", &[ServiceProvider], "Écoute et hébergement protégé."),
    party(
        "Clinique juridique des Plateaux",
        "Plateau Legal Clinic",
        &[ServiceProvider],
        "Conseil juridique et accès aux droits.",
    ),
    party(
        "Fonds pour un retour digne",
        "Fund for Dignified Return",
        &[Donor],
        "Bailleur de programmes de réintégration.",
    ),
    party(
        "Votre organisation (bac à sable)",
        "Your organization (sandbox)",
        &[ImplementingPartner, ServiceProvider],
        "Pour essayer une application contre les quatre contreparties du bac à sable.",
    ),
    party(
        "Contrepartie prompte",
        "Prompt counterparty",
        &[ServiceProvider],
        "Répond aussitôt : accuse réception, accepte, commence et rend compte.",
    ),
    party("Contrepartie muette", "Silent counterparty", &[ServiceProvider], "Ne répond jamais."),
    party(
        "Contrepartie qui décline",
        "Declining counterparty",
        &[ServiceProvider],
        "Accuse réception puis décline, faute de places.",
    ),
    party(
        "Contrepartie qui répète",
        "Repeating counterparty",
        &[ImplementingPartner, ServiceProvider],
        "Fait tout deux fois, comme par une mauvaise ligne, et oriente la même personne deux fois vers vos services.",
    ),
];

/// A program of the demonstration; organizations and areas by their number.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub name: &'static str,
    pub english: &'static str,
    pub lead: usize,
    pub members: &'static [usize],
    pub areas: &'static [usize],
}

/// The programs.
pub const PLANS: [Plan; 4] = [
    Plan {
        name: "Nouveaux Départs",
        english: "New Departures",
        lead: LEAD,
        members: &[MUNICIPALITY, 4, PARTNER, NETWORK, 8, INSTITUTE, 12],
        areas: &[1, 2],
    },
    Plan {
        name: "Littoral solidaire",
        english: "Coast in Solidarity",
        lead: NETWORK,
        members: &[1, PARTNER, 8, 10],
        areas: &[2],
    },
    Plan {
        name: "Racines des Plateaux",
        english: "Plateau Roots",
        lead: LEAD,
        members: &[REGION, PARTNER, 4, 12],
        areas: &[3],
    },
    Plan {
        name: "Bac à sable",
        english: "Sandbox",
        lead: SANDBOX,
        members: &[PROMPT, SILENT, DECLINING, REPEATING],
        areas: &[1],
    },
];
