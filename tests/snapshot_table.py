"""Owns what every GET of a programme does with `?snapshot=`: it takes it, or refuses it with one of four sentences."""

from programmes.vocabulary import NO_EVIDENCE_THEN, NO_HISTORY_THEN, NO_WRITING_THEN, NOT_THEN

TAKEN = """
    api:area api:areas api:configuration api:configuration-lineage api:configurations api:demi-regularities
    api:demi-regularity api:element api:elements api:export api:lineage api:lineage-act api:link api:links
    api:map api:matrices api:rival-group api:rival-groups api:search api:slots api:statement api:statement-lineage
    api:statement-why api:statements api:theme api:themes api:verdict api:verdicts
    areas codebook configuration configuration-verdicts configurations element elements lineage map matrices overview
    pattern rival search slots statement statement-verdicts statement-why verdicts workbench
"""
TAKES = set(TAKEN.split())
LEADS_ON = {"tag-many"}  # to a page that takes it, with it
REFUSES = {
    NO_EVIDENCE_THEN: """
        api:bearing api:bearing-revisions api:bearings api:configuration-grounds api:evidence-lacking api:evidence-maps
        api:evidence-planned api:excerpt api:excerpt-revisions api:excerpts api:excerpts-export
        api:interview-guide api:proposal-cites
        api:sample api:site api:sites api:source api:source-revisions api:source-transcript api:sources
        api:statement-grounds
        bearing bearing-confirm bearing-confirm-again bearing-edit bearing-turn claim-words evidence evidence-maps
        evidence-plan excerpt excerpt-edit excerpt-link excerpt-new excerpt-turn excerpt-withdraw excerpts-csv
        excerpts-found excerpts-json excerpts-paste interview-guide
        proposal-cite sample-file site-edit site-turn sites source source-edit source-new source-transcript source-turn
        source-withdraw
    """,
    NO_HISTORY_THEN: """
        api:configuration-diff api:configuration-revision api:configuration-revisions api:diff api:element-diff
        api:element-revision api:element-revisions api:history api:revision api:revisions api:theme-revisions
        api:verdict-revisions
    """,
    NOT_THEN: """
        api:changes api:comment api:comment-revisions api:comments api:element-near api:element-suggest api:invitations
        api:meeting api:meeting-digest api:meeting-revisions api:meetings api:meetings-next api:member api:members
        api:memo api:memo-revisions api:memos api:phase api:phases api:programme api:proposal api:proposal-reviews
        api:proposal-rounds api:proposals api:queue api:round api:rounds api:snapshot api:snapshots
        api:snapshots-compare
        comment comment-history element-suggest log-csv log-json meeting
        meeting-markdown meetings meetings-next member-remove memo memos phases phases-changes proposal proposals round
        rounds settings snapshot snapshot-canonical snapshots statement-row
    """,
    NO_WRITING_THEN: """
        comment-edit configuration-edit configuration-new configuration-propose configuration-propose-new
        configuration-propose-turn configuration-refine configuration-replace configuration-restore
        configuration-retire configuration-split configurations-merge element-edit element-new element-propose
        element-propose-turn element-restore element-retire element-retype evidence-kept invitation-again
        invitation-withdraw invitations lineage-undo link-describe link-retire link-state log-take-out
        meeting-edit meeting-mail meeting-new meeting-turn members memo-edit memo-new memo-turn paste
        pattern-edit pattern-new pattern-turn phase-close phase-open phase-plan programme-about
        programme-agreement proposal-answer proposal-coauthor proposal-decide proposal-edit proposal-rebase
        proposal-submit proposal-withdraw reviews ripple-describe rival-edit rival-new rival-turn roles
        round-answer round-close round-new round-priorities statement-edit statement-merge statement-new
        statement-parts statement-propose statement-propose-new statement-propose-turn statement-refine
        statement-replace statement-restore statement-retire statement-split statements-merge thread
        thread-reopen thread-resolve threads
    """,
}
SAID = {route: sentence for sentence, names in REFUSES.items() for route in names.split()}
