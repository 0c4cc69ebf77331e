//! The address of a server, also as people copy it from a browser.

use reqwest::Url;

use crate::error::Error;

/// Where the server may be, the likeliest first: at the URL without what is a page or an interface of Odoo's in it.
///
/// Since 18.0 the pages of the web client are below `/odoo`, which is also what people call the folder that a proxy has Odoo
/// in: only the server can tell, and what was given comes first, for there may be another Odoo above it.
pub(crate) fn places(url: &str) -> Result<Vec<Url>, Error> {
    let given = parse(url)?;
    let segments: Vec<&str> = given.path_segments().into_iter().flatten().collect();
    let page = (0..segments.len()).find(|&at| match segments[at] {
        "web" | "scoped_app" | "jsonrpc" | "xmlrpc" => true,
        "json" => segments.get(at + 1).is_some_and(|version| version.parse::<u8>().is_ok()),
        _ => false,
    });
    let above = |end: usize| {
        let mut url = given.clone();
        url.set_path(&segments[..end].join("/"));
        url
    };
    let end = page.unwrap_or(segments.len());
    let client = segments[..end].iter().rposition(|segment| *segment == "odoo");
    Ok([Some(end), client].into_iter().flatten().map(above).collect())
}

/// The address of a path below that of the server.
pub(super) fn below(base: &Url, path: &str) -> Url {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url.set_query(query);
    url
}

/// Names and values as a query or a form has them: `a=b&c=d`, encoded.
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn parse(url: &str) -> Result<Url, Error> {
    // The text itself stays out of the message: what cannot be parsed cannot be stripped of a password.
    let wrong = |why: &str| {
        Error::config(format!("the server's URL is not usable: {why}"))
            .with_remedy("give one like https://odoo.example.com")
    };
    let mut base = Url::parse(url.trim()).map_err(|error| match error.to_string() {
        relative if relative.contains("without a base") => wrong("it does not begin with http:// or https://"),
        other => wrong(&other),
    })?;
    if !matches!(base.scheme(), "http" | "https") {
        return Err(wrong("it does not begin with http:// or https://"));
    }
    // As copied from a browser's address bar.
    base.set_query(None);
    base.set_fragment(None);
    Ok(base)
}

pub(super) fn without_login(url: &mut Url) {
    // These fail on URLs that cannot have them, which is as good.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// A URL that may be shown: no user name, password, query or trailing slash.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    without_login(&mut url);
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn shown_places(url: &str) -> Vec<String> {
        places(url).unwrap().iter().map(shown).collect()
    }

    #[test]
    fn a_url_is_shown_without_what_is_secret_or_noise() {
        assert_eq!(shown_places(" https://bob:hunter2@odoo.example.com/?db=x#menu "), ["https://odoo.example.com"]);
        assert_eq!(shown_places("http://h:8069/erp/"), ["http://h:8069/erp"]);
    }

    #[test]
    fn what_a_browser_shows_is_an_address_and_a_page() {
        for page in
            ["web", "web#action=menu", "web/login?db=x", "web/database/selector", "scoped_app/a", "jsonrpc", "json/2/a"]
        {
            assert_eq!(shown_places(&format!("https://x.example/{page}")), ["https://x.example"], "{page}");
            assert_eq!(shown_places(&format!("https://x.example/erp/{page}")), ["https://x.example/erp"], "{page}");
        }
        for (given, first) in [("odoo", "odoo"), ("odoo/sales/5", "odoo/sales/5"), ("odoo?debug=1", "odoo")] {
            let places = [format!("https://x.example/{first}"), "https://x.example".to_owned()];
            assert_eq!(shown_places(&format!("https://x.example/{given}")), places);
        }
        // In a folder of that name.
        assert_eq!(shown_places("https://x.example/odoo/web#home"), ["https://x.example/odoo", "https://x.example"]);
        assert_eq!(
            shown_places("https://x.example/odoo/odoo/sales"),
            ["https://x.example/odoo/odoo/sales", "https://x.example/odoo"]
        );
        for folder in ["erp", "webshop", "json", "json/erp", "my-odoo"] {
            assert_eq!(shown_places(&format!("https://x.example/{folder}")), [format!("https://x.example/{folder}")]);
        }
    }

    #[test]
    fn what_goes_into_a_form_is_encoded() {
        assert_eq!(form(&[("db", "a&b=c"), ("x", "é ")]), "db=a%26b%3Dc&x=%C3%A9+");
    }

    #[test]
    fn text_that_is_not_a_url_is_not_repeated() {
        for url in ["odoo.example.com", "bob:hunter2@h", "ftp://bob:hunter2@h", "", "http://bob:hunter2@"] {
            let error = places(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains("https://odoo.example.com"), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }
}
