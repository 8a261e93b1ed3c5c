"""Addresses of the patient programmers."""

from django.urls import path

from thecal.web.patient import views

handler403 = "thecal.web.design.errors.refused"
handler404 = "thecal.web.design.errors.missing"
handler500 = "thecal.web.design.errors.broken"

urlpatterns = [
    path("", views.table, name="table"),
    path("worker.js", views.worker, name="worker"),
    path("<slug:patient>/", views.screen, name="screen"),
    path("<slug:patient>/ask/", views.request_dose, name="ask"),
    path("<slug:patient>/manifest.webmanifest", views.manifest, name="manifest"),
]
