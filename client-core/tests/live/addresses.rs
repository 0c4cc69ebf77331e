//! URLs as a browser shows them.

use odoo_client::version::Difference;
use odoo_client::{Client, ClientBuilder};

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_address_of_a_page_leads_to_its_server() {
    let url = std::env::var("ODOO_URL").unwrap();
    let url = url.trim_end_matches('/');
    let mut pages = vec!["/web", "/web#action=menu&cids=1", "/web/login?db=apps", "/web/database/selector", "/jsonrpc"];
    if Client::from_env().await.unwrap().version().has(Difference::WebClientAtOdoo) {
        pages.extend(["/odoo", "/odoo/", "/odoo?debug=1", "/odoo/sales/5", "/odoo/action-123/7"]);
    }
    for page in pages {
        let odoo = ClientBuilder::from_env().unwrap().url(format!("{url}{page}")).connect().await.unwrap();
        assert_eq!(odoo.url(), url, "{page}");
    }
    let error = ClientBuilder::from_env().unwrap().url(format!("{url}/my/orders")).connect().await.unwrap_err();
    assert_eq!(error.remedy(), Some(&*format!("if Odoo is at {url}, give that as the URL")), "{error}");
}
