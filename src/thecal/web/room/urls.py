"""Addresses of the patient's room."""

from django.urls import path

from thecal.web.room import views

handler403 = "thecal.web.design.errors.refused"
handler404 = "thecal.web.design.errors.missing"
handler500 = "thecal.web.design.errors.broken"

urlpatterns = [path("", views.patients, name="patients")]
