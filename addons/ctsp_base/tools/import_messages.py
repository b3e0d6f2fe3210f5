"""What the readers' reason codes mean, for people."""
import psycopg2

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FILE = {
    "empty_file": _lt("The file is empty."),
    "file_too_large": _lt("The file has %(size)s MB; at most %(limit)s MB are read. Split it and import the parts."),
    "wrong_type": _lt(
        "This is not a spreadsheet. Upload an Excel file (xlsx, xls) or a CSV file; pictures, PDF and Word files "
        "cannot be imported."),
    "corrupt": _lt("The file is damaged and cannot be opened. Open it in Excel and save it again."),
    "xlsb": _lt("Binary workbooks (xlsb) are not read. Save the file as xlsx."),
    "password": _lt("The file is protected by a password. Remove the password in Excel and upload the file again."),
    "xls_unsupported": _lt("Old Excel files (xls) are not read here. Save the file as xlsx."),
    "encoding": _lt("The text's encoding is not known. Save the CSV file as UTF-8."),
    "corrupt_csv": _lt("The CSV file is damaged near line %(line)s: a quotation mark is not closed."),
    "no_sheet": _lt("The file has no visible sheet “%(sheet)s”."),
    "empty_sheet": _lt("The sheet “%(sheet)s” is empty."),
    "too_many_columns": _lt("The table has %(count)s columns; at most %(limit)s are read."),
    "too_many_rows": _lt("The table has more than %(limit)s rows. Split it and import the parts."),
    "no_header": _lt(
        "No header was found. The first row of the table must name the columns; download the template to see how."),
    "no_rows": _lt("There is nothing below the header in row %(row)s."),
    "duplicate_headers": _lt("These headers appear more than once: %(headers)s. Rename or remove one of each."),
    "merged_cells": _lt(
        "The table has merged cells (%(cells)s). Split them, fill each cell and upload the file again."),
}

CELL = {
    "excel_error": _lt("the cell holds the Excel error %(value)s"),
    "digits_lost": _lt(
        "%(value)s is stored as a number and has lost its last digits; format the column as text and type it again"),
    "not_boolean": _lt("“%(value)s” is neither yes nor no"),
    "not_number": _lt("“%(value)s” is not a number"),
    "not_integer": _lt("“%(value)s” is not a whole number"),
    "number_too_large": _lt("“%(value)s” is too large"),
    "not_date": _lt("“%(value)s” is not a date; write it as 2026-09-05"),
    "no_such_date": _lt("there is no such day as “%(value)s”"),
    "date_incomplete": _lt("“%(value)s” lacks the day; write it as 2026-09-05"),
    "date_ambiguous": _lt("“%(value)s” does not say which is the day and which the month; write it as 2026-09-05"),
    "year": _lt("the year of “%(value)s” must lie between %(first)s and %(last)s"),
    "unknown_option": _lt("“%(value)s” is not one of: %(options)s"),
    "unknown_record": _lt("“%(value)s” was not found"),
    "unknown_record_near": _lt("“%(value)s” was not found; did you mean %(nearest)s?"),
    "ambiguous_record": _lt("“%(value)s” stands for several records; use the code instead"),
    "ambiguous_scope": _lt("“%(value)s” stands for several records; fill in these columns too: %(columns)s"),
    "unknown_inside": _lt("“%(value)s” was not found in “%(place)s”"),
    "unknown_inside_near": _lt("“%(value)s” was not found in “%(place)s”; did you mean %(nearest)s?"),
    "row_not_imported": _lt("row %(row)s, to which this one belongs, cannot be imported"),
    "too_long": _lt("has %(count)s characters, at most %(limit)s are allowed"),
    "required": _lt("must be filled in"),
    "duplicate_row": _lt("“%(value)s” already stands in row %(row)s"),
    "several_records": _lt("“%(value)s” stands for several existing records"),
    "key_conflict": _lt("the record “%(record)s” has another value here: %(value)s"),
}


def explain_file(env, error):
    """Return the message of a ``TabularError``."""
    params = dict(error.params)
    for key in ("size", "limit"):
        if error.code == "file_too_large":
            params[key] = max(1, round(params[key] / 1024 / 1024))
    message = env._(FILE[error.code])
    return message % params


def explain_cell(env, code, **params):
    """Return the message of a reason that concerns one cell."""
    if isinstance(params.get("options"), list):
        params["options"] = "、".join(params["options"][:20])
    if isinstance(params.get("nearest"), list):
        params["nearest"] = "、".join(params["nearest"])
    message = env._(CELL[code])
    return message % params


def explain_refusal(model, error):
    """Return the message of what the ORM or the database refused."""
    if isinstance(error, psycopg2.Error):
        return model._sql_error_to_message(error)
    return str(error)
