//! Cells of tables that spreadsheets open.

/// A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it, which an
/// import takes off again. Signs that part lines or command a terminal become blanks.
#[must_use]
pub fn guarded(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 1);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.push('\'');
    }
    cell.extend(text.chars().map(|sign| if sign.is_control() && sign != '\n' { ' ' } else { sign }));
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for formula in ["=1+1", "+212", "-x", "@SUM(A1)", "\t=1"] {
            assert!(guarded(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(guarded("a=1\r\nb"), "a=1 \nb");
    }
}
