//! The server of the comparison: it knows partners that a real Odoo sent, what a pin says of each model, and who may log in, in the
//! words of each way that the clients take. It does as little as it can for an answer, and is a process of its own.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The fields of a partner but `id`, which comes first.
pub(super) const FIELDS: &str = "name display_name email phone street street2 city zip website vat function barcode comment active \
     is_company employee color customer_rank supplier_rank partner_latitude partner_longitude create_date write_date country_id \
     state_id parent_id user_id category_id child_ids";

/// How many partners there are.
pub(super) const PARTNERS: usize = 100_000;

/// What the server answers `search_count`.
const COUNT: u64 = 1729;

struct Stub {
    /// Partners without their id, in JSON and in XML.
    json: Vec<String>,
    xml: Vec<String>,
    /// What `fields_get` says of each model, in both.
    fields: HashMap<String, [String; 2]>,
}

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The pin
    #[arg(default_value = "odoo19")]
    target: String,
}

/// Prints its address, and answers until its input ends.
pub(crate) fn run(args: &Args) -> Result<()> {
    let stub = Arc::new(Stub::new(&args.target)?);
    let server = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", server.local_addr()?);
    std::thread::spawn(|| {
        let _ = io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    for connection in server.incoming() {
        let (connection, stub) = (connection?, Arc::clone(&stub));
        // Clients may go away.
        std::thread::spawn(move || stub.serve(&connection).is_ok());
    }
    Ok(())
}

impl Stub {
    fn new(target: &str) -> Result<Self> {
        let recorded = crate::workspace().join("client-core/benches/decode/answers/res.partner.json");
        let recorded = std::fs::read_to_string(&recorded).with_context(|| format!("{}", recorded.display()))?;
        let recorded: Vec<BTreeMap<String, Value>> = serde_json::from_str(&recorded)?;
        let (mut json, mut xml) = (Vec::new(), Vec::new());
        for row in &recorded {
            let fields = FIELDS.split_ascii_whitespace().map(|field| (field, &row[field]));
            let (mut in_json, mut in_xml) = (String::new(), String::new());
            for (field, value) in fields {
                write!(in_json, ", \"{field}\": {value}")?;
                write!(in_xml, "<member><name>{field}</name>{}</member>", as_xml(value))?;
            }
            json.push(in_json);
            xml.push(in_xml);
        }
        let target = crate::Target::load(target)?;
        let mut fields = HashMap::new();
        for (name, text) in crate::pinned_models(&target)? {
            let model: Value = serde_json::from_str(&text)?;
            fields.insert(name, [model["fields"].to_string(), as_xml(&model["fields"])]);
        }
        Ok(Self { json, xml, fields })
    }

    fn serve(&self, connection: &TcpStream) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut reader = BufReader::new(connection);
        let (mut line, mut body) = (String::new(), Vec::new());
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            let (mut length, mut is_last) = (0, false);
            loop {
                line.clear();
                reader.read_line(&mut line)?;
                let Some((name, value)) = line.trim_end().split_once(':') else { break };
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.trim().parse().unwrap_or_default(),
                    "connection" => is_last = value.trim().eq_ignore_ascii_case("close"),
                    _ => {}
                }
            }
            body.resize(length, 0);
            reader.read_exact(&mut body)?;
            let (kind, answer) = if path.starts_with("/xmlrpc/") {
                let body = String::from_utf8_lossy(&body);
                let result = self.in_xml(&body);
                let head = "<?xml version='1.0'?>\n<methodResponse><params><param>";
                ("text/xml", format!("{head}{result}</param></params></methodResponse>"))
            } else {
                let request: Value = serde_json::from_slice(&body).unwrap_or_default();
                let result = self.in_json(&path, &request["params"]);
                ("application/json", format!(r#"{{"jsonrpc": "2.0", "id": {}, "result": {result}}}"#, request["id"]))
            };
            // Odooly asks whether the password is a key of JSON-2.
            let status = if path.starts_with("/json/") { "404 NOT FOUND" } else { "200 OK" };
            let mut head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", answer.len());
            if path == "/web/session/authenticate" {
                head += "Set-Cookie: session_id=0123456789; Path=/; HttpOnly\r\n";
            }
            head += if is_last { "Connection: close\r\n\r\n" } else { "\r\n" };
            let mut writer = connection;
            writer.write_all(head.as_bytes())?;
            writer.write_all(answer.as_bytes())?;
            if is_last {
                return Ok(());
            }
        }
    }

    fn in_json(&self, path: &str, params: &Value) -> String {
        let (model, method, args, named) = match (path, params["method"].as_str()) {
            ("/web/session/authenticate", _) => {
                let user = json!({"lang": "en_US", "tz": "Europe/Brussels", "uid": 2});
                let info = json!({"uid": 2, "username": "admin", "name": "Admin", "db": "apps", "user_context": user,
                    "session_id": "0123456789", "server_version": "19.0", "is_admin": true});
                return info.to_string();
            }
            ("/jsonrpc", Some("execute" | "execute_kw")) => {
                let args = &params["args"];
                (args[3].as_str(), args[4].as_str(), &args[5], &args[6])
            }
            ("/jsonrpc", Some("authenticate" | "login")) => return "2".to_owned(),
            (path, method) if path.starts_with("/web/dataset/call_kw") => {
                (params["model"].as_str(), method, &params["args"], &params["kwargs"])
            }
            ("/web/database/list", _) => return r#"["apps"]"#.to_owned(),
            _ => return r#"{"server_version": "19.0", "server_version_info": [19, 0, 0, "final", 0, ""]}"#.to_owned(),
        };
        match (model, method) {
            (Some("res.partner"), Some("search_read")) => {
                let domain = if named["domain"].is_array() { &named["domain"] } else { &args[0] };
                let number = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
                // Pages behind an id, or behind a number of records.
                let behind = domain.as_array().and_then(|terms| terms.iter().find(|term| term[0] == "id"));
                let after = behind.and_then(|term| number(&term[2])).or(number(&named["offset"])).unwrap_or(0);
                page(&self.json, after, number(&named["limit"]), ", ", |page, id, row| {
                    let _ = write!(page, "{{\"id\": {id}{row}}}");
                })
            }
            (_, Some("search_count")) => COUNT.to_string(),
            (Some(model), Some("fields_get")) => self.fields.get(model).map_or("{}", |text| &text[0]).to_owned(),
            (Some("res.users"), Some("context_get")) => r#"{"lang": "en_US", "tz": false, "uid": 2}"#.to_owned(),
            _ => "[]".to_owned(),
        }
    }

    fn in_xml(&self, request: &str) -> String {
        let number = |name: &str| -> Option<usize> {
            let (_, rest) = request.split_once(&format!("<name>{name}</name>"))?;
            let (_, digits) = rest
                .split_once("<int>")
                .filter(|(before, _)| before.trim() == "<value>")
                .or_else(|| rest.split_once("<i4>"))?;
            digits.split('<').next()?.trim().parse().ok()
        };
        if request.contains("<methodName>authenticate<") {
            as_xml(&json!(2))
        } else if request.contains("<string>search_count<") {
            as_xml(&json!(COUNT))
        } else if request.contains("<string>search_read<") {
            let rows = page(&self.xml, number("offset").unwrap_or(0), number("limit"), "", |page, id, row| {
                let id = format!("<member><name>id</name><value><int>{id}</int></value></member>");
                let _ = write!(page, "<value><struct>{id}{row}</struct></value>");
            });
            let rows = rows.trim_start_matches('[').trim_end_matches(']');
            format!("<value><array><data>{rows}</data></array></value>")
        } else {
            let strings = request.split("<string>").filter_map(|text| text.split('<').next());
            let model = strings.filter_map(|text| self.fields.get(text)).next();
            model.map_or_else(|| as_xml(&json!([])), |fields| fields[1].clone())
        }
    }
}

fn page(
    rows: &[String],
    after: usize,
    limit: Option<usize>,
    between: &str,
    add: impl Fn(&mut String, usize, &str),
) -> String {
    let last = PARTNERS.min(limit.map_or(PARTNERS, |limit| after + limit));
    let mut page = String::with_capacity(1 << 16);
    page.push('[');
    for id in after + 1..=last {
        if id > after + 1 {
            page += between;
        }
        add(&mut page, id, &rows[(id - 1) % rows.len()]);
    }
    page.push(']');
    page
}

fn as_xml(value: &Value) -> String {
    let escaped = |text: &str| {
        // XML has no other control characters, and Odoo leaves them out.
        let text = text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t'), "");
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    };
    let inner = match value {
        Value::Bool(truth) => format!("<boolean>{}</boolean>", u8::from(*truth)),
        Value::Number(number) if number.is_f64() => format!("<double>{number}</double>"),
        Value::Number(number) => format!("<int>{number}</int>"),
        Value::String(text) => format!("<string>{}</string>", escaped(text)),
        Value::Array(items) => format!("<array><data>{}</data></array>", items.iter().map(as_xml).collect::<String>()),
        Value::Object(entries) => {
            let member = |(name, value): (&String, _)| {
                format!("<member><name>{}</name>{}</member>", escaped(name), as_xml(value))
            };
            format!("<struct>{}</struct>", entries.iter().map(member).collect::<String>())
        }
        Value::Null => "<boolean>0</boolean>".to_owned(),
    };
    format!("<value>{inner}</value>")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Python and JavaScript write numbers.
    #[test]
    fn a_page_is_the_same_in_json_and_in_xml() {
        let stub = Stub::new("odoo19").unwrap();
        let named = json!({"offset": 7, "limit": 3});
        let params = json!({"service": "object", "method": "execute_kw",
            "args": ["apps", 2, "admin", "res.partner", "search_read", [[]], named]});
        let rows: Vec<Value> = serde_json::from_str(&stub.in_json("/jsonrpc", &params)).unwrap();
        assert_eq!(rows.iter().map(|row| row["id"].as_u64().unwrap()).collect::<Vec<_>>(), [8, 9, 10]);
        assert_eq!(rows[0].as_object().unwrap().len(), 30);
        for number in ["<value><int>", "<value><i4>", "<value>\n<int>"] {
            let member = |(name, value)| format!("<name>{name}</name>{number}{value}</int></value>");
            let members = [("offset", 7), ("limit", 3)].map(member).concat();
            let xml = stub.in_xml(&format!("<string>res.partner</string><string>search_read</string>{members}"));
            assert_eq!(xml.matches("<name>id</name>").count(), 3, "{number}");
            assert!(xml.contains("<int>8</int>") && xml.contains("<int>10</int>"), "{number}");
        }
        assert_eq!(as_xml(&json!("<\u{1}&")), "<value><string>&lt;&amp;</string></value>");
    }
}
