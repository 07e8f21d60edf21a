//! Bodies, times, panics: what must not hurt the server.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn bodies_that_are_no_request_are_refused() {
    let served = serve(settings()).await;
    let deep = format!(r#"{{"query":"{{version}}","variables":{}1{}}}"#, "[".repeat(40), "]".repeat(40));
    let fits = format!(r#"{{"query":"{{version}}","variables":{{"a":{}1{}}}}}"#, "[".repeat(31), "]".repeat(31));
    let bottomless = format!(r#"{{"query":"{{version}}","variables":{}"#, "[".repeat(100_000));
    let large = format!(r#"{{"query":"{}"}}"#, " ".repeat(256 * 1024));
    for (body, status, expected) in [
        ("", 400, "BAD_REQUEST"),
        ("{", 400, "BAD_REQUEST"),
        ("null", 400, "BAD_REQUEST"),
        ("\"{version}\"", 400, "BAD_REQUEST"),
        ("[]", 400, "BAD_REQUEST"),
        (r#"[{"query":"{version}"}]"#, 400, "BAD_REQUEST"),
        ("{}", 400, "BAD_REQUEST"),
        (r#"{"query":1}"#, 400, "BAD_REQUEST"),
        (r#"{"query":["{version}"]}"#, 400, "BAD_REQUEST"),
        (r#"{"query":"{version}","operationName":1}"#, 400, "BAD_REQUEST"),
        (r#"{"query":"{version}","variables":[]}"#, 400, "BAD_REQUEST"),
        (r#"{"query":"{version}","variables":"{}"}"#, 400, "BAD_REQUEST"),
        (r#"{"query":"{version}","extensions":[]}"#, 400, "BAD_REQUEST"),
        (r#"{"query":"{version}","variables":{"a":1e400}}"#, 400, "BAD_REQUEST"),
        (r#"{"query":"{version}","variables":{"a":"\ud800"}}"#, 400, "BAD_REQUEST"),
        (r#"{"query":"{version}","variables":{"a":"\u0000"}}"#, 400, "BAD_USER_INPUT"),
        (deep.as_str(), 400, "BAD_REQUEST"),
        (bottomless.as_str(), 400, "BAD_REQUEST"),
        (large.as_str(), 413, "BAD_REQUEST"),
        (r#"{"query":"{version}","operationName":null,"variables":null,"extensions":null}"#, 200, "none"),
        (r#"{"query":"{version}","variables":{"a":1},"extensions":{"b":{}},"id":7}"#, 200, "none"),
        (fits.as_str(), 200, "none"),
    ] {
        let response = served.post(NEW).body(body.to_owned()).send().await.unwrap();
        let (found, answer) = read(response).await;
        assert_eq!((found, code(&answer)), (status, expected), "{}", &body[..body.len().min(80)]);
        assert!(answer.get("data").is_none() || status == 200);
    }
    let not_utf8 = b"{\"query\":\"\xff{version}\"}".to_vec();
    let response = served.post(NEW).body(not_utf8).send().await.unwrap();
    assert_eq!(response.status(), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_panic_costs_one_answer() {
    let served = serve(settings()).await;
    for _ in 0..3 {
        let (status, body) = served.ask(NEW, "{ panics }").await;
        assert_eq!((status, code(&body)), (500, "INTERNAL"));
    }
    assert_eq!(served.ask(NEW, "{ version }").await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_operation_that_never_ends_is_told_so_and_counts_as_running() {
    let mut settings = settings();
    settings.door.run_limit = Duration::from_millis(20);
    settings.door.rooms.reads = Room { at_once: 2, waiting: 0, patience: Duration::ZERO };
    let served = serve(settings).await;
    for _ in 0..2 {
        let (status, body) = served.ask(NEW, "{ never }").await;
        assert_eq!((status, code(&body)), (504, "TIMEOUT"));
    }
    let (status, body) = served.ask(NEW, "{ version }").await;
    assert_eq!((status, code(&body)), (503, "UNAVAILABLE"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let mut settings = settings();
    settings.door.body_deadline = Duration::from_millis(20);
    let served = serve(settings).await;
    let mut socket = tokio::net::TcpStream::connect(served.address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{\"qu";
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_without_a_stated_length_is_bounded_too() {
    let served = serve(settings()).await;
    let mut socket = tokio::net::TcpStream::connect(served.address).await.unwrap();
    let head =
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536));
    for _ in 0..5 {
        socket.write_all(chunk.as_bytes()).await.unwrap();
    }
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn hostile_documents_leave_the_server_alive() {
    let served = serve(settings()).await;
    let bomb: String = (0..31).map(|n| format!(" fragment F{n} on Query {{ ...F{m} ...F{m} }}", m = n + 1)).collect();
    for query in [
        format!("{{ services(filter: {}", "[".repeat(15_000)),
        format!("{{ services(filter: {}", "{and:".repeat(3_000)),
        format!("{{ ...F0 }}{bomb} fragment F31 on Query {{ version }}"),
        "{ version ".repeat(10_000),
    ] {
        let (status, body) = served.ask(NEW, &query).await;
        assert_eq!(status, 400);
        assert!(body.to_string().len() < 1_000);
    }
    assert_eq!(served.ask(NEW, "{ version }").await.0, 200);
}

/// Heavy reads wait for heavy reads: what somebody decides goes through, and health is always told.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_flood_of_heavy_reads_does_not_take_the_place_of_a_decision() {
    let mut settings = settings();
    settings.door.run_limit = Duration::from_millis(300);
    settings.door.rooms.heavy = Room { at_once: 2, waiting: 1, patience: Duration::from_millis(20) };
    let served = serve(settings).await;
    let pages: String =
        (0..9).map(|at| format!(" p{at}: services(first: 100) {{ nodes {{ id }} more: nodes {{ id }} }}")).collect();
    let heavy = format!("{{ never{pages} }}");
    let flood = futures_util::future::join_all((0..12).map(|_| served.ask(NEW, &heavy)));
    let others = async {
        let mut told = Vec::new();
        for _ in 0..6 {
            told.push(served.ask(NEW, "mutation { go(input: { text: \"a\" }) { id } }").await.0);
            told.push(served.ask(NEW, "{ version }").await.0);
            told.push(served.request(Method::GET, "/readyz").send().await.unwrap().status().as_u16());
        }
        told
    };
    let (flooded, others) = futures_util::future::join(flood, others).await;
    assert_eq!(others, vec![200; 18]);
    let shed: Vec<_> = flooded.iter().filter(|(status, _)| *status == 503).collect();
    assert_eq!((shed.len(), flooded.iter().filter(|(status, _)| *status == 504).count()), (10, 2), "{flooded:?}");
    assert!(shed.iter().all(|(_, body)| body["errors"][0]["extensions"]["retryAfterMs"] == 5_000));
}
