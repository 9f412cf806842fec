"""PAdES signatures in PDF files: prepare → the key holder signs, outside → complete, whoever holds the key.

No Flask, no database, no private key except through a `Custodian`. Trust is judged elsewhere (`verification`); here
nothing leaves that is not a well-formed, fitting and correct signature.
"""
