"""Somebody at the desk without a browser: keeps cookies, posts forms, sends files as a stream."""

import http.client
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid

CHUNK = 1 << 16
DOWN = (OSError, http.client.HTTPException)  # what a desk that is down makes of a request


class _Stay(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is an answer: who reads it knows, whatever comes after."""

    def redirect_request(self, *_):
        return None


class Visitor:
    """A visitor of the desk at `base`. What is asked of a desk that is down raises `DOWN`."""

    def __init__(self, base):
        self.base = base
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.follows = urllib.request.build_opener(cookies)
        self.stays = urllib.request.build_opener(cookies, _Stay)

    def get(self, address):
        """The bytes of a page or file."""
        with self.follows.open(urllib.parse.urljoin(self.base, address), timeout=60) as answer:
            return answer.read()

    def post(self, page, address, files=(), sent=lambda _: None, **fields):
        """Where a posted form of `page` leads. `sent` hears how much is on its way, 0 to 1."""
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.get(page).decode())[1]
        mark = uuid.uuid4().hex
        head = f"--{mark}\r\nContent-Disposition: form-data; name="
        body = b""
        for name, value in {"csrfmiddlewaretoken": token, **fields}.items():
            body += f'{head}"{name}"\r\n\r\n{value}\r\n'.encode()
        for name, content in dict(files).items():
            body += f'{head}"files"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"
        body += f"--{mark}--\r\n".encode()
        request = urllib.request.Request(
            urllib.parse.urljoin(self.base, address),
            _streamed(body, sent),
            {
                "Content-Type": f"multipart/form-data; boundary={mark}",
                "Content-Length": str(len(body)),
            },
        )
        try:
            with self.stays.open(request, timeout=60) as answer:
                return answer.url
        except urllib.error.HTTPError as answer:
            if answer.code != 302:
                raise
            return answer.headers["Location"]

    def upload(self, files, sent=lambda _: None):
        """The id of an upload that was confirmed; None where it was refused."""
        leads = self.post("/books/", "/books/upload/", files, sent)
        found = re.fullmatch(r"/books/(\d+)/", urllib.parse.urlsplit(leads).path)
        return int(found[1]) if found else None


def _streamed(body, sent):
    for start in range(0, len(body), CHUNK):
        sent(start / len(body))
        yield body[start : start + CHUNK]
    sent(1)
