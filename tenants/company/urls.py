"""The path of this room."""

from django.urls import path

from tenants.company.api import CompanyDetail

urlpatterns = [path("api/v1/company", CompanyDetail.as_view(), name="api-company")]
