"""`python -m signing_service …`: the command line."""

from signing_service.cli.main import main

main()
