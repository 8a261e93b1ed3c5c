"""Addresses of the physician programmer."""

from django.urls import path

from thecal.web.clinic.views import (
    account,
    confirming,
    drafting,
    interrogating,
    patients,
    refilling,
    reports,
    reviewing,
    settling,
    start,
    stopping,
)

handler403 = "thecal.web.design.errors.refused"
handler404 = "thecal.web.design.errors.missing"
handler500 = "thecal.web.design.errors.broken"

urlpatterns = [
    path("", start.page, name="start"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("now/", patients.now, name="now"),
    path("patients/", patients.listing, name="patients"),
    path("patients/<slug:key>/", patients.one, name="patient"),
    path("patients/<slug:key>/record/", patients.record, name="record"),
    path("patients/<slug:key>/interrogate/", interrogating.act, name="interrogate"),
    path("patients/<slug:key>/pump/", interrogating.report, name="pump-report"),
    path("patients/<slug:key>/draft/", drafting.edit, name="draft"),
    path("patients/<slug:key>/draft/derived/", drafting.derived, name="derived"),
    path("patients/<slug:key>/review/", reviewing.show, name="review"),
    path("patients/<slug:key>/review/ratio/", reviewing.ratio, name="ratio"),
    path("patients/<slug:key>/confirm/", confirming.show, name="confirm"),
    path("patients/<slug:key>/confirm/abandon/", confirming.abandon, name="abandon"),
    path("patients/<slug:key>/stop/", stopping.show, name="stop"),
    path("patients/<slug:key>/refill/", refilling.show, name="refill"),
    path("patients/<slug:key>/unknown/", settling.show, name="unknown"),
    path("patients/<slug:key>/reports/<int:number>/", reports.show, name="session-report"),
]
