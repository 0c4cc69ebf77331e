//! Reports: files that Odoo prints, in a web session only.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde_json::{Map, Value};
use tracing::{Instrument, Span};

use crate::error::{Error, ErrorKind};
use crate::transport::address::form;
use crate::transport::answers::fault::{Exchange, Fault};
use crate::transport::answers::page;
use crate::transport::http::answer::Answer;
use crate::transport::retry::{Retries, repeat};
use crate::transport::{Route, TimeLimit, Transport, trace};

/// What a report is printed as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paper {
    Pdf,
    Html,
    Text,
}

impl Paper {
    fn converter(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

impl Transport {
    /// Prints a report, again if need be: printing the same twice comes to the same.
    pub(crate) async fn report(
        &self,
        name: &str,
        ids: &[i64],
        paper: Paper,
        context: &Map<String, Value>,
    ) -> Result<Vec<u8>, Error> {
        let span = trace::report_span(name, ids.len());
        self.print(name, ids, paper, context, &span).instrument(span.clone()).await
    }

    async fn print(
        &self,
        name: &str,
        ids: &[i64],
        paper: Paper,
        context: &Map<String, Value>,
        span: &Span,
    ) -> Result<Vec<u8>, Error> {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let ids = ids.join(",");
        let context = serde_json::to_string(context).map_err(|error| {
            Error::new(ErrorKind::Encode, "the context cannot be written as JSON").with_source(error)
        })?;
        let limits = self.http.limits();
        let mut retries = Retries::new(limits.retry, limits.call);
        let (of, with) = (&*ids, &*context);
        let attempt = |limit| async move {
            match paper {
                Paper::Html => self.page(name, of, with, limit, span).await,
                Paper::Pdf | Paper::Text => self.file(name, of, paper, with, limit, span).await,
            }
        };
        let outcome = repeat(&mut retries, Some(self.http.limiter()), || true, attempt).await;
        trace::record_end(span, retries.attempts(), &outcome);
        match outcome {
            Ok(answer) => Ok(answer.body.into()),
            Err(error) => Err(error.with_doing(format!("cannot print the report `{name}` of {ids}"))),
        }
    }

    /// As a page. If that fails, what the server says is a page too; of a text it says more precisely why.
    async fn page(&self, name: &str, ids: &str, context: &str, limit: TimeLimit, span: &Span) -> Result<Answer, Error> {
        let path = format!("/report/html/{}/{ids}?{}", segment(name), form(&[("context", context)]));
        let answer = self.answer_of(&Route::get_in_session(path)?, false, limit, span).await?;
        if answer.status == 200 && answer.content_type().starts_with("text/html") {
            return Ok(answer);
        }
        if matches!(answer.status, 400 | 403 | 404 | 422 | 500) {
            self.file(name, ids, Paper::Text, context, limit, span).await?;
        }
        Err(page::error(&answer).with_retry_after(answer.retry_after()))
    }

    /// The address that the web client downloads from: alone among those of reports it says what went wrong.
    async fn file(
        &self,
        name: &str,
        ids: &str,
        paper: Paper,
        context: &str,
        limit: TimeLimit,
        span: &Span,
    ) -> Result<Answer, Error> {
        let converter = paper.converter();
        let url = format!("/report/{converter}/{}/{ids}", segment(name));
        let data = serde_json::json!([url, format!("qweb-{converter}")]).to_string();
        // The token comes back as a cookie, which nobody looks at.
        let query = form(&[("data", &data), ("context", context), ("token", "0")]);
        let route = Route::get_in_session(format!("/report/download?{query}"))?;
        let answer = self.answer_of(&route, false, limit, span).await?;
        if let Some(fault) = fault(&answer) {
            // With status 200.
            let exchange = Exchange { target: None, path: &answer.path, status: answer.status };
            return Err(fault.into_error(exchange).with_retry_after(answer.retry_after()));
        }
        let is_file = match paper {
            Paper::Pdf => answer.body.starts_with(b"%PDF-"),
            Paper::Html | Paper::Text => answer.content_type().starts_with("text/plain"),
        };
        if answer.status == 200 && is_file {
            return Ok(answer);
        }
        Err(page::error(&answer).with_retry_after(answer.retry_after()))
    }
}

/// An error as a page: JSON with its quotes and brackets escaped.
fn fault(answer: &Answer) -> Option<Fault> {
    if !answer.body.starts_with(b"{") {
        return None;
    }
    let text = std::str::from_utf8(&answer.body).ok()?;
    let error: Value = serde_json::from_str(&page::unescape(text.to_owned())).ok()?;
    error.is_object().then(|| Fault::from_json_rpc(error))
}

/// A name as one part of a path.
fn segment(name: &str) -> PercentEncode<'_> {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'-');
    utf8_percent_encode(name, ENCODED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_part_of_the_path() {
        assert_eq!(segment("account.report_invoice").to_string(), "account.report_invoice");
        assert_eq!(segment("a/../b?c#d é").to_string(), "a%2F..%2Fb%3Fc%23d%20%C3%A9");
    }
}
