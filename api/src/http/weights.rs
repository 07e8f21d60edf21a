//! Lists with quality values, as in `Accept` and `Accept-Language` (RFC 9110, 12.4.2).

/// How many members of a list are read; the rest are ignored.
const MEMBERS: usize = 32;

/// The members of the list with their weights in thousandths. A weight that is none makes its
/// member weigh nothing.
pub(super) fn parse(header: &str) -> impl Iterator<Item = (&str, u16)> {
    header.split(',').take(MEMBERS).map(str::trim).filter(|member| !member.is_empty()).map(|member| {
        let mut parts = member.split(';').skip(1).map(str::trim);
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (member, weight.map_or(1_000, thousandths))
    })
}

fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = format!("{fraction:0<3}").parse::<u16>().unwrap_or(0);
    match whole {
        "1" if digits && fraction == 0 => 1_000,
        "0" if digits => fraction,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_thousandths() {
        for (text, weight) in [
            ("a", 1_000),
            ("a;q=1", 1_000),
            ("a;q=1.000", 1_000),
            ("a; q=0.5", 500),
            ("a;Q=0.001", 1),
            ("a;x=y;q=0.25", 250),
            ("a;q=0", 0),
            ("a;q=1.5", 0),
            ("a;q=-1", 0),
            ("a;q=0.1234", 0),
            ("a;q=", 0),
            ("a;q=2", 0),
        ] {
            assert_eq!(parse(text).next(), Some((text, weight)), "{text}");
        }
    }
}
