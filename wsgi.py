"""The application for a web server, and nothing else."""

from config import from_environment
from signing_service.app import create_app

app = create_app(from_environment())
