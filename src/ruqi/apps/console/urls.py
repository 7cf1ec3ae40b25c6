"""Addresses of the console. An account's id stands in the query: it may hold any sign."""

from django.urls import path

from ruqi.apps.console import (
    account,
    assigning,
    desk,
    dialler,
    exports,
    find,
    law_page,
    overview,
    pages,
    portfolio,
    saved,
    worklist,
)

urlpatterns = [
    path("", desk.start, name="start"),
    path("people/", desk.people, name="people"),
    path("go/", desk.go, name="go"),
    path("find/", find.show, name="find"),
    path("find/account/", find.to_account, name="to_account"),
    path("run/<int:run_id>/overview/", overview.show, name="overview"),
    path("run/<int:run_id>/measures/", portfolio.show, name="portfolio"),
    path("run/<int:run_id>/measures.csv", portfolio.as_csv, name="measures_csv"),
    path("run/<int:run_id>/measures.xlsx", portfolio.as_xlsx, name="measures_xlsx"),
    path("run/<int:run_id>/measures.parquet", portfolio.as_parquet, name="measures_parquet"),
    path("run/<int:run_id>/scores/", pages.models, name="models"),
    path("run/<int:run_id>/data/", pages.data, name="data"),
    path("run/<int:run_id>/definitions/", pages.definitions, name="definitions"),
    path("run/<int:run_id>/law/", law_page.show, name="law"),
    path("run/<int:run_id>/worklist/", worklist.show, name="worklist"),
    path("run/<int:run_id>/worklist.csv", exports.as_csv, name="worklist_csv"),
    path("run/<int:run_id>/worklist.xlsx", exports.as_xlsx, name="worklist_xlsx"),
    path("run/<int:run_id>/assign/", assigning.show, name="assign"),
    path("run/<int:run_id>/dialler/", dialler.show, name="dialler"),
    path("run/<int:run_id>/dialler.csv", dialler.file, name="dialled"),
    path("run/<int:run_id>/views/", saved.act, name="views"),
    path("run/<int:run_id>/account/", account.show, name="account"),
]
