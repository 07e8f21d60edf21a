//! The rules of webhooks without a database: addresses, signatures, times and answers.

use super::answer::{Answer, WebhookOutcome};
use super::payload::{Body, Data, LARGEST, event_type, is_asked_for};
use super::schedule::{AT_LEAST, PAUSES, pause_after};
use super::signing::{Key, SigningKind, signatures};
use super::target::{Reach, Target, Unfit, may_connect};
use crate::domain::change::{ChangeSubject, ChangeType};
use std::net::IpAddr;
use uuid::Uuid;

/// Addresses that are not public, each of which is refused as it stands in a web address and when a name leads to it.
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.1.2.3",
    "127.255.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::2",
    "::127.0.0.1",
    "::10.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00::1",
    "fd00:ec2::254",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "4000::1",
    "a000::1",
];

/// Forms of web addresses that are refused whatever their names lead to.
const ODD: &[&str] = &[
    "http://hooks.example.org/",
    "HTTPS://hooks.example.org/",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://hooks.example.org/",
    "https:hooks.example.org",
    "https:/hooks.example.org",
    "//hooks.example.org/",
    "hooks.example.org",
    "",
    "https://",
    "https:///x",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0X7F.1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.01/",
    "https://127.0.0.1./",
    "https://8.8.8.8./",
    "https://0x8.0x8.0x8.0x8/",
    "https://127.0.0.0x1/",
    "https://256.1.1.1/",
    "https://1.2.3.4.5/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://a.localhost/",
    "https://printer.local/",
    "https://vault.internal/",
    "https://intranet/",
    "https://db.lan/",
    "https://router.home.arpa/",
    "https://a.onion/",
    "https://hooks.test/",
    "https://a.invalid/",
    "https://hooks.example.org./",
    "https://hooks..example.org/",
    "https://.example.org/",
    "https://-a.example.org/",
    "https://a_b.example.org/",
    "https://user@hooks.example.org/",
    "https://user:secret@hooks.example.org/",
    "https://hooks.example.org@127.0.0.1/",
    "https://@hooks.example.org/",
    "https://hooks.example.org\\@127.0.0.1/",
    "https://hooks.example.org\\.evil.org/",
    "https://hooks.example.org#@127.0.0.1/",
    "https://hooks.example.org/#x",
    "https://hooks.example.org/\r\nHost: a",
    "https://hooks.example.org\r\n/",
    "https://hooks.example.org/%0d%0a x",
    "https://hooks.example.org/\0",
    "https://hooks.example.org/\t",
    " https://hooks.example.org/",
    "https://hooks.example.org/ ",
    "https://hooks%2eexample.org/",
    "https://127%2e0%2e0%2e1/",
    "https://%31%32%37.0.0.1/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://ⓛocalhost/",
    "https://exаmple.org/",
    "https://ex\u{ad}ample.org/",
    "https://hooks.example.org:0/",
    "https://hooks.example.org:22/",
    "https://hooks.example.org:25/",
    "https://hooks.example.org:80/",
    "https://hooks.example.org:65536/",
    "https://hooks.example.org:-1/",
    "https://hooks.example.org:/",
    "https://hooks.example.org:0443/",
    "https://hooks.example.org:443:443/",
    "https://hooks.example.org:+443/",
    "https://hooks.example.org:4 43/",
    "https://[::1/",
    "https://::1/",
    "https://[::1]x/",
    "https://[::1%25lo]/",
    "https://[v1.x]/",
    "https://[]/",
    "https://[127.0.0.1]/",
    "https://hooks.example.123/",
    "https://hooks.example.0x1/",
    "https://hooks.example.o-g/",
];

#[test]
fn no_address_that_is_not_public_is_taken_or_connected_to() {
    assert!(NOT_PUBLIC.len() + ODD.len() >= 140, "{}", NOT_PUBLIC.len() + ODD.len());
    for text in NOT_PUBLIC {
        let address: IpAddr = text.parse().unwrap();
        assert!(!may_connect(address, Reach::Public), "{text}");
        let written = if address.is_ipv6() { format!("https://[{text}]/x") } else { format!("https://{text}/x") };
        assert_eq!(Target::read(&written, Reach::Public), Err(Unfit::Address), "{written}");
    }
    for text in ODD {
        assert!(Target::read(text, Reach::Public).is_err(), "{text}");
    }
    let long = format!("https://hooks.example.org/{}", "x".repeat(2_000));
    assert_eq!(Target::read(&long, Reach::Public), Err(Unfit::TooLong));
}

#[test]
fn plain_public_addresses_are_taken() {
    for (text, host, port) in [
        ("https://hooks.example.org", "hooks.example.org", 443),
        ("https://hooks.example.org/in?key=1", "hooks.example.org", 443),
        ("https://Hooks.Example.org:8443/in", "hooks.example.org", 8443),
        ("https://hooks.example.org?x", "hooks.example.org", 443),
        ("https://xn--bcher-kva.example.org/", "xn--bcher-kva.example.org", 443),
        ("https://8.8.8.8/in", "8.8.8.8", 443),
        ("https://[2606:4700::1111]:443/in", "2606:4700::1111", 443),
    ] {
        let target = Target::read(text, Reach::Public).unwrap_or_else(|unfit| panic!("{text}: {unfit}"));
        assert_eq!((target.url.as_str(), target.host.as_str(), target.port), (text, host, port));
    }
}

#[test]
fn this_machine_is_reached_only_where_that_is_switched_on_and_nothing_else_is_with_it() {
    for text in ["http://127.0.0.1:9/in", "http://localhost:9/in", "https://[::1]:9/in"] {
        assert!(Target::read(text, Reach::Public).is_err(), "{text}");
        assert!(Target::read(text, Reach::ThisMachineToo).is_ok(), "{text}");
    }
    for text in ["http://10.0.0.1/", "https://10.0.0.1/", "http://hooks.example.org/", "https://169.254.169.254/"] {
        assert!(Target::read(text, Reach::ThisMachineToo).is_err(), "{text}");
    }
    assert!(!may_connect("10.0.0.1".parse().unwrap(), Reach::ThisMachineToo));
}

#[test]
fn the_published_vector_is_met() {
    let key = Key::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signed = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert_eq!(key.verifier(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
}

#[test]
fn a_pair_signs_so_that_its_public_key_verifies() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use ed25519_dalek::{Signature, VerifyingKey};
    // The first vector of RFC 8032 gives the pair.
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let bytes: Vec<u8> = (0..64).step_by(2).map(|at| u8::from_str_radix(&seed[at..at + 2], 16).unwrap()).collect();
    let key = Key::of(SigningKind::KeyPair, bytes.try_into().unwrap());
    assert_eq!(key.verifier(), "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    let read = Key::read(&key.written()).unwrap();
    let signed = read.sign("msg_1", 1_614_265_330, "{}");
    let public = STANDARD.decode(key.verifier().strip_prefix("whpk_").unwrap()).unwrap();
    let public = VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
    let signature = STANDARD.decode(signed.strip_prefix("v1a,").unwrap()).unwrap();
    let signature = Signature::from_slice(&signature).unwrap();
    public.verify_strict(b"msg_1.1614265330.{}", &signature).unwrap();
    for other in ["msg_2.1614265330.{}", "msg_1.1614265331.{}", "msg_1.1614265330.{ }"] {
        assert!(public.verify_strict(other.as_bytes(), &signature).is_err(), "{other}");
    }
}

#[test]
fn secrets_have_24_to_64_bytes_and_all_that_hold_sign() {
    use base64::Engine as _;
    let secret = |bytes: usize| format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(vec![7; bytes]));
    for (bytes, fits) in [(23, false), (24, true), (64, true), (65, false)] {
        assert_eq!(Key::read(&secret(bytes)).is_some(), fits, "{bytes}");
    }
    assert!(Key::read("whsec_not base64").is_none() && Key::read("secret").is_none());
    let keys = [Key::of(SigningKind::SharedSecret, [1; 32]), Key::of(SigningKind::KeyPair, [2; 32])];
    let signed = signatures(&keys, "msg_1", 1, "{}");
    let parts: Vec<&str> = signed.split(' ').collect();
    assert_eq!(parts, [keys[0].sign("msg_1", 1, "{}"), keys[1].sign("msg_1", 1, "{}")]);
}

#[test]
fn ten_attempts_are_spread_over_75_hours_each_pause_within_a_fifth() {
    assert_eq!(PAUSES.iter().sum::<i64>(), (75 * 3_600 + 35 * 60 + 5) * 1_000_000);
    let mut shortest = i64::MAX;
    let mut longest = 0;
    for delivery in (0..500).map(Uuid::from_u128) {
        assert_eq!(pause_after(0, 0, delivery), Some(0));
        for (attempts, usual) in PAUSES.iter().enumerate().skip(1) {
            let pause = pause_after(i32::try_from(attempts).unwrap(), 0, delivery).unwrap();
            assert!(pause * 5 >= usual * 4 && pause * 5 <= usual * 6, "{attempts}: {pause}");
            let share = pause * 1_000 / usual;
            (shortest, longest) = (shortest.min(share), longest.max(share));
        }
        assert_eq!(pause_after(10, AT_LEAST, delivery), None, "that was the last");
        assert!(pause_after(10, AT_LEAST - 1, delivery).is_some(), "short pauses do not make the time shorter");
        assert_eq!(pause_after(3, 0, delivery), pause_after(3, 0, delivery));
    }
    assert!(shortest < 810 && longest > 1_190, "it varies: {shortest} to {longest} thousandths");
}

#[test]
fn only_2xx_is_success_and_a_receiver_may_ask_to_be_spared() {
    use WebhookOutcome::{Delivered, Gone, Redirected, Refused, SlowDown};
    for (status, outcome) in [
        (200, Delivered),
        (204, Delivered),
        (299, Delivered),
        (301, Redirected),
        (304, Redirected),
        (307, Redirected),
        (400, Refused),
        (404, Refused),
        (410, Gone),
        (429, SlowDown),
        (500, Refused),
        (502, SlowDown),
        (503, Refused),
        (504, SlowDown),
        (101, Refused),
    ] {
        assert_eq!(Answer::of(status, None, 0).outcome, outcome, "{status}");
    }
    let spared = |status, header| Answer::of(status, header, 1_764_061_200).spared;
    assert_eq!(spared(429, None), Some(60_000_000));
    assert_eq!(spared(429, Some("120")), Some(120_000_000));
    assert_eq!(spared(504, Some("Tue, 25 Nov 2025 09:05:00 GMT")), Some(300_000_000));
    assert_eq!(spared(502, Some("Tue, 25 Nov 2025 08:00:00 GMT")), Some(0));
    assert_eq!(spared(429, Some("999999999")), Some(86_400_000_000), "a day at the most");
    assert_eq!(spared(429, Some("soon")), Some(60_000_000));
    assert_eq!((spared(503, Some("9")), spared(503, None), spared(500, Some("9"))), (Some(9_000_000), None, None));
}

#[test]
fn a_body_names_the_thing_and_says_nothing_of_it() {
    let data = Data { id: "AQs", kind: "acceptReferral", change: ChangeType::Upsert, version: 3, cursor: Some("c") };
    let event = event_type("ServiceRevision", ChangeType::Tombstone);
    let body = Body { event: &event, timestamp: "2026-11-25T09:00:00Z", data }.written();
    let expected = r#"{"type":"service_revision.removed","timestamp":"2026-11-25T09:00:00Z","data":{"id":"AQs","kind":"acceptReferral","change":"UPSERT","version":3,"cursor":"c"}}"#;
    assert_eq!(body, expected);
    assert!(body.len() < LARGEST);
    let asked = [ChangeSubject::Referral];
    assert!(is_asked_for(&asked, "Referral") && !is_asked_for(&asked, "Case") && is_asked_for(&[], "Case"));
    assert!(!is_asked_for(&[], "Event") && !is_asked_for(&[], "ConsentOverride"));
}
