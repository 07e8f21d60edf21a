//! The till: who pays for a request, and what is said when there is nothing left.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::HttpResponseBuilder;
use uuid::Uuid;

use super::address;
use super::behind::Behind;
use super::code::Code;
use super::refusal::Refusal;
use crate::domain::budget::{Payer, Payment, Standing};
use crate::token::Claims;

/// What every request costs that is looked at, so that what is refused later is not free.
const ENTRY: i64 = 1;

/// Who pays: by a believed token, else by the address.
pub fn payer(request: &HttpRequest, claims: Option<&Claims>, proxies: usize) -> Payer {
    match claims {
        Some(claims) => Payer::Known { principal: claims.sub, organization: claims.org },
        None => Payer::Unknown { neighborhood: neighborhood(address::of(request, proxies)) },
    }
}

/// The neighborhood of an address: 24 bits of IPv4, 48 of IPv6. One household or company has as many addresses as it
/// likes.
fn neighborhood(address: IpAddr) -> Uuid {
    match address.to_canonical() {
        IpAddr::V4(address) => Uuid::from_u128(u128::from(u32::from(address) >> 8)),
        IpAddr::V6(address) => Uuid::from_u128((u128::from(address) >> 80) | 1 << 120),
    }
}

/// The open till of one request.
pub struct Till<'a> {
    app: &'a dyn Behind,
    payer: Payer,
}

impl<'a> Till<'a> {
    /// The entry is paid before anything of the request is read.
    ///
    /// # Errors
    /// RATE_LIMITED.
    pub async fn open(app: &'a dyn Behind, payer: Payer, told: &mut Payment) -> Result<Self, Refusal> {
        *told = app.pay(payer, ENTRY).await;
        refused(told)?;
        Ok(Self { app, payer })
    }

    /// The rest is paid once the cost is known. Who can't has the entry back: they did not come in.
    ///
    /// # Errors
    /// RATE_LIMITED.
    pub async fn charge(&self, cost: u64, told: &mut Payment) -> Result<(), Refusal> {
        let rest = i64::try_from(cost).unwrap_or(i64::MAX).saturating_sub(ENTRY);
        if rest <= 0 {
            return Ok(());
        }
        *told = self.app.pay(self.payer, rest).await;
        refused(told).inspect_err(|_| self.app.pay_back(self.payer, ENTRY))
    }
}

fn refused(payment: &Payment) -> Result<(), Refusal> {
    let Some(wait) = payment.wait else { return Ok(()) };
    let milliseconds = (wait / 1_000).saturating_add(1);
    let whose = payment.standings.last().map_or("", |standing| standing.purse.name());
    let message = "What may be asked for in this time is used up; try again later.";
    Err(Refusal::new(Code::RateLimited, message).with("retryAfterMs", milliseconds.into()).with("budget", whose.into()))
}

/// Tells how the budgets stand, as the IETF draft on rate limit headers has it.
pub fn tell(response: &mut HttpResponseBuilder, payment: &Payment, now: i64) {
    if payment.standings.is_empty() {
        return;
    }
    let told = |form: &dyn Fn(&Standing) -> String| payment.standings.iter().map(form).collect::<Vec<_>>().join(", ");
    let policy = told(&|each| format!("\"{}\";q={};w={}", each.purse.name(), each.rate.points, each.rate.seconds));
    let limit = told(&|each| {
        let seconds =
            (each.reset_at - now).max(0).div_euclid(1_000_000) + i64::from((each.reset_at - now) % 1_000_000 > 0);
        format!("\"{}\";r={};t={seconds}", each.purse.name(), each.remaining)
    });
    response.insert_header(("RateLimit-Policy", policy)).insert_header(("RateLimit", limit));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_share_and_strangers_do_not() {
        let near = |one: &str, other: &str| neighborhood(one.parse().unwrap()) == neighborhood(other.parse().unwrap());
        assert!(near("192.0.2.1", "192.0.2.200") && near("192.0.2.1", "::ffff:192.0.2.9"));
        assert!(near("2001:db8:1::1", "2001:db8:1:ffff::2"));
        assert!(!near("192.0.2.1", "192.0.3.1") && !near("2001:db8:1::1", "2001:db8:2::1"));
    }
}
