from . import filing_report
