"""Owns the addresses of proposals and of what waits for whom."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number looks like)
from cmo.views import proposals, proposing, reviews

urlpatterns = [
    path("proposals", proposals.Proposals.as_view(), name="proposals"),
    path("proposals/<number:number>", proposals.ProposalPage.as_view(), name="proposal"),
    path("proposals/<number:number>/answer", reviews.AnswerProposal.as_view(), name="proposal-answer"),
    path("proposals/<number:number>/decide", reviews.DecideProposal.as_view(), name="proposal-decide"),
    path("proposals/<number:number>/cite", proposals.CiteEvidence.as_view(), name="proposal-cite"),
    path("proposals/<number:number>/edit", proposals.EditProposal.as_view(), name="proposal-edit"),
    path("proposals/<number:number>/submit", proposals.SubmitProposal.as_view(), name="proposal-submit"),
    path("proposals/<number:number>/withdraw", proposals.WithdrawProposal.as_view(), name="proposal-withdraw"),
    path("proposals/<number:number>/rebase", proposals.RebaseProposal.as_view(), name="proposal-rebase"),
    path("proposals/<number:number>/coauthor", proposals.AnswerNaming.as_view(), name="proposal-coauthor"),
    path("reviews", reviews.Reviews.as_view(), name="reviews"),
    path("s/propose", proposing.ProposeNewStatement.as_view(), name="statement-propose-new"),
    path("s/<number:number>/propose", proposing.ProposeStatement.as_view(), name="statement-propose"),
    path("s/<number:number>/propose/turn", proposing.ProposeTurn.as_view(), {"of": "S"}, name="statement-propose-turn"),
    path("cmo/propose", proposing.ProposeNewConfiguration.as_view(), name="configuration-propose-new"),
    path("cmo/<number:number>/propose", proposing.ProposeConfiguration.as_view(), name="configuration-propose"),
    path(
        "cmo/<number:number>/propose/turn", proposing.ProposeTurn.as_view(), {"of": "CMO"},
        name="configuration-propose-turn",
    ),
    path("e/<number:number>/propose", proposing.ProposeElement.as_view(), name="element-propose"),
    path("e/<number:number>/propose/turn", proposing.ProposeTurn.as_view(), {"of": "E"}, name="element-propose-turn"),
]  # fmt: skip
