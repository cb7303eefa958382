"""The addresses of the operators' rooms."""

from django.urls import path

from dashboard.operators.companies import views as companies
from dashboard.operators.incidents.views import incidents
from dashboard.operators.tasks import views as tasks

urlpatterns = [
    path("operators/companies/", companies.companies, name="operator-companies"),
    path("operators/companies/new", companies.create, name="operator-company-new"),
    path("operators/companies/<slug:slug>", companies.company, name="operator-company"),
    path(
        "operators/companies/<slug:slug>/<str:step>", companies.step, name="operator-company-step"
    ),
    path("operators/incidents/", incidents, name="operator-incidents"),
    path("operators/tasks/", tasks.tasks, name="operator-tasks"),
    path("operators/tasks/<uuid:job>/<str:decision>", tasks.decide, name="operator-task-decide"),
]
