//! The web session: what Odoo's own web client uses. Calls go to `/web/dataset/call_kw` with a session id instead of a
//! user and a password.

use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::header::{COOKIE, HeaderName, HeaderValue, LOCATION};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::error::{Error, ErrorKind};
use crate::model::json;
use crate::transport::SessionInfo;
use crate::transport::http::answer::Answer;
use crate::transport::http::body::Json;
use crate::transport::http::{Boxed, CALL_KW as CALL};
use crate::transport::wires::arguments::Split;
use crate::transport::wires::cookie::{INFO, cookie, header};
use crate::transport::wires::jsonrpc;
use crate::transport::wires::login::LogIn;
use crate::transport::{Envelope, Http, Invocation, Reply, Request, TimeLimit, lacks_database};
use crate::version::{Difference, ServerVersion};

const DESTROY: &str = "/web/session/destroy";
/// Read by versions up to 16, and by none of those that know only the cookie.
const SESSION_ID: HeaderName = HeaderName::from_static("x-openerp-session-id");

/// The session of a client: begun when it is first needed, and begun anew when the server has ended it.
pub(crate) struct Session {
    source: Source,
    state: Mutex<State>,
    /// Held while somebody logs in, so that one login serves all who wait for it.
    gate: tokio::sync::Mutex<()>,
}

/// Where sessions come from.
pub(crate) enum Source {
    LogIn(LogIn),
    /// There is only the session that was given.
    Adopted,
    /// Odoo starts no session for an API key.
    ApiKey,
}

#[derive(Default)]
struct State {
    id: Option<SecretString>,
    /// How many sessions there have been. A session whose id the server changes stays the same one.
    generation: u64,
    /// Whose sessions these are.
    uid: Option<i64>,
    /// How many times somebody tried to log in, and how the last time failed.
    tries: u64,
    failure: Option<Failure>,
    is_closed: bool,
}

/// How a login failed: what those are told who waited for it.
struct Failure {
    kind: ErrorKind,
    why: String,
    is_transient: bool,
}

/// A session as one request uses it.
struct Ticket {
    id: SecretString,
    generation: u64,
}

impl Session {
    pub(crate) fn new(source: Source, adopted: Option<SecretString>) -> Self {
        Self { source, state: Mutex::new(State { id: adopted, ..State::default() }), gate: tokio::sync::Mutex::new(()) }
    }

    /// The id of the session, if there is one.
    pub(crate) fn id(&self) -> Option<SecretString> {
        self.state().id.clone()
    }

    /// The password that sessions begin with, if there is one.
    pub(crate) fn password(&self) -> Option<&SecretString> {
        match &self.source {
            Source::LogIn(log_in) => Some(&log_in.credentials.secret),
            Source::Adopted | Source::ApiKey => None,
        }
    }

    /// Whether there is a session, or one could begin.
    pub(crate) fn can_begin(&self) -> bool {
        !matches!(self.source, Source::ApiKey)
    }

    /// Refuses what Odoo does in a session only, where there can be none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.can_begin() { Ok(()) } else { Err(self.expired()) }
    }

    /// What the server says about the session, which begins if there is none.
    pub(crate) async fn open(&self, http: &Http, version: &ServerVersion) -> Result<SessionInfo, Error> {
        if self.ticket().is_none() {
            // The answer to a login says the same.
            if let (_, Some(info)) = self.renew(http, None).await? {
                return Ok(info);
            }
        }
        let request = || Ok(Request::post(INFO, jsonrpc::envelope(&json!({}))?).small());
        let place = http.limiter().enter().await;
        let answer = self.send(http, &request, http.time_limit()).await?;
        // Odoo 14 with several databases has no other words for a session it does not know.
        let answer = if !version.has(Difference::ErrorsInWords) && answer.status == 500 {
            let Some(ticket) = self.ticket() else { return Err(self.expired()) };
            self.renew(http, Some(ticket.generation)).await?;
            http.limiter().keep_pace().await;
            self.send(http, &request, http.time_limit()).await?
        } else {
            answer
        };
        drop(place);
        let info: Value = Reply::new(answer, Envelope::JsonRpc).read_as()?;
        let info = SessionInfo::read(&info).ok_or_else(|| self.expired())?;
        self.belongs_to(info.uid.get())?;
        Ok(info)
    }

    /// Makes a call.
    pub(crate) async fn call(&self, http: &Http, invocation: &Invocation, limit: TimeLimit) -> Result<Answer, Error> {
        let Invocation { target, arguments, context, .. } = invocation;
        let split = Split::new(&target.method, target.ids.as_deref(), arguments, context.as_map());
        let request = || {
            let mut json = Json::with_capacity(192 + arguments.size_hint());
            json.raw(jsonrpc::HEAD);
            json.raw("{\"model\":");
            json.value(&*target.model)?;
            json.raw(",\"method\":");
            json.value(&*target.method)?;
            json.raw(",\"args\":");
            split.write_args(&mut json)?;
            json.raw(",\"kwargs\":");
            split.write_kwargs(&mut json)?;
            json.raw("}}");
            Ok(Request::post(CALL, json.finish()))
        };
        self.send(http, &request, limit).await
    }

    /// Sends a request in the session, and once more in a new one if the server does not know the session any more: what
    /// it did not know the session for it did not execute.
    pub(crate) async fn send(
        &self,
        http: &Http,
        request: &(dyn Fn() -> Result<Request, Error> + Sync),
        limit: TimeLimit,
    ) -> Result<Answer, Error> {
        let (ticket, only_reads, answer) = match self.ticket() {
            Some(ticket) => {
                let request = ticket.sign(request()?)?;
                (ticket, request.method.is_safe(), http.send(request, limit).await?)
            }
            None => {
                let (ticket, _) = self.renew(http, None).await?;
                let request = ticket.sign(request()?)?;
                (ticket, request.method.is_safe(), http.again(request, limit.limit).await?)
            }
        };
        if !is_expired(&answer, only_reads) {
            self.follow(&ticket, &answer);
            return Ok(answer);
        }
        let (ticket, _) = self.renew(http, Some(ticket.generation)).await?;
        let answer = http.again(ticket.sign(request()?)?, limit.limit).await?;
        // Of a route that is not there the server says the same.
        if is_expired(&answer, only_reads) && (answer.status != 404 || is_odoos(&answer.path)) {
            return Err(self.expired());
        }
        self.follow(&ticket, &answer);
        Ok(answer)
    }

    /// Ends the session on the server, and here for good.
    pub(crate) async fn close(&self, http: &Http) -> Result<(), Error> {
        let ticket = {
            let mut state = self.state();
            state.is_closed = true;
            let generation = state.generation;
            state.id.take().map(|id| Ticket { id, generation })
        };
        let Some(ticket) = ticket else { return Ok(()) };
        let request = Request::post(DESTROY, jsonrpc::envelope(&json!({}))?);
        let _place = http.limiter().enter().await;
        let answer = http.send(ticket.sign(request)?, http.time_limit()).await?;
        // It is gone either way.
        if is_expired(&answer, false) {
            return Ok(());
        }
        Reply::new(answer, Envelope::JsonRpc).read_as::<Value>().map(drop)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ticket(&self) -> Option<Ticket> {
        let state = self.state();
        state.id.clone().map(|id| Ticket { id, generation: state.generation })
    }

    /// Another session in the place of the one that is spent. Whoever waits while another logs in shares what comes of it.
    fn renew<'a>(&'a self, http: &'a Http, spent: Option<u64>) -> Boxed<'a, (Ticket, Option<SessionInfo>)> {
        Box::pin(async move {
            let Source::LogIn(log_in) = &self.source else {
                return Err(self.expired());
            };
            let tries = self.state().tries;
            let _gate = self.gate.lock().await;
            {
                let state = self.state();
                if state.is_closed {
                    return Err(Error::new(ErrorKind::SessionExpired, "this client has logged out")
                        .with_remedy("connect again"));
                }
                if let Some(id) = &state.id
                    && spent != Some(state.generation)
                {
                    return Ok((Ticket { id: id.clone(), generation: state.generation }, None));
                }
                if let Some(Failure { kind, why, is_transient }) = &state.failure
                    && state.tries != tries
                {
                    let error = Error::new(*kind, format!("another call tried to log in again: {why}"));
                    return Err(if *is_transient { error.transient() } else { error });
                }
            }
            let outcome = log_in.run(http).await;
            let outcome = outcome.and_then(|(id, info)| self.belongs_to(info.uid.get()).map(|()| (id, info)));
            let mut state = self.state();
            state.tries += 1;
            match outcome {
                Ok((id, info)) => {
                    state.generation += 1;
                    state.id = Some(id.clone());
                    state.failure = None;
                    Ok((Ticket { id, generation: state.generation }, Some(info)))
                }
                Err(error) => {
                    // Of the call itself nothing was sent.
                    let error = error.not_executed();
                    let (kind, why, is_transient) = (error.kind(), error.to_string(), error.is_transient());
                    state.failure = Some(Failure { kind, why, is_transient });
                    Err(error)
                }
            }
        })
    }

    /// The server gives a session a new id from time to time (19: every three hours), and soon forgets the old one.
    fn follow(&self, ticket: &Ticket, answer: &Answer) {
        // An error may come with a session of nobody's.
        let Some(id) = answer.session_id().filter(|_| answer.status < 400) else { return };
        let mut state = self.state();
        // An answer that comes late may name an id from before.
        let is_current = state.id.as_ref().is_some_and(|known| known.expose_secret() == ticket.id.expose_secret());
        if is_current && state.generation == ticket.generation {
            state.id = Some(id);
        }
    }

    /// A client stays with the user it connected as, whatever session or login comes later.
    fn belongs_to(&self, uid: i64) -> Result<(), Error> {
        let mut state = self.state();
        match state.uid.replace(uid) {
            Some(before) if before != uid => {
                state.uid = Some(before);
                let what = format!("the session was that of user {before}, but the login is that of user {uid}");
                Err(Error::config(what).with_remedy("give the session and the login of one user"))
            }
            _ => Ok(()),
        }
    }

    fn expired(&self) -> Error {
        match &self.source {
            Source::ApiKey => Error::config("an API key cannot start a web session: Odoo takes only passwords there")
                .with_remedy("give user and password, or a session id"),
            Source::Adopted => {
                Error::new(ErrorKind::SessionExpired, "the server does not know the session, or has ended it")
                    .with_remedy(
                        "give the id of a new one; with database, user and password the client logs in by itself",
                    )
            }
            Source::LogIn(_) => {
                Error::new(ErrorKind::SessionExpired, "the server does not know the session it has just begun")
                    .with_remedy("its database may be another than the one that answers at this address")
            }
        }
    }
}

impl Ticket {
    fn sign(&self, mut request: Request) -> Result<Request, Error> {
        request.headers.insert(COOKIE, cookie(&self.id)?);
        request.headers.insert(SESSION_ID, header(self.id.expose_secret())?);
        Ok(request)
    }
}

/// Whether the server does not know the session, or has ended it. It says so in as many ways as it has kinds of addresses:
///
/// - code 100, once the database is known: from the session, or because the server has only one;
/// - with several databases, an address that it claims not to have: as JSON (14) or as a page (19);
/// - a redirect to the login page, where a page or a file was asked for.
///
/// What it is mistaken for would be done twice: a route of somebody's may have codes of its own.
fn is_expired(answer: &Answer, only_reads: bool) -> bool {
    /// A traceback is long, but not endless.
    const ERROR_BYTES: usize = 1 << 20;
    if (300..400).contains(&answer.status) {
        let to = answer.headers.get(&LOCATION).map_or(&[][..], HeaderValue::as_bytes);
        return asks_for_login(&String::from_utf8_lossy(to), only_reads);
    }
    if lacks_database(answer) || lacks_report(answer) {
        return true;
    }
    let body = &answer.body;
    let is_error = answer.status == 404 || body[..body.len().min(128)].windows(7).any(|word| word == b"\"error\"");
    if !is_error || body.len() > ERROR_BYTES {
        return false;
    }
    let Some(body) = json::tree(body) else {
        return false;
    };
    let code = &body["error"]["code"];
    body["jsonrpc"] == "2.0" && (*code == 100 || (*code == 404 && answer.status == 404))
}

/// Whether a redirect leads to the login page for want of a login: then Odoo says where to go on from there, but for some of its own
/// pages (14). What else leads there may have done what it was to do.
pub(crate) fn asks_for_login(location: &str, only_reads: bool) -> bool {
    location.contains("/web/login") && (only_reads || location.contains("redirect="))
}

/// Whether every Odoo has this address.
fn is_odoos(path: &str) -> bool {
    ["/web/", "/report/", "/doc/"].iter().any(|folder| path.starts_with(folder))
}

/// Whether the server claims to have no reports: 14 with several databases says no more of a session it does not know.
fn lacks_report(answer: &Answer) -> bool {
    const WORDS: &[u8] = b"The requested URL was not found on the server";
    answer.status == 404
        && answer.path.starts_with("/report/")
        && answer.body.windows(WORDS.len()).take(1 << 10).any(|words| words == WORDS)
}
