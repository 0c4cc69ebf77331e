//! Reports: invoices, delivery slips and whatever else Odoo prints.

use crate::model::ToNumbers;
use crate::transport::Paper;
use crate::{Client, Error};

/// What a report is printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReportFormat {
    /// A PDF. The server needs wkhtmltopdf for it.
    Pdf,
    /// The page that the PDF would be made from.
    Html,
    /// Text, such as the commands of a label printer.
    Text,
}

impl Client {
    /// Prints a report of a record, or of several, by its technical name. The context of the client goes along; in which language
    /// the report is, is up to the report: many take that of the partner.
    ///
    /// Only a web session can print: a client with a password begins one, one with nothing but an API key cannot.
    /// The ids are part of an address, so a few hundred are as many as proxies let through.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use odoo_client::ops::ReportFormat;
    ///
    /// let pdf = odoo.report("account.report_invoice", [7_i64], ReportFormat::Pdf).await?;
    /// std::fs::write("invoice.pdf", pdf)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire `/report/download` and `/report/html`.
    ///
    /// # Errors
    ///
    /// [`UnknownReport`](crate::ErrorKind::UnknownReport); [`Missing`](crate::ErrorKind::Missing) and
    /// [`Access`](crate::ErrorKind::Access) for the records; [`User`](crate::ErrorKind::User) where the report refuses
    /// them, or the server has no wkhtmltopdf; [`Config`](crate::ErrorKind::Config) for a client with an API key, and
    /// without ids; those of any call.
    pub async fn report<V>(
        &self,
        name: impl AsRef<str>,
        ids: impl ToNumbers<V>,
        format: ReportFormat,
    ) -> Result<Vec<u8>, Error> {
        let ids = ids.to_numbers();
        let paper = match format {
            ReportFormat::Pdf => Paper::Pdf,
            ReportFormat::Html => Paper::Html,
            ReportFormat::Text => Paper::Text,
        };
        if ids.is_empty() {
            return Err(Error::config("a report needs ids of the records to print"));
        }
        if let Some(refusal) = self.context().refusal() {
            return Err(refusal.clone().into());
        }
        self.transport().report(name.as_ref(), &ids, paper, self.context().as_map()).await
    }
}
