"""Addresses of the public pages."""

from django.urls import path

from ruqi.apps.borrower import calculator, planner

urlpatterns = [
    path("calculator/", calculator.calculator, name="calculator"),
    path("planner/", planner.planner, name="planner"),
]
