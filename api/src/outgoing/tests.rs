//! A client against servers on loopback that behave badly.

use super::*;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that gives every caller the same bytes, and then says nothing more or hangs up.
async fn server(bytes: Vec<u8>, hangs_up: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                let _ = stream.write_all(&bytes).await;
                if !hangs_up {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    address
}

fn anywhere() -> Outgoing {
    Outgoing::new(|_| true).unwrap()
}

fn told(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

#[tokio::test]
async fn an_answer_comes_back_whole() {
    let at = server(told("{}"), true).await;
    let reply = anywhere().send(Call::get(&format!("http://{at}/keys"))).await.unwrap();
    assert_eq!((reply.status, reply.body.as_ref()), (200, b"{}".as_slice()));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = server(told("secret"), true).await;
    let moved = format!("HTTP/1.1 302 Found\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n");
    let at = server(moved.into_bytes(), true).await;
    let reply = anywhere().send(Call::get(&format!("http://{at}/"))).await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (302, 0));
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b' '; MOST_BYTES + 1]].concat();
    let at = server(endless, true).await;
    let refused = anywhere().send(Call::get(&format!("http://{at}/"))).await;
    assert_eq!(refused.err(), Some(NoReply::TooLarge));
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for() {
    let at = server(Vec::new(), false).await;
    let quick = anywhere().within(Duration::from_millis(50));
    assert_eq!(quick.send(Call::get(&format!("http://{at}/"))).await.err(), Some(NoReply::TooLong));
}

#[tokio::test]
async fn only_sound_addresses_are_asked() {
    for url in [
        "",
        "/keys",
        "keys",
        "ftp://id.example.org/keys",
        "file:///etc/passwd",
        "http://id.example.org/keys",
        "http://10.0.0.1/keys",
        "https://user@id.example.org/keys",
        "https://user:word@id.example.org/keys",
        "https:///keys",
        "https://id.example.org/keys#part",
        "https://id example.org/keys",
    ] {
        assert_eq!(anywhere().send(Call::get(url)).await.err(), Some(NoReply::Address), "{url}");
    }
}

#[tokio::test]
async fn what_is_not_allowed_is_not_reached_under_any_name() {
    let at = server(told("{}"), true).await;
    let nowhere = Outgoing::new(|_| false).unwrap();
    let port = at.port();
    let literal = nowhere.send(Call::get(&format!("http://127.0.0.1:{port}/"))).await;
    assert_eq!(literal.err(), Some(NoReply::Address));
    let named = nowhere.send(Call::get(&format!("http://localhost:{port}/"))).await;
    assert_eq!(named.err(), Some(NoReply::Unreachable));
    assert!(anywhere().send(Call::get(&format!("http://localhost:{port}/"))).await.is_ok(), "the name is known");
}
