//! A server that knows one thing: pages of partners, each behind an id.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;
use serde_json::value::RawValue;

/// Prints its address and answers until it is killed. The records are those of the decode benchmark, over and over
/// with other ids, until there are `count`.
pub(crate) fn serve(count: u64) -> io::Result<()> {
    let recorded = include_str!("../decode/answers/res.partner.json");
    let recorded: Vec<&RawValue> = serde_json::from_str(recorded)?;
    // All but the id, which comes first.
    let rows: Vec<String> = recorded.iter().filter_map(|row| Some(row.get().split_once(", ")?.1.to_owned())).collect();
    let server = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", server.local_addr()?);
    for connection in server.incoming() {
        let (connection, rows) = (connection?, rows.clone());
        std::thread::spawn(move || answer(connection, &rows, count));
    }
    Ok(())
}

fn answer(connection: TcpStream, rows: &[String], count: u64) -> io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut writer = connection;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or_default();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let request: Value = serde_json::from_slice(&body).unwrap_or_default();
        let result = match request["params"]["method"].as_str() {
            Some("execute_kw") => page(&request["params"]["args"], rows, count),
            Some("authenticate" | "login") => "2".to_owned(),
            _ => r#"{"server_version": "19.0"}"#.to_owned(),
        };
        let body = format!(r#"{{"jsonrpc": "2.0", "id": 0, "result": {result}}}"#);
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        writer.write_all(head.as_bytes())?;
        writer.write_all(body.as_bytes())?;
    }
}

fn page(args: &Value, rows: &[String], count: u64) -> String {
    let named = [&args[5], &args[6]].into_iter().find(|args| args.is_object()).unwrap_or(&Value::Null);
    let domain = if named["domain"].is_array() { &named["domain"] } else { &args[5][0] };
    let last = domain.as_array().and_then(|domain| domain.last()).and_then(|term| term[2].as_u64()).unwrap_or(0);
    let limit = named["limit"].as_u64().unwrap_or(count);
    let ids = last + 1..=count.min(last + limit);
    let page: Vec<String> = ids.zip(rows.iter().cycle()).map(|(id, row)| format!(r#"{{"id": {id}, {row}"#)).collect();
    format!("[{}]", page.join(", "))
}
