"""What every answer carries and every request is held to: headers, CSRF, sizes, limits."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, g, request, session
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect

from config import Settings
from signing_service.assets import is_asset
from signing_service.counters import Counters
from signing_service.errors import N_, InvalidInput, NotFound
from signing_service.permissions import ANONYMOUS

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

#: What can be asked for that costs a mail, a log entry or a process: counted per address, whatever the cookie.
COSTLY = {
    "sign_in.send_link": "60 per minute",
    "verification.check": "120 per minute",
    "verification.by_number": "240 per minute",
    "judged_files.report_at": "120 per minute",
    "judged_files.download": "120 per minute",
    "judged_files.changes": "120 per minute",
    "judged_files.picture": "600 per minute",
    "api_verification.check": "120 per minute",
    "templates.upload": "30 per minute",
    "templates.changes": "120 per minute",
}
#: What a person may ask for and takes long to work out: counted per person.
SLOW = {"partner_review.send": "120 per minute"}
ORDINARY = "3000 per minute"

csrf = CSRFProtect()


def rate() -> str:
    """How often the address asked for may be asked for."""
    return (COSTLY | SLOW).get(request.endpoint or "", ORDINARY)


def limit_key() -> str:
    """Limits count per person or seat, and only for strangers per address: a venue shares one address."""
    who = g.get("actor", ANONYMOUS)
    if request.endpoint in COSTLY:
        return f"address:{request.remote_addr}"
    if who is not ANONYMOUS:
        return f"actor:{who.id}"
    return f"address:{request.remote_addr}:{session.get('csrf_token', '')[:16]}"


limiter = Limiter(
    key_func=limit_key, default_limits=[rate], storage_uri=f"{Counters.STORAGE_SCHEME[0]}://", headers_enabled=False
)

#: For what takes a stranger's file and keeps it for a while: so many megabytes an hour from one address.
per_megabyte = limiter.limit(
    "2000 per hour",
    key_func=lambda: f"megabytes:{request.remote_addr}",
    cost=lambda: 1 + (request.content_length or 0) // 1_000_000,
    override_defaults=False,
)


def register(app: Flask, settings: Settings) -> None:
    """Configure cookies, CSRF, limits and response headers."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_NAME="__Host-signing" if settings.is_production else "signing",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it would need a referrer, and links must not reach one
    )
    csrf.init_app(app)
    limiter.init_app(app)

    @app.before_request
    def refuse_nul() -> None:
        """No text of ours holds a NUL character, and not every database could keep one."""
        if "\0" in request.path:
            raise NotFound(what=N_("page"))
        for name, value in (*request.args.items(multi=True), *request.form.items(multi=True)):
            if "\0" in name or "\0" in value:
                raise InvalidInput(field=name.replace("\0", ""), problem=N_("this text holds a NUL character"))

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if settings.is_production:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if not is_asset() and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
