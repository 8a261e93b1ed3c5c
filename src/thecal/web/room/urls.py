"""Addresses of the patient's room."""

from django.urls import path

from thecal.web.room import hands, views

handler403 = "thecal.web.design.errors.refused"
handler404 = "thecal.web.design.errors.missing"
handler500 = "thecal.web.design.errors.broken"

urlpatterns = [
    path("", views.patients, name="patients"),
    path("<slug:patient>/", views.room, name="room"),
    path("<slug:patient>/living/", views.living, name="living"),
    path("<slug:patient>/charts/", views.charts, name="charts"),
    path("<slug:patient>/time/", hands.time, name="time"),
    path("<slug:patient>/power/", hands.power, name="power"),
    path("<slug:patient>/lease/", hands.overrule, name="overrule"),
    path("<slug:patient>/needle/", hands.needle, name="needle"),
]
