"""Verification of any signed PDF, with no server: ours, a partner's, a stranger's.

`verify.verify()` judges a file and returns a `report.Report`; `report_text` and `report_html` say it to
people, `isolated` does it in a separate limited process. Nothing here signs, stores, or reaches for the
network.
"""
