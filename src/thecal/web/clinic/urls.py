"""Addresses of the physician programmer."""

from django.urls import path

from thecal.web.clinic.views import account, patients, start

handler403 = "thecal.web.design.errors.refused"
handler404 = "thecal.web.design.errors.missing"
handler500 = "thecal.web.design.errors.broken"

urlpatterns = [
    path("", start.page, name="start"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("patients/", patients.listing, name="patients"),
]
