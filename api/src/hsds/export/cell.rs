//! Cells of tables that spreadsheets open.

/// Signs by which a spreadsheet takes a cell for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether a text begins like a formula, or like one that was guarded already.
fn begins_like_one(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it, which an
/// import takes off again. So does one that begins with an apostrophe before such a sign, so that it comes back as it
/// was. Signs that command a terminal are left out, as an import leaves them out.
#[must_use]
pub fn guarded(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 1);
    if begins_like_one(text) {
        cell.push('\'');
    }
    cell.extend(text.chars().filter(|sign| !sign.is_control() || matches!(sign, '\n' | '\t')));
    cell
}

/// A text without the apostrophe that keeps a spreadsheet from taking it for a formula.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| begins_like_one(text)).unwrap_or(cell)
}

/// A writer of tables. Every cell stands in quotes: whichever sign a spreadsheet takes for the end of a cell, what comes
/// after it in a text begins none.
#[must_use]
pub fn writer() -> csv::Writer<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new();
    writer.terminator(csv::Terminator::CRLF).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for formula in ["=1+1", "+212", "-x", "@SUM(A1)", "\t=1", "'=1", "''+1"] {
            assert!(guarded(formula).starts_with('\''), "{formula}");
            assert_eq!(unguarded(&guarded(formula)), formula, "it comes back");
        }
        assert_eq!(guarded("a=1\r\nb\tc"), "a=1\nb\tc");
        for plain in ["'s Hertogenbosch", "'quoted'", "a-b", ""] {
            assert_eq!((guarded(plain).as_str(), unguarded(plain)), (plain, plain));
        }
    }

    #[test]
    fn no_cell_is_parted_by_another_countrys_sign() {
        let mut table = writer();
        table.write_record(["a", "x;=HYPERLINK(1)", "1"]).unwrap();
        assert_eq!(table.into_inner().unwrap(), b"\"a\",\"x;=HYPERLINK(1)\",\"1\"\r\n");
    }
}
