//! What a test says is to go wrong, and when.

use std::time::Duration;

use hyper::header::RETRY_AFTER;

use crate::Fault;
use crate::http::answer::Answer;
use crate::http::call::Call;

/// Something that goes wrong with requests, as it does between programs and real servers.
///
/// Once, with the next call of any method, unless it is said otherwise.
///
/// ```
/// use odoo_emulator::Failure;
///
/// // The connection ends when the order is in the database, and before the program knows.
/// let failure = Failure::cut_after().on("sale.order", "create");
/// // A proxy that restarts: two requests get its page.
/// let failure = Failure::bad_gateway().times(2);
/// // The third of the calls that an import is made of is refused.
/// let failure = Failure::raises(odoo_emulator::Fault::validation("no")).on("sale.order", "load").after(2);
/// ```
#[derive(Clone, Debug)]
pub struct Failure {
    latency: Option<Duration>,
    outcome: Option<Outcome>,
    on: Option<(String, String)>,
    /// How many requests go well before.
    before: usize,
    left: usize,
}

/// What comes instead of the usual answer.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Answer(Answer),
    Raises(Fault),
    CutBefore,
    CutAfter,
    SessionExpired,
}

impl Failure {
    fn new(outcome: Option<Outcome>) -> Self {
        Self { latency: None, outcome, on: None, before: 0, left: 1 }
    }

    fn answer(answer: Answer) -> Self {
        Self::new(Some(Outcome::Answer(answer)))
    }

    /// The answer takes this long. Nothing else is wrong with it.
    pub fn latency(time: Duration) -> Self {
        Self { latency: Some(time), ..Self::new(None) }
    }

    /// Status 429: too many requests, and in how many seconds there may be another. Nothing is called.
    pub fn too_many_requests(retry_after: u32) -> Self {
        let answer = Answer::html(429, "<html><body><h1>429 Too Many Requests</h1></body></html>\n");
        Self::answer(answer.with_header(RETRY_AFTER, retry_after.to_string()))
    }

    /// Status 502, with the page of nginx in front of an Odoo that does not answer. Nothing is called.
    pub fn bad_gateway() -> Self {
        let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\
                    \r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
        Self::answer(Answer::new(502, "text/html", page))
    }

    /// The connection ends before anything is called.
    pub fn cut_before() -> Self {
        Self::new(Some(Outcome::CutBefore))
    }

    /// The connection ends when the call is done, and its answer is lost.
    pub fn cut_after() -> Self {
        Self::new(Some(Outcome::CutAfter))
    }

    /// The server has forgotten the session that the request comes with.
    pub fn session_expired() -> Self {
        Self::new(Some(Outcome::SessionExpired))
    }

    /// The call meets another transaction, as often as Odoo tries it: `SerializationFailure`.
    pub fn serialization() -> Self {
        Self::raises(Fault::new(
            "psycopg2.errors.SerializationFailure",
            "could not serialize access due to concurrent update\n",
        ))
    }

    /// The call raises this exception, and changes nothing.
    pub fn raises(fault: Fault) -> Self {
        Self::new(Some(Outcome::Raises(fault)))
    }

    /// Only with calls of this method of this model.
    #[must_use]
    pub fn on(mut self, model: impl Into<String>, method: impl Into<String>) -> Self {
        self.on = Some((model.into(), method.into()));
        self
    }

    /// When so many requests have gone well.
    #[must_use]
    pub fn after(mut self, requests: usize) -> Self {
        self.before = requests;
        self
    }

    /// With so many requests, rather than one.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.left = times;
        self
    }

    /// With every request from now on.
    #[must_use]
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// The model and the method that it is about, if it is not about all of them.
    pub(crate) fn target(&self) -> Option<(&str, &str)> {
        self.on.as_ref().map(|(model, method)| (&**model, &**method))
    }

    fn is_about(&self, call: &Call) -> bool {
        match (&self.on, call.target()) {
            (Some((model, method)), Some(target)) => target == (model, method),
            (None, Some(_)) => true,
            (_, None) => false,
        }
    }
}

/// All that is to go wrong, in the order in which it was said.
#[derive(Debug, Default)]
pub(crate) struct Script(Vec<Failure>);

/// What goes wrong with one request.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    pub(crate) latency: Option<Duration>,
    pub(crate) outcome: Option<Outcome>,
}

impl Script {
    pub(crate) fn push(&mut self, failure: Failure) {
        self.0.push(failure);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What goes wrong with this call: one latency and one outcome at most.
    pub(crate) fn next(&mut self, call: &Call) -> Planned {
        let mut planned = Planned::default();
        for failure in &mut self.0 {
            let is_free = match failure.outcome {
                Some(_) => planned.outcome.is_none(),
                None => planned.latency.is_none(),
            };
            if !is_free || !failure.is_about(call) {
                continue;
            }
            if failure.before > 0 {
                failure.before -= 1;
                continue;
            }
            failure.left = failure.left.saturating_sub(1);
            planned.latency = planned.latency.or(failure.latency);
            planned.outcome = planned.outcome.or_else(|| failure.outcome.clone());
        }
        self.0.retain(|failure| failure.left > 0);
        planned
    }
}
