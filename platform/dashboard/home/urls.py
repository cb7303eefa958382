"""The addresses of the way in."""

from django.urls import path

from dashboard.home import views

urlpatterns = [
    path("", views.entrance, name="home"),
    path("home/", views.overview, name="overview"),
]
