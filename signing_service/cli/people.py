"""The operator's people: add one, print a sign-in link."""

from __future__ import annotations

import json
from datetime import timedelta

import click

from signing_service.cli import demo_case
from signing_service.cli.server import opened
from signing_service.errors import ServiceError
from signing_service.operations import people as operations
from signing_service.permissions import SYSTEM


@click.group()
def people() -> None:
    """The operator's people."""


@people.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(operations.ROLES))
@click.option("--language", default="en", type=click.Choice(["zh-Hans", "en", "de", "fi"]))
@click.option("--demo-link", is_flag=True, help="Print a reusable sign-in link (development only).")
def add(email: str, name: str, roles: tuple[str, ...], language: str, demo_link: bool) -> None:
    """Add one of the staff."""
    services = opened()
    if demo_link and services.settings.is_production:
        raise click.ClickException("--demo-link is for development only; nobody was added")
    try:
        person_id = operations.add(services, SYSTEM, name=name, email=email, roles=roles, language=language)
        click.echo(person_id)
        if demo_link:
            token = operations.demo_link(services, SYSTEM, person_id, services.clock() + timedelta(days=30))
            click.echo(f"{services.settings.base_url}/enter/{token}")
    except ServiceError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()


@people.command("demo-staff")
def demo_staff() -> None:
    """Add the demo's people and print a sign-in link for each as JSON (development only)."""
    services = opened()
    until = services.clock() + demo_case.LIFE
    try:
        links = {
            key: f"{services.settings.base_url}/enter/{operations.demo_link(services, SYSTEM, actor.id, until)}"
            for key, actor in demo_case.actors(services).items()
        }
    except ServiceError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()
    click.echo(json.dumps(links))
