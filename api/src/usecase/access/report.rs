//! The report for the person: who can see what of their case, in words.

use crate::app::App;
use crate::domain::access::{AccessBecause, CaseAccess};
use crate::domain::case::ConsentField;
use crate::domain::case_identifier::CaseIdentifier;
use crate::domain::clock::date_of_micros;
use crate::domain::code::Code;
use crate::domain::id::CaseId;
use crate::domain::language::Language;
use crate::domain::organization::in_language;
use crate::domain::page::{MAX_PAGE, Window};
use crate::domain::parts::Parts;
use crate::domain::policy::Sight;
use crate::domain::rule::Fault;
use crate::store::cases::CaseKey;
use crate::texts::Texts;

/// Who can see what of a case, in words that its person can be given.
#[derive(Debug, Clone)]
pub struct Report {
    pub language: Language,
    pub text: String,
}

/// The report about a case that the asker's organization holds; nothing for anybody else. It names organizations and
/// kinds of information, never what that information says.
///
/// # Errors
/// What the engine refuses.
pub async fn report(app: &App, sight: &Sight, case: CaseId, language: Language) -> Result<Option<Report>, Fault> {
    let parts = Parts::at(&[&["is_held"], &["identifier"]]);
    let found = app.store.case(sight, &CaseKey::Id(case), &parts).await?.filter(|case| case.is_held);
    let Some(found) = found else { return Ok(None) };
    let mut access = Vec::new();
    let mut window = Window::first(MAX_PAGE);
    loop {
        let page = app.store.case_access(sight, case, true, &window).await?;
        window.after = page.items.last().map(|(position, _)| position.clone());
        let more = page.has_next;
        access.extend(page.items.into_iter().map(|(_, line)| line));
        if !more {
            break;
        }
    }
    let identifier = found.identifier.as_deref().and_then(|stored| CaseIdentifier::parse(stored).ok());
    let identifier = identifier.map(|identifier| identifier.to_string()).unwrap_or_default();
    Ok(Some(Report { language, text: written(language, &identifier, &app.today(), &access) }))
}

fn written(language: Language, identifier: &str, today: &str, access: &[CaseAccess]) -> String {
    let texts = Texts::global();
    let say = |key: &str, args: &[(&str, &str)]| texts.text(language, key, args);
    let mut lines = vec![say("access-report-title", &[("identifier", identifier), ("date", today)]), String::new()];
    let (running, ended): (Vec<&CaseAccess>, Vec<&CaseAccess>) =
        access.iter().partition(|line| line.until_at.is_none());
    lines.push(say("access-report-running", &[]));
    lines.extend(running.iter().map(|line| format!("- {}", sentence(language, line))));
    if !ended.is_empty() {
        lines.push(String::new());
        lines.push(say("access-report-ended", &[]));
        lines.extend(ended.iter().map(|line| format!("- {}", sentence(language, line))));
    }
    lines.push(String::new());
    lines.push(say("access-report-rights", &[]));
    lines.join("\n")
}

fn sentence(language: Language, line: &CaseAccess) -> String {
    let texts = Texts::global();
    let organization = in_language(&line.organization.name, &line.organization.names, language);
    let fields: Vec<String> = line.fields.iter().map(|field| label(language, *field)).collect();
    let fields = fields.join(if language.is_rtl() { "، " } else { ", " });
    let since = date_of_micros(line.from_at);
    let until = line.until_at.map(date_of_micros).unwrap_or_default();
    let key = match (line.because, line.until_at) {
        (AccessBecause::Holder, _) => "access-report-holder",
        (AccessBecause::FormerHolder, _) => "access-report-former-holder",
        (AccessBecause::TransferProposed, None) => "access-report-transfer",
        (AccessBecause::TransferProposed, Some(_)) => "access-report-transfer-ended",
        (AccessBecause::Coordination, _) => "access-report-coordination",
        (AccessBecause::Referral, None) => "access-report-referral",
        (AccessBecause::Referral, Some(_)) => "access-report-referral-ended",
    };
    let args = [("organization", organization), ("fields", &fields), ("since", &since), ("until", &until)];
    texts.text(language, key, &args)
}

fn label(language: Language, field: ConsentField) -> String {
    Texts::global().label(language, "consent-field", field.code())
}
