{
    "name": "Routes for live tests",
    "summary": "One route for each way in which a program shows a key",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "Typed Odoo",
    "depends": ["auth_api_key"],
}
