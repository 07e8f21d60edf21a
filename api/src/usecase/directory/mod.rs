//! What operators enter on the command line. They act for the deployment: no power is asked for, and the audit says
//! that it was an operator.

mod area_add;
mod client_add;
mod member_add;
mod organization_add;
mod organization_end;
mod program_add;
mod provider;
mod search_due;

pub use area_add::{NewArea, area_add};
pub use client_add::{NewClient, client_add, secret_add};
pub use member_add::{NewMember, member_add};
pub use organization_add::{NewOrganization, organization_add};
pub use organization_end::organization_end;
pub use program_add::{NewProgram, program_add};
pub use provider::{NewProvider, provider_add, provider_end};
pub use search_due::search_due;

use crate::domain::language_tag::canonical_tag;
use crate::domain::organization::Translations;
use crate::domain::rule::{RuleCode, Rules};

/// Whether a text is an ISO 3166-1 alpha-2 code by its form.
fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Notes names whose language is no canonical tag, and those that are blank or too long.
fn check_names(names: &Translations, rules: &mut Rules) {
    for (tag, name) in names {
        rules.check(canonical_tag(tag).is_some_and(|canonical| canonical == *tag), "names", RuleCode::Invalid);
        rules.text("names", name, 1, 200);
    }
}
