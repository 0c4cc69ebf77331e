"""What the live tests call: see client-core/tests/live/routes.rs."""

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request


class LiveRoutes(http.Controller):
    @http.route("/live_routes/stock/<sku>", type="http", auth="api_key", methods=["GET"])
    def stock(self, sku, **arguments):
        return request.make_json_response(
            {"sku": sku, "login": request.env.user.login, "arguments": arguments}
        )

    @http.route("/live_routes/order", type="jsonrpc", auth="bearer")
    def order(self, number, **arguments):
        if number == "refused":
            raise UserError("Order refused")
        return {
            "number": number,
            "login": request.env.user.login,
            "arguments": arguments,
        }

    @http.route("/live_routes/echo", type="http", auth="bearer", csrf=False, methods=["GET", "POST", "PUT"])
    def echo(self, refuse=None, **arguments):
        if refuse == "access":
            raise AccessError("Not this one")
        if refuse == "user":
            raise UserError("Not today")
        if refuse == "away":
            return request.redirect("https://example.com/elsewhere?token=secret", local=False)
        if refuse == "here":
            return request.redirect("/live_routes/echo?from=here")
        if request.httprequest.method == "GET":
            return request.make_json_response({"login": request.env.user.login, "arguments": arguments})
        return request.make_response(
            request.httprequest.get_data(), [("Content-Type", request.httprequest.content_type)]
        )
