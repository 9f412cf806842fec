"""The audit log: an append-only Merkle tree in open formats, written in the transaction of the act it records.

Pure parts (`merkle`, `note`, `checkpoint`, `entries`, `disclosures`, `tlog_proof`, `replay`) need no database;
`journal` is the only writer; `publish` signs what was written. Nothing here opens or commits a transaction.
"""
