"""Owns the addresses of the codebook page and the theory areas page, below a programme's. Acts name a theme by its id:
a code may change."""

from django.urls import path

from cmo.views import areas, codebook, picking

CODEBOOK = "codebook"
THEME = f"{CODEBOOK}/<uuid:uid>"
AREAS = "areas"
AREA = f"{AREAS}/<slug:area>"

urlpatterns = [
    path(CODEBOOK, codebook.Codebook.as_view(), name="codebook"),
    path(f"{CODEBOOK}/add", codebook.AddTheme.as_view(), name="theme-add"),
    path(f"{CODEBOOK}/add-here", picking.AddThemeHere.as_view(), name="theme-add-here"),
    path(f"{THEME}/save", codebook.SaveTheme.as_view(), name="theme-save"),
    path(f"{THEME}/move", codebook.MoveThemePage.as_view(), name="theme-move"),
    path(f"{THEME}/shift", codebook.ShiftThemePage.as_view(), name="theme-shift"),
    path(f"{THEME}/merge", codebook.MergeThemePage.as_view(), name="theme-merge"),
    path(f"{THEME}/retire", codebook.RetireTheme.as_view(), name="theme-retire"),
    path(f"{THEME}/restore", codebook.RestoreTheme.as_view(), name="theme-restore"),
    path(AREAS, areas.Areas.as_view(), name="areas"),
    path(f"{AREAS}/add", areas.AddArea.as_view(), name="area-add"),
    path(f"{AREA}/save", areas.SaveArea.as_view(), name="area-save"),
    path(f"{AREA}/shift", areas.ShiftAreaPage.as_view(), name="area-shift"),
    path(f"{AREA}/retire", areas.RetireArea.as_view(), name="area-retire"),
    path(f"{AREA}/restore", areas.RestoreArea.as_view(), name="area-restore"),
]
