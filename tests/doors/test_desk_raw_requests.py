"""What no browser sends, written to the desk's own socket: cut, slow, too large, ambiguous."""

import re
import socket
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from http.cookiejar import CookieJar

import pytest

from desk_server import short_folder
from served_desk import Served

GET = "GET /calculator/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = "POST /planner/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
UPLOAD = "POST /books/upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {}\r\n"
MOST_MB = 4
BUSY = 12  # more than the desk has threads
PATIENCE = 60


@pytest.fixture(scope="module")
def served():
    """A desk of its own, and the cookie of somebody who may upload."""
    with short_folder() as folder, pytest.MonkeyPatch.context() as given:
        given.setenv("RUQI_UPLOAD_MAX_MB", str(MOST_MB))
        desk = Served(folder)
        link = desk.start()
        jar = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = browser.open(link).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        browser.open(link, f"csrfmiddlewaretoken={token}".encode())
        desk.cookies = "; ".join(f"{one.name}={one.value}" for one in jar)
        desk.token = token
        yield desk
        desk.end()


@contextmanager
def line(desk):
    with socket.create_connection(("127.0.0.1", desk.port), timeout=PATIENCE) as made:
        yield made


def heard(sock):
    """All that comes until the desk closes the line, or has sent one whole answer."""
    got = b""
    while True:
        try:
            part = sock.recv(65536)
        except ConnectionResetError:
            return got.decode("latin-1")
        got += part
        head, found, body = got.partition(b"\r\n\r\n")
        size = re.search(rb"(?i)content-length: (\d+)", head)
        if not part or (found and size and len(body) >= int(size[1])):
            return got.decode()


def asked(desk, text, code, says=""):
    with line(desk) as sock:
        sock.sendall(text.encode("latin-1"))
        answer = heard(sock)
    assert answer.startswith(f"HTTP/1.{answer[7]} {code} "), answer[:200]
    assert "Traceback" not in answer
    assert "<!doctype html>" in answer or code < 400
    assert says in answer
    return answer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GET + "\r\n", 200),
        ("\r\n\r\n" + GET + "\r\n", 200),
        ("nonsense\r\n\r\n", 400),
        ("GET\r\n\r\n", 400),
        ("get / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
        ("GET http://[::bad/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        (GET + "Host: evil.example\r\n\r\n", 400),
        (GET + "X: " + "a" * 300_000 + "\r\n\r\n", 431),
        ("GET /calculator/?a=" + "a" * 300_000 + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 431),
        (GET + "Content-Length: " + "9" * 5000 + "\r\n\r\n", 400),
        (GET + "Content-Length: 1e3\r\n\r\n", 400),
        (POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + "Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello", 400),
        (POST + "Transfer-Encoding: gzip\r\n\r\n", 501),
        (POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", 400),
        ("TRACE" + GET[3:] + "\r\n", 405),
        ("CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 404),
        ("GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 404),
        ("GET /static/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 404),
        ("GET /static/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 404),
        (GET.replace("calculator/", "calculator/?on=\xff\xfe") + "\r\n", 400),
        (GET.replace("Host", 'Cookie: sessionid=\xff; a="\r\nHost') + "\r\n", 200),
    ],
    ids=str,
)
def test_what_is_not_whole_is_refused_with_a_page(served, text, code):
    asked(served, text, code)


def test_a_head_is_answered_without_a_body_so_that_the_next_answer_is_its_own(served):
    with line(served) as sock:
        sock.sendall(f"HEAD{GET[3:]}\r\nGET /nothing/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        sock.settimeout(PATIENCE)
        got = b""
        while got.count(b"HTTP/1.1 ") < 2:
            got += sock.recv(65536)
    assert got.startswith(b"HTTP/1.1 200 ")
    assert b"\r\n\r\nHTTP/1.1 404 " in got


def halves(desk):
    return [one.name for one in (desk.books / ".half").rglob("*") if one.is_file()]


@pytest.mark.parametrize("more", ["", "Expect: 100-continue\r\n"])
@pytest.mark.parametrize("size", [2 << 30, 2 << 40])
def test_two_gigabytes_are_refused_before_they_are_sent(served, more, size):
    start = UPLOAD.format(served.cookies) + more
    answer = asked(served, f"{start}Content-Length: {size}\r\n\r\n", 413, f"{MOST_MB} MB")
    assert "未保留" in answer
    assert "100 Continue" not in answer
    assert halves(served) == []


def test_without_a_sign_in_even_a_small_book_is_refused_before_it_is_sent(served):
    for cookies in ("", "sessionid=made-up"):
        start = UPLOAD.format(cookies)
        asked(served, f"{start}Content-Length: {3 << 20}\r\n\r\n", 413)


@pytest.mark.parametrize("head", [POST, UPLOAD])
def test_a_body_that_never_ends_is_cut_at_the_limit(served, head):
    part = b"x" * 65536
    with line(served) as sock:
        sock.sendall(head.format(served.cookies).encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        sent = 0
        with suppress(BrokenPipeError, ConnectionResetError):
            while sent < 64 << 20:
                sock.sendall(b"%x\r\n%s\r\n" % (len(part), part))
                sent += len(part)
        answer = heard(sock)
    assert sent < 64 << 20
    assert answer == "" or answer.startswith("HTTP/1.1 413 ")
    assert halves(served) == []


def test_a_body_that_is_cut_short_is_forgotten(served):
    start = UPLOAD.format(served.cookies) + "Content-Type: multipart/form-data; boundary=x\r\n"
    with line(served) as sock:
        sock.sendall(f"{start}Content-Length: {2 << 20}\r\n\r\n--x\r\n".encode() + b"y" * 100_000)
    asked(served, GET + "\r\n", 200)
    assert halves(served) == []


def test_many_slow_lines_keep_nobody_waiting(served):
    with ExitStack() as held:
        for number in range(BUSY):
            sock = held.enter_context(line(served))
            whole = f"{POST}Content-Length: 1000\r\n\r\nincome="
            sock.sendall((whole if number % 2 else whole[:40]).encode())
        asked(served, GET + "\r\n", 200)


@pytest.mark.parametrize(
    "body",
    [
        "--x\r\n",
        "--x--\r\n",
        '--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\nid',
        '--x\r\nContent-Disposition: form-data; name="files"; filename="\0"\r\n\r\nid\r\n--x--\r\n',
        "--x\r\n" + "A: b\r\n" * 5000 + "\r\n",
        "--x\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--",
    ],
)
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "text/x"]
)
def test_a_form_that_is_not_whole_is_refused_with_a_page(served, kind, body):
    start = UPLOAD.format(served.cookies) + f"Content-Type: {kind}\r\n"
    with line(served) as sock:
        sock.sendall(f"{start}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        answer = heard(sock)
    assert answer[9:12] in ("400", "403"), answer[:300]
    assert "<!doctype html>" in answer
    assert halves(served) == []


def test_after_all_that_the_desk_said_nothing_of_errors(served):
    assert "Traceback" not in served.log.read_text()
