"""Addresses of what the pages share."""

from django.conf.urls.i18n import urlpatterns as language_patterns
from django.urls import include, path

from ruqi.apps.web import views

urlpatterns = [
    path("language/", include(language_patterns)),
    path("style.css", views.style, name="style"),
    path("charts.js", views.charts, name="charts"),
    path("theme/", views.theme, name="theme"),
    path("keys/", views.keys, name="keys"),
    path("enter/<str:secret>/", views.enter, name="enter"),
]
