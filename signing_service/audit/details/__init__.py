"""One frozen record of details per kind of act; `signing_service.audit.catalogue` says which action takes which."""
