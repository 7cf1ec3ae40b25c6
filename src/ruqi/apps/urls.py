"""Which door an address leads to."""

from allauth.account import views as account
from django.urls import include, path

# Of the sign-in library only what works without mail and without open registration.
ACCOUNT = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
]

handler500 = "ruqi.apps.web.views.broken"
urlpatterns = [
    path("account/", include(ACCOUNT)),
    path("", include("ruqi.apps.web.urls")),
    path("books/", include("ruqi.apps.console.books_urls")),
    path("", include("ruqi.apps.console.urls")),
    path("", include("ruqi.apps.borrower.urls")),
]
