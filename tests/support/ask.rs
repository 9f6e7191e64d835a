//! A plain HTTP client: it sends what it is told, byte for byte, and nothing else.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A request, byte for byte as told.
#[derive(Clone)]
pub struct Ask {
    port: u16,
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

impl Ask {
    pub fn bare(port: u16, method: &str, path: &str) -> Self {
        Self {
            port,
            line: format!("{method} {path} HTTP/1.1"),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    pub async fn json(self, body: &Value) -> Answer {
        self.bytes(body.to_string()).await
    }

    pub async fn bytes(mut self, body: impl Into<Vec<u8>>) -> Answer {
        self.body = body.into();
        let length = self.body.len().to_string();
        self.header("content-length", &length).send().await
    }

    pub async fn send(self) -> Answer {
        tokio::task::spawn_blocking(move || {
            let mut answer = Vec::new();
            // Who refuses a large body hangs up before it has read it.
            let _ = self.connect().read_to_end(&mut answer);
            let text = String::from_utf8_lossy(&answer).into_owned();
            let head_ends = text.find("\r\n\r\n").expect("an answer");
            let head = text[..head_ends].to_lowercase();
            let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
            Answer {
                status: status.expect("a status"),
                head,
                body: answer[head_ends + 4..].to_vec(),
            }
        })
        .await
        .expect("the client")
    }

    /// Sends the request; what comes back is read from what this gives.
    pub fn connect(&self) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
        let mut head = format!("{}\r\nconnection: close\r\n", self.line);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&self.body);
        stream
    }
}
