//! The shared case identifier: what a person carries on a card and partners say to each other over the telephone.
//!
//! Twelve symbols of Crockford's base 32 (no I, L, O, U), written in three groups: ten random ones and two check
//! symbols of a Reed–Solomon code over GF(32). The code has distance three, so that each slip at one symbol, each
//! swap of two and each pair of wrong symbols is noticed. Nothing else is in it: no country, year or organization.
//! It is a name and not a key: who knows it may see nothing by that alone.

use std::fmt;

/// The symbols, by their value from 0 to 31.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many symbols there are in all.
const LENGTH: usize = 12;
/// How many of them are random; the rest checks.
const RANDOM: usize = 10;
/// How many symbols are written together.
const GROUP: usize = 4;
/// The field's polynomial, x⁵ + x² + 1.
const POLYNOMIAL: u8 = 0b10_0101;
/// The middle coefficient of the generator (x − α)(x − α²): α + α² for α = 2.
const GENERATOR_MIDDLE: u8 = 6;
/// The last coefficient of the generator: α · α² = α³.
const GENERATOR_LAST: u8 = 8;

/// A well-formed case identifier. Ordered and compared by its canonical text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseIdentifier([u8; LENGTH]);

/// Why a text is no case identifier. Carries nothing of the text, so that it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// There are fewer or more than 12 symbols, not counting blanks and hyphens.
    #[error("a case identifier has 12 symbols")]
    Length,
    /// The symbol at this place (1 to 12) is none of the alphabet.
    #[error("symbol {0} is no symbol of a case identifier")]
    Symbol(usize),
    /// All symbols are possible, but the check symbols do not fit: at least one symbol is wrong.
    #[error("the check symbols do not fit: at least one symbol is wrong")]
    Check,
}

impl CaseIdentifier {
    /// The identifier made of the lower 50 bits of `bits`, which have to be random; the upper 14 are ignored.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        let mut values = [0_u8; LENGTH];
        for (place, value) in values.iter_mut().take(RANDOM).enumerate() {
            *value = (bits >> (5 * (RANDOM - 1 - place)) & 31) as u8;
        }
        let checks = remainder(&values[..RANDOM]);
        values[RANDOM..].copy_from_slice(&checks);
        Self(values.map(|value| ALPHABET[usize::from(value)]))
    }

    /// Reads what a person wrote, typed or pasted: in either case, with blanks, hyphens and direction marks anywhere,
    /// with O for 0, I or L for 1, and with Arabic, Persian, Devanagari or full-width digits.
    ///
    /// # Errors
    /// When it is no identifier. A wrong symbol is never put right: guessing would open another person's case.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut values = [0_u8; LENGTH];
        let mut count = 0;
        for sign in text.chars().filter(|sign| !is_skipped(*sign)) {
            let place = values.get_mut(count).ok_or(Malformed::Length)?;
            count += 1;
            *place = value_of(sign).ok_or(Malformed::Symbol(count))?;
        }
        if count < LENGTH {
            return Err(Malformed::Length);
        }
        if remainder(&values[..RANDOM]) != values[RANDOM..] {
            return Err(Malformed::Check);
        }
        Ok(Self(values.map(|value| ALPHABET[usize::from(value)])))
    }

    /// The canonical text: 12 upper-case symbols without hyphens, as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // All bytes come from the alphabet, so that this never fails.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Writes three groups of four, as people read it out: `7K3Q-9XWT-4HD2` in form.
impl fmt::Display for CaseIdentifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        let (first, rest) = text.split_at(GROUP);
        let (second, third) = rest.split_at(GROUP);
        write!(out, "{first}-{second}-{third}")
    }
}

/// The two check symbols: what is left of the ten symbols, as a polynomial times x², divided by the generator.
fn remainder(values: &[u8]) -> [u8; LENGTH - RANDOM] {
    let (mut high, mut low) = (0, 0);
    for value in values {
        let carry = value ^ high;
        high = low ^ product(carry, GENERATOR_MIDDLE);
        low = product(carry, GENERATOR_LAST);
    }
    [high, low]
}

/// The product of two elements of GF(32).
fn product(left: u8, right: u8) -> u8 {
    let (mut left, mut right, mut sum) = (left, right, 0);
    while right > 0 {
        if right & 1 == 1 {
            sum ^= left;
        }
        left <<= 1;
        if left & 0b10_0000 != 0 {
            left ^= POLYNOMIAL;
        }
        right >>= 1;
    }
    sum
}

/// Whether a sign only parts symbols or steers the direction of writing.
fn is_skipped(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(sign,
            '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' // hyphens
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction
            | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' // without width
        )
}

/// The value from 0 to 31 that a sign stands for.
fn value_of(sign: char) -> Option<u8> {
    let symbol = match sign {
        '\u{660}'..='\u{669}' => digit(sign, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(sign, '\u{6f0}'),
        '\u{966}'..='\u{96f}' => digit(sign, '\u{966}'),
        // Full-width signs stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => u32::from(sign) - 0xfee0,
        _ => u32::from(sign),
    };
    let symbol = match u8::try_from(symbol).ok()?.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.iter().zip(0_u8..).find(|(known, _)| **known == symbol).map(|(_, value)| value)
}

/// The ASCII digit for one of a script whose zero is `zero`.
fn digit(sign: char, zero: char) -> u32 {
    u32::from('0') + u32::from(sign) - u32::from(zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: u64 = 0x7061_7373_6572_656c;

    /// A sequence of 64-bit values that is the same on each run.
    fn sequence(seed: u64) -> impl Iterator<Item = u64> {
        println_seed(seed);
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        })
    }

    #[expect(clippy::print_stderr, reason = "the seed of a failed test has to be known")]
    fn println_seed(seed: u64) {
        eprintln!("seed {seed:#x}");
    }

    fn text_of(symbols: [u8; LENGTH]) -> String {
        symbols.iter().map(|symbol| char::from(*symbol)).collect()
    }

    /// Asks that symbols other than those of `good` are refused for their check symbols.
    fn refused(good: &CaseIdentifier, changed: [u8; LENGTH]) {
        if changed != good.0 {
            assert_eq!(CaseIdentifier::parse(&text_of(changed)), Err(Malformed::Check), "{good} {}", text_of(changed));
        }
    }

    #[test]
    fn the_arithmetic_is_that_of_the_field() {
        // The powers of α run through all 31 elements but zero, and α is a zero of the field's polynomial.
        let powers: Vec<u8> = std::iter::successors(Some(1), |power| Some(product(*power, 2))).take(32).collect();
        assert_eq!(powers[..8], [1, 2, 4, 8, 16, 5, 10, 20]);
        assert_eq!(powers[31], 1);
        assert_eq!(powers[..31].iter().collect::<std::collections::BTreeSet<_>>().len(), 31);
        assert_eq!(GENERATOR_MIDDLE, powers[1] ^ powers[2]);
        assert_eq!(GENERATOR_LAST, powers[3]);
    }

    #[test]
    fn both_zeros_of_the_generator_are_zeros_of_each_code() {
        for bits in sequence(SEED).take(1_000) {
            let code = CaseIdentifier::from_bits(bits);
            for zero in [2, 4] {
                let at_zero =
                    code.as_str().chars().filter_map(value_of).fold(0, |sum, value| product(sum, zero) ^ value);
                assert_eq!(at_zero, 0, "{code}");
            }
        }
    }

    #[test]
    fn reads_back_what_it_wrote() {
        for bits in sequence(SEED).take(10_000) {
            let code = CaseIdentifier::from_bits(bits);
            assert_eq!(CaseIdentifier::parse(code.as_str()), Ok(code));
            assert_eq!(CaseIdentifier::parse(&code.to_string()), Ok(code));
            assert_eq!(CaseIdentifier::from_bits(bits & ((1 << 50) - 1)), code);
            assert_eq!(code.to_string().replace('-', ""), code.as_str());
            assert_eq!(code.as_str().len(), 12);
        }
        assert_eq!(CaseIdentifier::from_bits(0).to_string(), "0000-0000-0000");
        assert_ne!(CaseIdentifier::from_bits(1), CaseIdentifier::from_bits(2));
    }

    #[test]
    fn each_substitution_and_each_swap_is_noticed() {
        for bits in sequence(SEED).take(500) {
            let code = CaseIdentifier::from_bits(bits);
            for place in 0..LENGTH {
                for symbol in ALPHABET {
                    let mut changed = code.0;
                    changed[place] = *symbol;
                    refused(&code, changed);
                }
                for distance in 1..LENGTH - place {
                    let mut changed = code.0;
                    changed.swap(place, place + distance);
                    refused(&code, changed);
                }
            }
        }
    }

    #[test]
    fn each_pair_of_wrong_symbols_is_noticed() {
        for bits in sequence(SEED).take(4) {
            let code = CaseIdentifier::from_bits(bits);
            for (first, second) in (0..LENGTH).flat_map(|first| (first + 1..LENGTH).map(move |second| (first, second)))
            {
                for (one, other) in ALPHABET.iter().flat_map(|one| ALPHABET.iter().map(move |other| (one, other))) {
                    let mut changed = code.0;
                    (changed[first], changed[second]) = (*one, *other);
                    refused(&code, changed);
                }
            }
        }
    }

    #[test]
    fn what_people_write_is_understood() {
        let code = CaseIdentifier::from_bits(0b00001_00000_00010_00011_00100_00101_00110_00111_01000_01001);
        let text = code.as_str();
        assert!(text.starts_with("1023456789"), "{text}");
        let checks = &text[RANDOM..];
        for written in [
            format!("io23456789{checks}"),
            format!("LO23-4567-89{checks}"),
            format!(" l o 2 3\u{a0}4567\u{202f}89 {checks}\n"),
            format!("\u{200f}١٠٢٣-٤٥٦٧-٨٩{checks}\u{61c}"),
            format!("\u{2067}۱۰۲۳\u{2013}۴۵۶۷\u{2011}۸۹{checks}\u{2069}"),
            format!("१०२३४५६७८९{checks}"),
            format!("１０２３４５６７８９{}", checks.to_ascii_lowercase()),
        ] {
            assert_eq!(CaseIdentifier::parse(&written), Ok(code), "{written:?}");
        }
        for bits in sequence(SEED).take(200) {
            let code = CaseIdentifier::from_bits(bits);
            let wide: String =
                code.as_str().chars().filter_map(|sign| char::from_u32(u32::from(sign) + 0xfee0)).collect();
            assert_eq!(CaseIdentifier::parse(&wide), Ok(code), "{wide}");
            assert_eq!(CaseIdentifier::parse(&code.to_string().to_lowercase()), Ok(code));
        }
    }

    #[test]
    fn what_is_no_identifier_is_refused_with_its_cause() {
        for (written, cause) in [
            ("", Malformed::Length),
            ("0000-0000-000", Malformed::Length),
            ("0000-0000-0000-0", Malformed::Length),
            ("0000-0000-000U", Malformed::Symbol(12)),
            ("u000-0000-0000", Malformed::Symbol(1)),
            ("0000.0000.0000", Malformed::Symbol(5)),
            ("0000-0000-000é", Malformed::Symbol(12)),
            ("ا000-0000-0000", Malformed::Symbol(1)),
            ("0000-0000-0001", Malformed::Check),
        ] {
            assert_eq!(CaseIdentifier::parse(written), Err(cause), "{written:?}");
        }
    }

    #[test]
    fn any_text_is_read_without_panic_and_only_its_own_form_is_stored() {
        for bits in sequence(SEED).take(20_000) {
            let sign = char::from_u32((bits >> 40) as u32 & 0x1_ffff).unwrap_or('U');
            let mut text = CaseIdentifier::from_bits(bits).to_string();
            text.insert(usize::from(bits as u8 % 15), sign);
            if let Ok(code) = CaseIdentifier::parse(&text) {
                assert!(is_skipped(sign), "{sign:?}");
                assert_eq!(code, CaseIdentifier::from_bits(bits));
            }
        }
    }
}
