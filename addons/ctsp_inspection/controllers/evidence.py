import base64

from werkzeug.exceptions import HTTPException

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..tools import media

GIVEN = ("line_id", "taken_at", "latitude", "longitude", "place", "note", "operation")
NUMBERS = {"line_id": int, "latitude": float, "longitude": float}


class EvidenceUpload(http.Controller):
    """Photos, files and voice notes from the recording screen: a form upload, so that progress can be shown."""

    @http.route("/ctsp/inspection/<int:inspection_id>/evidence", type="http", auth="user", methods=["POST"],
                max_content_length=(media.LIMIT_MIB + 1) << 20)
    def take_in(self, inspection_id, file=None, **given):
        """Take in one file; answer with the row, or with ``{"error"}`` and status 400, 403 or 404."""
        try:
            values = {name: NUMBERS.get(name, str)(given[name]) for name in GIVEN if given.get(name)}
            if not hasattr(file, "read"):
                raise UserError(request.env._("Choose a file first."))
            values |= {"file_name": file.filename, "data": base64.b64encode(file.read())}
            with request.env.cr.savepoint():
                row = request.env["ctsp.inspection.evidence"].intake(inspection_id, values)
        except ValueError:
            return self._answer({"error": request.env._("The upload is not well formed.")}, 400)
        except (AccessError, MissingError) as error:
            return self._answer({"error": str(error)}, 403)
        except UserError as error:
            return self._answer({"error": str(error)}, 400)
        except HTTPException as error:
            return self._answer({"error": str(error.description)}, error.code)
        return self._answer(row, 200)

    def _answer(self, content, status):
        return request.make_json_response(content, status=status)
