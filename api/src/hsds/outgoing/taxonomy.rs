//! Taxonomies and their terms: the categories of this deployment, and our closed lists of codes.

use super::{NAMESPACE, Thing, part_id, spoken};
use crate::domain::case::Sex;
use crate::domain::code::Code;
use crate::domain::language::Language;
use crate::domain::language_tag::in_tag;
use crate::domain::organization::OrganizationKind;
use crate::domain::service::{Category, Dimension, Level, ReturnType};
use crate::texts::Texts;
use uuid::Uuid;

/// The taxonomies there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// The three dimensions of reintegration, and below each its categories.
    Categories,
    /// The levels at which services work.
    Levels,
    /// What organizations are.
    OrganizationKinds,
    /// Who may come: how they returned, of which sex, whether also people who never migrated.
    Eligibility,
    /// Whether a service takes referrals.
    Referrals,
}

/// A text in English, French and Arabic.
type Texts3 = [&'static str; 3];

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Categories, Self::Levels, Self::OrganizationKinds, Self::Eligibility, Self::Referrals];

    /// The name from which keys are made. Never to be changed.
    fn key(self) -> &'static str {
        match self {
            Self::Categories => "categories",
            Self::Levels => "levels",
            Self::OrganizationKinds => "organization_kinds",
            Self::Eligibility => "eligibility",
            Self::Referrals => "referrals",
        }
    }

    /// The set of labels in which its codes are found; empty where it has texts of its own.
    pub(super) fn label_set(self) -> &'static str {
        match self {
            Self::Categories => "dimension",
            Self::Levels => "level",
            Self::OrganizationKinds => "organization-kind",
            Self::Eligibility => "return-type",
            Self::Referrals => "",
        }
    }

    /// The key of the taxonomy.
    #[must_use]
    pub fn id(self) -> Uuid {
        part_id(NAMESPACE, "taxonomy", self.key())
    }

    fn name(self, language: Option<Language>) -> &'static str {
        in_three(
            language,
            match self {
                Self::Categories => ["Reintegration categories", "Catégories de la réintégration", "فئات إعادة الإدماج"],
                Self::Levels => ["Levels of reintegration", "Niveaux de la réintégration", "مستويات إعادة الإدماج"],
                Self::OrganizationKinds => ["Kinds of organizations", "Types d’organisations", "أنواع المنظمات"],
                Self::Eligibility => ["Who may come", "Qui peut venir", "من يمكنه الاستفادة"],
                Self::Referrals => ["Referrals", "Orientations", "الإحالات"],
            },
        )
    }

    fn description(self, language: Option<Language>) -> &'static str {
        in_three(
            language,
            match self {
                Self::Categories => [
                    "Dimensions of reintegration and the categories of services below them.",
                    "Les dimensions de la réintégration et, sous chacune, les catégories de services.",
                    "أبعاد إعادة الإدماج وفئات الخدمات التي تندرج تحت كل منها.",
                ],
                Self::Levels => [
                    "Whether a service is for people, communities or systems.",
                    "Si un service s’adresse aux personnes, aux communautés ou aux systèmes.",
                    "هل الخدمة موجهة إلى الأفراد أم المجتمعات أم الأنظمة.",
                ],
                Self::OrganizationKinds => [
                    "What an organization is; it may be several.",
                    "Ce qu’est une organisation ; elle peut être plusieurs choses.",
                    "صفة المنظمة، وقد تكون لها عدة صفات.",
                ],
                Self::Eligibility => [
                    "People to whom a service is restricted; without terms it is open to all.",
                    "Les personnes auxquelles un service est réservé ; sans terme, il est ouvert à tous.",
                    "الأشخاص الذين تقتصر عليهم الخدمة، وهي مفتوحة للجميع إن لم يُذكر شيء.",
                ],
                Self::Referrals => [
                    "Whether a service takes referrals from other organizations.",
                    "Si un service accepte des orientations d’autres organisations.",
                    "هل تقبل الخدمة الإحالات من منظمات أخرى.",
                ],
            },
        )
    }

    /// Its name and description in one text, to search in.
    #[must_use]
    pub fn searched(self, language: Option<Language>) -> String {
        format!("{} {}", self.name(language), self.description(language))
    }

    /// The taxonomy as HSDS has it.
    #[must_use]
    pub fn thing(self, language: Option<Language>) -> Thing {
        Thing::of(self.id()).with("name", self.name(language)).with("description", self.description(language))
    }
}

fn in_three(language: Option<Language>, texts: Texts3) -> &'static str {
    match spoken(language) {
        Language::En => texts[0],
        Language::Fr => texts[1],
        Language::Ar => texts[2],
    }
}

/// What a term says of a service or an organization: what has to hold for it to have the term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// The service has this category.
    Category(String),
    /// The service's category is of this dimension.
    Dimension(Dimension),
    /// The service works at this level.
    Level(Level),
    /// The organization is of this kind.
    Kind(OrganizationKind),
    /// The service is for people who returned in this way.
    ReturnType(ReturnType),
    /// The service is for people of this sex.
    Sex(Sex),
    /// The service is also for people who never migrated.
    NonReturnees,
    /// The service states conditions in the provider's own words.
    Stated,
    /// The service takes referrals, or does not.
    Referrals(bool),
    /// It has any term of this taxonomy.
    Any(Scheme),
    /// Nothing has a term that there is not.
    Nothing,
}

/// A term.
#[derive(Debug, Clone)]
pub struct Term {
    scheme: Scheme,
    code: String,
    name: String,
    description: String,
    parent: Option<Uuid>,
    language: Language,
    /// What it says.
    pub meaning: Meaning,
}

impl Term {
    fn new(scheme: Scheme, code: &str, name: String, language: Option<Language>, meaning: Meaning) -> Self {
        let description = name.clone();
        Self { scheme, code: code.to_owned(), name, description, parent: None, language: spoken(language), meaning }
    }

    /// Its key.
    #[must_use]
    pub fn id(&self) -> Uuid {
        part_id(self.scheme.id(), "term", &self.code)
    }

    /// The taxonomy it belongs to.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The term right above it.
    #[must_use]
    pub fn parent(&self) -> Option<Uuid> {
        self.parent
    }

    /// Its name, description and code in one text, to search in.
    #[must_use]
    pub fn searched(&self) -> String {
        format!("{} {} {}", self.name, self.description, self.code)
    }

    /// The term as HSDS has it.
    #[must_use]
    pub fn thing(&self) -> Thing {
        let taxonomy = self.scheme.thing(Some(self.language));
        Thing::of(self.id())
            .with("code", self.code.as_str())
            .with("name", self.name.as_str())
            .with("description", self.description.as_str())
            .with("parent_id", self.parent.map(|parent| parent.to_string()))
            .with("taxonomy", self.scheme.name(Some(self.language)))
            .key("taxonomy_id", self.scheme.id())
            .inside("taxonomy_detail", taxonomy)
            .with("language", self.language.tag())
    }
}

/// The attribute by which a thing has a term.
pub(super) fn attribute(of: Uuid, link: &str, term: &Term) -> Thing {
    Thing::of(part_id(of, link, &term.code))
        .with("link_type", link)
        .key("taxonomy_term_id", term.id())
        .inside("taxonomy_term", term.thing())
}

fn labeled<C: Code>(scheme: Scheme, code: C, language: Option<Language>, meaning: Meaning) -> Term {
    let label = Texts::global().label(spoken(language), scheme.label_set(), code.code());
    Term::new(scheme, code.code(), label, language, meaning)
}

/// The term of a dimension: a root of the categories.
pub(super) fn dimension_term(dimension: Dimension, language: Option<Language>) -> Term {
    labeled(Scheme::Categories, dimension, language, Meaning::Dimension(dimension))
}

/// The term of a category, below that of its dimension.
pub(super) fn category_term(category: &Category, language: Option<Language>) -> Term {
    let label = |language: Language| in_tag(&category.labels, language.tag()).map(|(_, label)| label.clone());
    let name = label(spoken(language)).or_else(|| label(Language::En)).unwrap_or_else(|| category.code.clone());
    let (above, level) = (dimension_term(category.dimension, language), level_term(category.level, language));
    let description = format!("{name} ({}, {})", above.name, level.name);
    let meaning = Meaning::Category(category.code.clone());
    let term = Term::new(Scheme::Categories, &category.code, name, language, meaning);
    Term { description, parent: Some(above.id()), ..term }
}

/// The term of a level.
pub(super) fn level_term(level: Level, language: Option<Language>) -> Term {
    labeled(Scheme::Levels, level, language, Meaning::Level(level))
}

/// The term of a kind of organization.
pub(super) fn kind_term(kind: OrganizationKind, language: Option<Language>) -> Term {
    labeled(Scheme::OrganizationKinds, kind, language, Meaning::Kind(kind))
}

/// The term of a way of return.
pub(super) fn return_term(way: ReturnType, language: Option<Language>) -> Term {
    labeled(Scheme::Eligibility, way, language, Meaning::ReturnType(way))
}

/// The term of a sex. A service that says "not known" restricts nobody.
pub(super) fn sex_term(sex: Sex, language: Option<Language>) -> Option<Term> {
    let name: Texts3 = match sex {
        Sex::Female => ["Women and girls", "Femmes et filles", "النساء والفتيات"],
        Sex::Male => ["Men and boys", "Hommes et garçons", "الرجال والفتيان"],
        Sex::Other => ["People of another sex", "Personnes d’un autre sexe", "أشخاص من جنس آخر"],
        Sex::Unknown => return None,
    };
    let name = in_three(language, name).to_owned();
    Some(Term::new(Scheme::Eligibility, sex.code(), name, language, Meaning::Sex(sex)))
}

/// The term of services that are also for people who never migrated.
pub(super) fn non_returnee_term(language: Option<Language>) -> Term {
    let name: Texts3 =
        ["Also people who never migrated", "Aussi les personnes qui n’ont jamais migré", "أيضًا من لم يهاجروا قط"];
    let name = in_three(language, name).to_owned();
    Term::new(Scheme::Eligibility, "NON_RETURNEES", name, language, Meaning::NonReturnees)
}

/// The code of the term below, by which it is known again.
pub const STATED: &str = "STATED_CONDITION";
/// What links a service to a condition in the provider's own words: the attribute's label is the condition's key, its
/// value the condition.
pub const STATED_LINK: &str = "eligibility_criterion";

/// The term of a condition in the provider's own words.
pub(super) fn stated_term(language: Option<Language>) -> Term {
    let name: Texts3 =
        ["A condition in the provider’s words", "Une condition dans les mots du prestataire", "شرط بصياغة مقدم الخدمة"];
    Term::new(Scheme::Eligibility, STATED, in_three(language, name).to_owned(), language, Meaning::Stated)
}

/// The term of services that take referrals, or do not.
pub(super) fn referral_term(takes: bool, language: Option<Language>) -> Term {
    let (code, name): (_, Texts3) = if takes {
        ("TAKES_REFERRALS", ["Takes referrals", "Accepte les orientations", "تقبل الإحالات"])
    } else {
        ("NO_REFERRALS", ["Takes no referrals", "N’accepte pas d’orientation", "لا تقبل الإحالات"])
    };
    let name = in_three(language, name).to_owned();
    Term::new(Scheme::Referrals, code, name, language, Meaning::Referrals(takes))
}

/// All terms of all taxonomies, with the categories there are.
#[must_use]
pub fn terms(categories: &[Category], language: Option<Language>) -> Vec<Term> {
    let mut all: Vec<Term> = Vec::new();
    all.extend(Dimension::ALL.iter().map(|dimension| dimension_term(*dimension, language)));
    all.extend(categories.iter().map(|category| category_term(category, language)));
    all.extend(Level::ALL.iter().map(|level| level_term(*level, language)));
    all.extend(OrganizationKind::ALL.iter().map(|kind| kind_term(*kind, language)));
    all.extend(ReturnType::ALL.iter().map(|way| return_term(*way, language)));
    all.extend(Sex::ALL.iter().filter_map(|sex| sex_term(*sex, language)));
    all.extend([non_returnee_term(language), stated_term(language)]);
    all.extend([true, false].map(|takes| referral_term(takes, language)));
    all
}
