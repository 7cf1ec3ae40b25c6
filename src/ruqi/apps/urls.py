"""Which door an address leads to."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("ruqi.apps.web.urls")),
    path("books/", include("ruqi.apps.console.books_urls")),
    path("", include("ruqi.apps.console.urls")),
    path("", include("ruqi.apps.borrower.urls")),
]
