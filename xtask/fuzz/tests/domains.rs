//! Domains: what is parsed and written is the same domain.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

use odoo_client::{Domain, Model};
use support::{changed, fuzz};

#[derive(Debug)]
enum Partner {}
impl Model for Partner {
    const ODOO_NAME: &'static str = "res.partner";
}

#[test]
fn a_domain_that_is_written_is_parsed_as_the_same() {
    let corpus = [
        "[('state', '=', 'sale'), ('amount_total', '>', 100)]",
        "['|', ('a', 'in', (1, 2.5, -3)), '!', (\"b\", '!=', False), ('c', 'any', [('d', '=', None)])]",
        "[(1, '=', 1), ('e', '=like', u'\\x41\\u202e\\'%' r'\\d'), # why\n ('f', 'child_of', 7,),]",
        "[('g', '=', 1e-07), ('h', '<=', 0x1F), ('i', 'not any', [])]",
    ];
    let corpus = corpus.map(String::from);
    fuzz(|u| {
        let text = changed(u, &corpus)?;
        match Domain::<Partner>::parse(&text) {
            Ok(domain) => {
                let written = domain.to_string();
                let again =
                    Domain::<Partner>::parse(&written).unwrap_or_else(|error| panic!("{error}\n{text}\n{written}"));
                assert_eq!(written, again.to_string(), "{text}");
                let json = |domain: &Domain<Partner>| serde_json::to_string(domain).ok();
                assert_eq!(json(&domain), json(&again), "{text}");
            }
            Err(error) => {
                assert!(error.position() <= text.len() && error.to_string().len() < 500, "{error}\n{text}");
            }
        }
        Ok(())
    });
}
