//! Members get in through an identity provider: whom it knows is bound once, by a code, and its keys may change or be out of
//! reach.

use crate::support::app::{Answer, Persona, TestApp};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::getting_in::{AUDIENCE, Issuer, Signer, add_provider, exchange, newcomer, of_organization, token};
use crate::support::verbs::done;
use crate::support::world::{World, add_member};
use passerelle::usecase::directory::provider_end;
use serde_json::{Value, json};

const ME: &str = "{ viewer { member { id lastUsedAt isBound } scopes powers } }";

/// A server, and a provider with one key.
struct Scene {
    app: TestApp,
    world: World,
    issuer: Issuer,
    signer: Signer,
}

impl Scene {
    async fn set(engine: Engine, signer: Signer) -> Self {
        let app = TestApp::start(engine).await;
        let world = World::fill(&app).await;
        let issuer = Issuer::start().await;
        issuer.publish(&[signer.jwk("one")]);
        Self { app, world, issuer, signer }
    }

    fn token(&self, subject: &str) -> String {
        self.issuer.token(&self.app, (&self.signer, "one"), subject)
    }

    /// A member of the partner who is bound to a subject; gives the id.
    async fn bound(&self, subject: &str) -> String {
        let (id, code) = newcomer(&self.app, &self.world.administrator, "INTAKE").await;
        let first = exchange(&self.app, &self.token(subject), &format!("&invitation={code}")).await;
        assert_eq!(first.status, 200, "{}", first.body);
        id
    }
}

fn refused(answer: &Answer) -> String {
    assert_ne!(answer.status, 200, "{}", answer.body);
    format!("{} {}", answer.status, answer.body["error"].as_str().unwrap())
}

const NOT_BELIEVED: &str = "400 invalid_grant";

async fn a_member_is_bound_by_a_code_and_known_from_then_on(engine: Engine) {
    let scene = Scene::set(engine, Signer::es256()).await;
    let (app, world) = (&scene.app, &scene.world);
    add_provider(app, &scene.issuer.url, None).await;
    let (id, code) = newcomer(app, &world.administrator, "INTAKE").await;
    assert!(code.starts_with("passerelle_invitation_"));
    assert_eq!(refused(&exchange(app, &scene.token("amina"), "").await), NOT_BELIEVED, "nobody is bound yet");
    let first = exchange(app, &scene.token("amina"), &format!("&invitation={code}")).await;
    assert_eq!((first.status, &first.body["expires_in"]), (200, &json!(600)), "{}", first.body);
    assert_eq!(first.body["scope"], Value::Null);
    assert_eq!(first.body["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
    let who = Persona { token: Some(token(&first)), ..world.case_manager.clone() };
    let seen = app.run(&who, ME, json!({})).await;
    assert_eq!(seen["viewer"]["member"]["id"], id);
    assert_eq!(seen["viewer"]["member"]["isBound"], true);
    assert!(seen["viewer"]["member"]["lastUsedAt"].is_string());
    assert_eq!(exchange(app, &scene.token("amina"), "").await.status, 200, "known from then on");
    let again = exchange(app, &scene.token("bilal"), &format!("&invitation={code}")).await;
    assert_eq!(refused(&again), NOT_BELIEVED, "a code is good once");
    let told = "{ viewer { notifications { nodes { event subjectId } } } }";
    let told = app.run(&world.administrator, told, json!({})).await;
    assert_eq!(told["viewer"]["notifications"]["nodes"], json!([{ "event": "MEMBER_BOUND", "subjectId": id }]));
    done(app, &world.administrator, "endMember", json!({ "memberId": id, "expectedVersion": 1 }), "").await;
    assert_eq!(app.post(&who, ME, json!({})).await.status, 401);
    assert_eq!(refused(&exchange(app, &scene.token("amina"), "").await), NOT_BELIEVED, "the member has ended");
}

async fn a_token_is_handed_in_once(engine: Engine) {
    let scene = Scene::set(engine, Signer::eddsa()).await;
    add_provider(&scene.app, &scene.issuer.url, None).await;
    scene.bound("amina").await;
    let once = scene.token("amina");
    assert_eq!(exchange(&scene.app, &once, "").await.status, 200);
    assert_eq!(refused(&exchange(&scene.app, &once, "").await), NOT_BELIEVED);
    scene.app.wait(20);
    assert_eq!(refused(&exchange(&scene.app, &once, "").await), NOT_BELIEVED);
    let shared = scene.token("amina");
    let both = futures_util::future::join(exchange(&scene.app, &shared, ""), exchange(&scene.app, &shared, "")).await;
    assert_eq!([both.0.status, both.1.status].iter().filter(|status| **status == 200).count(), 1, "at the same time");
}

async fn an_invitation_is_good_for_a_week_and_for_its_member(engine: Engine) {
    let scene = Scene::set(engine, Signer::es256()).await;
    let app = &scene.app;
    add_provider(app, &scene.issuer.url, None).await;
    let (id, first) = newcomer(app, &scene.world.administrator, "INTAKE").await;
    let input = json!({ "memberId": id, "expectedVersion": 1 });
    let again = done(app, &scene.world.administrator, "inviteMember", input, "invitationCode").await;
    let second = again["invitationCode"].as_str().unwrap();
    for code in [first.as_str(), "passerelle_invitation_AAAA", "%20"] {
        let answer = exchange(app, &scene.token("amina"), &format!("&invitation={code}")).await;
        assert_eq!(refused(&answer), NOT_BELIEVED, "{code}");
    }
    app.wait(7 * 24 * 3_600 + 1);
    let late = exchange(app, &scene.token("amina"), &format!("&invitation={second}")).await;
    assert_eq!(refused(&late), NOT_BELIEVED, "a week is over");
}

async fn an_organizations_provider_vouches_for_its_members_only(engine: Engine) {
    let scene = Scene::set(engine, Signer::es256()).await;
    let (app, world) = (&scene.app, &scene.world);
    let provider = add_provider(app, &scene.issuer.url, Some(world.stranger)).await;
    let (_, code) = newcomer(app, &world.administrator, "SUPERVISOR").await;
    let taken = exchange(app, &scene.token("amina"), &format!("&invitation={code}")).await;
    assert_eq!(refused(&taken), NOT_BELIEVED, "the stranger's provider can't bind the partner's member");
    let admin = add_member(app, world.stranger, "ADMINISTRATOR").await;
    let (_, own) = newcomer(app, &admin, "SUPERVISOR").await;
    assert_eq!(exchange(app, &scene.token("amina"), &format!("&invitation={own}")).await.status, 200);
    let whole = add_provider(app, &scene.issuer.url, None).await;
    assert_eq!(
        exchange(app, &scene.token("amina"), &format!("&invitation={code}")).await.status,
        200,
        "the deployment's can"
    );
    assert_eq!(refused(&exchange(app, &scene.token("amina"), "").await), NOT_BELIEVED, "she works for two");
    let chosen = exchange(app, &scene.token("amina"), &of_organization(world.partner)).await;
    assert_eq!(chosen.status, 200, "{}", chosen.body);
    assert_eq!(refused(&exchange(app, &scene.token("amina"), &of_organization(world.provider)).await), NOT_BELIEVED);
    provider_end(&app.app, provider).await.unwrap();
    let of_stranger = exchange(app, &scene.token("amina"), &of_organization(world.stranger)).await;
    assert_eq!(refused(&of_stranger), NOT_BELIEVED, "its provider has ended");
    provider_end(&app.app, whole).await.unwrap();
    assert_eq!(refused(&exchange(app, &scene.token("amina"), "").await), NOT_BELIEVED);
}

async fn keys_change_without_a_refusal_and_serve_through_an_outage(engine: Engine) {
    let scene = Scene::set(engine, Signer::es256()).await;
    let (app, issuer) = (&scene.app, &scene.issuer);
    add_provider(app, &issuer.url, None).await;
    scene.bound("amina").await;
    let (new, rsa) = (Signer::eddsa(), Signer::rs256());
    let mut errors = 0;
    for round in 0..30 {
        app.wait(61);
        match round {
            10 => issuer.publish(&[scene.signer.jwk("one"), new.jwk("two")]),
            20 => issuer.publish(&[new.jwk("two"), rsa.jwk("three")]),
            _ => {}
        }
        let by = match round {
            0..10 => (&scene.signer, "one"),
            10..20 => [(&scene.signer, "one"), (&new, "two")][round % 2],
            _ => [(&new, "two"), (&rsa, "three")][round % 2],
        };
        errors += u32::from(exchange(app, &issuer.token(app, by, "amina"), "").await.status != 200);
    }
    assert_eq!(errors, 0, "while keys overlap nobody is refused");
    let old = exchange(app, &issuer.token(app, (&scene.signer, "one"), "amina"), "").await;
    assert_eq!(refused(&old), NOT_BELIEVED, "a key that is published no more");

    issuer.is_out(true);
    app.wait(24 * 3_600);
    assert_eq!(
        exchange(app, &issuer.token(app, (&new, "two"), "amina"), "").await.status,
        200,
        "after a day of outage"
    );
    app.wait(25 * 3_600);
    let late = exchange(app, &issuer.token(app, (&new, "two"), "amina"), "").await;
    assert_eq!(refused(&late), "503 temporarily_unavailable", "after two days old keys are not believed");
    issuer.is_out(false);
    app.wait(11);
    assert_eq!(exchange(app, &issuer.token(app, (&new, "two"), "amina"), "").await.status, 200, "it is back");
}

async fn unknown_keys_do_not_make_us_ask_without_end(engine: Engine) {
    let scene = Scene::set(engine, Signer::es256()).await;
    let (app, issuer) = (&scene.app, &scene.issuer);
    add_provider(app, &issuer.url, None).await;
    scene.bound("amina").await;
    let asked = issuer.asked();
    app.wait(30);
    for number in 0..20 {
        let kid = format!("unknown-{number}");
        let answer = exchange(app, &issuer.token(app, (&scene.signer, &kid), "amina"), "").await;
        assert_eq!(refused(&answer), NOT_BELIEVED);
    }
    assert_eq!(issuer.asked() - asked, 1, "once in ten seconds");
    assert_eq!(exchange(app, &scene.token("amina"), "").await.status, 200);
}

#[tokio::test]
async fn a_provider_that_is_another_is_not_believed() {
    let scene = Scene::set(Engine::Sqlite, Signer::es256()).await;
    let app = &scene.app;
    let (_, code) = newcomer(app, &scene.world.administrator, "INTAKE").await;
    let nobody = exchange(app, &scene.token("amina"), &format!("&invitation={code}")).await;
    assert_eq!(refused(&nobody), NOT_BELIEVED, "a provider that nobody entered");
    assert_eq!(scene.issuer.asked(), 0, "and that is not asked");
    add_provider(app, &scene.issuer.url, None).await;
    scene.issuer.says_to_be("https://id.example.org");
    let other = exchange(app, &scene.token("amina"), &format!("&invitation={code}")).await;
    assert_eq!(refused(&other), "503 temporarily_unavailable", "its discovery document names somebody else");
    scene.issuer.says_to_be(&scene.issuer.url);
    app.wait(11);
    let claims = scene.issuer.claims(app, "amina");
    let header = json!({ "alg": "ES256", "kid": "one" });
    let nonce = {
        let mut claims = claims.clone();
        claims["nonce"] = json!("n-1");
        claims
    };
    let stolen = exchange(app, &scene.signer.sign(&header, &nonce), &format!("&invitation={code}")).await;
    assert_eq!(refused(&stolen), NOT_BELIEVED, "a token of another sign-in");
    let ours = exchange(app, &scene.signer.sign(&header, &nonce), &format!("&nonce=n-1&invitation={code}")).await;
    assert_eq!(ours.status, 200, "{}", ours.body);
    assert_eq!(
        app.app.tokens.verify(&scene.token("amina"), passerelle::domain::clock::Clock::now(&*app.clock)).err(),
        Some(passerelle::token::BadToken),
        "an identity token is no access token"
    );
    let access = token(&ours);
    assert_eq!(refused(&exchange(app, &access, "").await), NOT_BELIEVED, "and an access token is no identity token");
    assert!(AUDIENCE.len() < 128);
}

#[tokio::test]
async fn an_exchange_that_is_no_sound_one_is_refused_by_its_code() {
    use crate::support::getting_in::ask;
    let scene = Scene::set(Engine::Sqlite, Signer::es256()).await;
    let (app, sound) = (&scene.app, scene.token("amina"));
    let grant = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange";
    let kind = "subject_token_type=urn:ietf:params:oauth:token-type:id_token";
    for (what, form, error) in [
        ("no token", format!("{grant}&{kind}"), "invalid_request"),
        ("no type", format!("{grant}&subject_token={sound}"), "invalid_request"),
        (
            "another type",
            format!("{grant}&subject_token={sound}&subject_token_type=urn:ietf:params:oauth:token-type:access_token"),
            "invalid_request",
        ),
        (
            "another wish",
            format!(
                "{grant}&{kind}&subject_token={sound}&requested_token_type=urn:ietf:params:oauth:token-type:refresh_token"
            ),
            "invalid_request",
        ),
        ("an actor", format!("{grant}&{kind}&subject_token={sound}&actor_token={sound}"), "invalid_request"),
        ("a secret", format!("{grant}&{kind}&subject_token={sound}&client_secret=a"), "invalid_request"),
        ("a scope", format!("{grant}&{kind}&subject_token={sound}&scope=CASES_READ"), "invalid_scope"),
        ("the token twice", format!("{grant}&{kind}&subject_token={sound}&subject_token={sound}"), "invalid_request"),
        ("what is no token", format!("{grant}&{kind}&subject_token=a.b.c"), "invalid_grant"),
    ] {
        assert_eq!(refused(&ask(app, &[], &form).await), format!("400 {error}"), "{what}");
    }
    for _ in 0..40 {
        exchange(app, "a.b.c", "").await;
    }
    assert_eq!(refused(&exchange(app, &sound, "").await), "429 slow_down", "trying is slowed down by address");
}

on_both_engines!(
    a_member_is_bound_by_a_code_and_known_from_then_on,
    a_token_is_handed_in_once,
    an_invitation_is_good_for_a_week_and_for_its_member,
    an_organizations_provider_vouches_for_its_members_only,
    keys_change_without_a_refusal_and_serve_through_an_outage,
    unknown_keys_do_not_make_us_ask_without_end,
);
