"""Addresses of books: their list, and one upload with its work."""

from django.urls import path

from ruqi.apps.console import book_page, books, discarding, fault_rows, mapping_page

urlpatterns = [
    path("", books.books, name="books"),
    path("upload/", books.receive, name="upload"),
    path("<int:upload_id>/", book_page.show, name="book"),
    path("<int:upload_id>/jobs/", book_page.order, name="order"),
    path("<int:upload_id>/stop/", book_page.stop, name="stop"),
    path("<int:upload_id>/discard/", discarding.discard, name="discard"),
    path("<int:upload_id>/mapping/", mapping_page.edit, name="mapping"),
    path("<int:upload_id>/mapping/text/", mapping_page.edit_text, name="mapping_text"),
    path("<int:upload_id>/faults.csv", fault_rows.as_csv, name="faults_csv"),
    path("<int:upload_id>/faults.xlsx", fault_rows.as_xlsx, name="faults_xlsx"),
]
