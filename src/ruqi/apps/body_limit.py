"""What the server itself refuses before a page is asked: too large, not whole, or ambiguous.

A request is judged by its headers, before any of the body is taken in; only those who are signed
in may upload much. Sources: RFC 9112 §6.1 and §6.3 (a request with two lengths is refused).
"""

from copy import copy
from http.cookies import CookieError, SimpleCookie
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error

from ruqi.services.digits import LONG

UPLOAD = "/books/upload/"
PLAIN_MAX = 1 << 20
FORMS = 1 << 20  # what a form adds to its files


class Unavailable(Error):  # type: ignore[misc]
    """The database does not answer, so that nobody knows who asks."""

    code = 503
    reason = "Service Unavailable"


class Refused(Error):  # type: ignore[misc]
    """An error of the server as a page of ours, in both languages."""

    def __init__(self, error: Error, most: int) -> None:
        super().__init__(error.body)
        self.code, self.reason, self.most = error.code, error.reason, most

    def to_response(self, _ident: str = "") -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and page."""
        from ruqi.apps.web.headers import POLICY
        from ruqi.apps.web.views import refused_page

        page = refused_page(self.code, most=f"{self.most:,}").encode()
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "private, no-store"),
        ]
        return f"{self.code} {self.reason}", headers, page


class LimitedParser(HTTPRequestParser):  # type: ignore[misc]
    """A request whose allowed size follows from who asks for what, refused with a page of ours."""

    adj: Any
    _error: Refused | None = None
    _unknown = False  # who asks

    @property
    def error(self) -> Refused | None:
        """Why it is refused."""
        return self._error

    @error.setter
    def error(self, error: Error) -> None:
        most = max((self.adj.max_request_body_size - FORMS) >> 20, 1)
        self._error = Refused(Unavailable("") if self._unknown else error, most)
        self.connection_close = True
        self.expect_continue = False  # else the body would be asked for, and only then refused

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, then set the limit for the body. Raises ParsingError."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # a length of thousands of digits, an address that is none
            raise ParsingError("malformed") from error
        sent = self.headers
        if "TRANSFER_ENCODING" in sent or (self.chunked and "CONTENT_LENGTH" in sent):
            raise ParsingError("two lengths")
        if len(sent.get("CONTENT_LENGTH", "")) > LONG:
            raise ParsingError("malformed")
        self.adj = copy(self.adj)
        self.adj.max_request_body_size = PLAIN_MAX
        if self.command == "POST" and self.path == UPLOAD and self._large():
            from django.conf import settings

            known = signed_in(sent.get("COOKIE", ""))
            self._unknown = known is None
            if known:
                self.adj.max_request_body_size = settings.UPLOAD_MAX + FORMS

    def _large(self) -> bool:
        return bool(self.content_length >= PLAIN_MAX or self.chunked)


def signed_in(cookies: str) -> bool | None:
    """Whether the request carries a session of somebody; None where the database is away."""
    from django.conf import settings
    from django.contrib.auth import SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import DatabaseError, connection

    try:
        found: Any = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if found is None:
        return False
    if not connection.in_atomic_block:
        connection.close()  # this thread asks seldom: the database may have started anew since
    try:
        return SESSION_KEY in SessionStore(found.value).load()
    except DatabaseError:
        return None
    finally:
        if not connection.in_atomic_block:
            connection.close()
