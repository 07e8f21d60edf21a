//! Tokens, health, the beginning and the end of a server.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_token_is_believed_or_refused_in_one_way() {
    let served = serve(settings()).await;
    let good = format!("Bearer {}", served.token());
    assert_eq!(served.with_authorization(&good).await.status(), 200);
    assert_eq!(served.with_authorization(&good.replacen("Bearer", "bEARER", 1)).await.status(), 200);
    let neutral = |body: Value| {
        let mut body = body;
        body["errors"][0]["extensions"]["requestId"] = Value::Null;
        body
    };
    served.house.state.store(1, Ordering::SeqCst);
    let (status, body) = read(served.with_authorization(&good).await).await;
    let revoked = neutral(body);
    assert_eq!((status, code(&revoked)), (401, "UNAUTHENTICATED"));
    served.house.state.store(0, Ordering::SeqCst);
    for bad in ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", &good[..good.len() - 4], &good[7..]] {
        let response = served.with_authorization(bad).await;
        assert_eq!(response.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
        let (status, body) = read(response).await;
        assert_eq!((status, neutral(body)), (401, revoked.clone()), "{bad}");
    }
    let twice = served.post(OLD).header("authorization", &good).header("authorization", &good);
    let response = twice.body(r#"{"query":"{ version }"}"#).send().await.unwrap();
    assert_eq!(response.status(), 401);
    served.house.state.store(2, Ordering::SeqCst);
    let response = served.with_authorization(&good).await;
    assert_eq!(response.headers()["retry-after"], "1");
    let (status, body) = read(response).await;
    assert_eq!((status, code(&body)), (503, "UNAVAILABLE"));
    assert_eq!(body["errors"][0]["extensions"]["retryAfterMs"], 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn health_and_keys_are_told() {
    let served = serve(settings()).await;
    let get = async |path: &str| served.request(Method::GET, path).send().await.unwrap();
    assert_eq!(get("/livez").await.status(), 200);
    assert_eq!(get("/readyz").await.status(), 200);
    served.house.state.store(2, Ordering::SeqCst);
    assert_eq!(get("/readyz").await.status(), 503);
    assert_eq!(get("/livez").await.status(), 200);
    let (_, keys) = read(get("/.well-known/jwks.json").await).await;
    assert_eq!(keys, served.house.keyring.jwks());
}

#[actix_web::test]
async fn a_closing_door_is_not_ready() {
    let door = door(house(), schema()).unwrap();
    let mounted = door.clone();
    let app = actix_web::App::new().configure(move |config| mounted.routes(config));
    let app = actix_web::test::init_service(app).await;
    let ready = async || {
        let request = actix_web::test::TestRequest::get().uri("/readyz").to_request();
        actix_web::test::call_service(&app, request).await.status().as_u16()
    };
    assert_eq!(ready().await, 200);
    door.close();
    assert_eq!(ready().await, 503);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_runs_is_finished_before_the_end() {
    let mut settings = settings();
    settings.door.run_limit = Duration::from_millis(300);
    let served = serve(settings).await;
    let mut socket = tokio::net::TcpStream::connect(served.address).await.unwrap();
    let body = r#"{"query":"{ never }"}"#;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    // Another answer on the one worker shows that the first request was taken in.
    assert_eq!(served.ask(NEW, "{ version }").await.0, 200);
    served.stop.send(()).unwrap();
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 504");
    drop(socket);
    served.ended.await.unwrap().unwrap();
    assert!(tokio::net::TcpStream::connect(served.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_occupied_address_is_told() {
    let served = serve(settings()).await;
    let again = Settings { address: served.address, ..settings() };
    let ended = run_until(again, house(), schema(), |_| {}, |_| {}, std::future::pending()).await;
    assert!(matches!(ended, Err(RunError::Occupied(address)) if address == served.address));
}
