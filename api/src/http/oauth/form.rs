//! The body of a request for a token: a form, each name once.

use std::collections::BTreeMap;

use super::answer::Refused;

/// The most fields of a form.
const MOST_FIELDS: usize = 20;

/// The fields of a form. Those without a value are as if they were not there (RFC 6749, 3.2).
pub struct Form(BTreeMap<String, String>);

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// `invalid_request` for what is no form in UTF-8, for a name that comes twice, for too many names.
    pub fn read(body: &[u8]) -> Result<Self, Refused> {
        let mut fields = BTreeMap::new();
        for (count, pair) in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).enumerate() {
            if count >= MOST_FIELDS {
                return Err(Refused::request("There are too many parameters."));
            }
            let mut sides = pair.splitn(2, |byte| *byte == b'=');
            let name = decoded(sides.next().unwrap_or_default())?;
            let value = decoded(sides.next().unwrap_or_default())?;
            if fields.insert(name, value).is_some() {
                return Err(Refused::request("A parameter is given twice."));
            }
        }
        fields.retain(|_, value| !value.is_empty());
        Ok(Self(fields))
    }

    /// Takes a field out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }
}

/// Reads one name or value of a form.
///
/// # Errors
/// It is not written as forms are.
pub fn decoded(text: &[u8]) -> Result<String, Refused> {
    let wrong = || Refused::request("The parameters can't be read: they are a form in UTF-8.");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().copied().unwrap_or_default(), rest.next().copied().unwrap_or_default()];
                let digits = digits.map(|digit| char::from(digit).to_digit(16));
                let [Some(high), Some(low)] = digits else { return Err(wrong()) };
                u8::try_from(high * 16 + low).map_err(|_| wrong())?
            }
            other => *other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    if text.chars().any(char::is_control) { Err(wrong()) } else { Ok(text) }
}
