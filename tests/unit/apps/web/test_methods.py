import pytest
from django.test import Client, RequestFactory

from ruqi.apps.web.methods import Methods

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("method", "path"), [("get", "/theme/"), ("post", "/find/"), ("put", "/")])
def test_a_way_that_a_page_does_not_know_is_refused_with_a_page(person, method, path):
    client = person("analyst")
    for language, says in (("en", "does not answer that"), ("zh-hans", "不支持此操作")):
        client.cookies["django_language"] = language
        page = getattr(client, method)(path)
        assert page.status_code == 405
        assert page.headers["Allow"]
        assert says in page.content.decode()
        assert int(page.headers["Content-Length"]) == len(page.content)


def test_a_head_is_the_page_without_its_body():
    page = Client().get("/calculator/")
    head = Client().head("/calculator/")
    assert head.status_code == 200
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


def test_no_body_of_a_head_reaches_the_server():
    # the test client takes bodies off by itself, so the middleware is asked alone
    from django.http import HttpResponse

    methods = []

    def answer(request):
        methods.append(request.method)
        return HttpResponse("page")

    head = Methods(answer)(RequestFactory().head("/"))
    assert (methods, head.content, head.headers["Content-Length"]) == (["GET"], b"", "4")
