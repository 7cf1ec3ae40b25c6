"""How large a request may be: small, but for uploads of those who are signed in.

It is judged by the headers, before any of the body is taken in.
"""

from copy import copy
from http.cookies import CookieError, SimpleCookie
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

UPLOAD = "/books/upload/"
PLAIN_MAX = 1 << 20
FORMS = 1 << 20  # what a form adds to its files


class LimitedParser(HTTPRequestParser):  # type: ignore[misc]
    """A request whose allowed size follows from who asks for what."""

    adj: Any
    error: Any

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, then set the limit for the body."""
        super().parse_header(header_plus)
        self.adj = copy(self.adj)
        self.adj.max_request_body_size = PLAIN_MAX
        if self.command == "POST" and self.path == UPLOAD and self._large():
            from django.conf import settings

            if signed_in(self.headers.get("COOKIE", "")):
                self.adj.max_request_body_size = settings.UPLOAD_MAX + FORMS

    def _large(self) -> bool:
        return bool(self.content_length >= PLAIN_MAX or self.chunked)

    def received(self, data: bytes) -> int:
        """Take bytes in; too large a request is told so in both languages."""
        taken = int(super().received(data))
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = RequestEntityTooLarge(self._says())
            self.connection_close = True
        return taken

    def _says(self) -> str:
        most = max((self.adj.max_request_body_size - FORMS) >> 20, 1)
        return (
            f"At most {most:,} MB are taken at once. Nothing was kept.\n"
            f"单次最多上传 {most:,} MB，未保留任何内容。"
        )


def signed_in(cookies: str) -> bool:
    """Whether the request carries a session of somebody; False where that cannot be known."""
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
    try:
        return SESSION_KEY in SessionStore(found.value).load()
    except DatabaseError:
        return False
    finally:
        if not connection.in_atomic_block:
            connection.close()  # this thread asks seldom
