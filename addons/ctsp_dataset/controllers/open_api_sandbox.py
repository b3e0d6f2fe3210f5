from odoo import http
from odoo.http import request

from odoo.addons.ctsp_base.tools.digest import sm3

from ..tools import openapi_parts as parts
from ..tools import sample
from .answers import admitted, answered, content, request_id, route, submission, version, whole

HEAD = 1 << 16


class OpenApiSandbox(http.Controller):
    """For the developers of institutions: samples, replay of own calls, how far the test is."""

    @route("/datasets/<string:code>/samples", "GET")
    @answered
    def samples(self, call, code, **query):
        """Make rows that meet the data set, and some that do not, with what should be found in them."""
        admitted(call)
        definition = version(call, code, query.get("version"))._definition()
        rows = whole("rows", query.get("rows", "3"), 1, parts.SAMPLES)
        faults = whole("faults", query.get("faults", "0"), 0, parts.SAMPLES)
        seed = whole("seed", query.get("seed", "0"), 0, 9999)
        made, expected = sample.rows(definition, rows, min(faults, rows), seed)
        return {"rows": made, "expected": expected}

    @route("/submissions/<string:number>/replay", "POST")
    @answered
    def replay(self, call, number, **query):
        """Check what was sent with a test key once more, against the version in force."""
        credential = admitted(call, sm3(content(HEAD)))
        wanted = request_id(query.get("requestId"))
        received, duplicate = submission(call, number)._replay(
            wanted, credential, request.httprequest.remote_addr)
        call.submission = received
        return {**received._receipt(), "duplicate": duplicate}

    @route("/conformance", "GET")
    @answered
    def conformance(self, call, **_query):
        """Say which checks each data set has passed in the version in force; what was not tried has all to do."""
        credential = admitted(call)
        partner = credential.partner_id.commercial_partner_id
        # sudo: the rows are those of the caller's own organisation
        reports = request.env["ctsp.dataset.conformance"].sudo()
        asked = [(dataset, dataset.current_id) for dataset in credential.dataset_ids]
        return {"items": [(
            reports._about(partner, dataset, version) or reports.new({
                "partner_id": partner.id, "dataset_id": dataset.id, "version_id": version.id, "state": "testing"})
        )._answer() for dataset, version in asked]}
