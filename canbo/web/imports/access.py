"""What a view of imports needs first: the visitor's own draft, and what the visitor's mandates reach."""

from django.http import Http404, HttpRequest

from canbo.accounts.permissions import Permission
from canbo.register.importing.limits import Within
from canbo.web.imports import checks, drafts, jobs
from canbo.web.imports.drafts import Draft
from canbo.web.visitors import visitor


def own_draft(request: HttpRequest, name: str) -> Draft:
    """The draft, if the visitor made it and it is still there; else 404, whoever's it is."""
    found = drafts.find(name, account=visitor(request).by)
    if found is None:
        raise Http404
    return found


def changeable_draft(request: HttpRequest, name: str) -> Draft:
    """The draft, where it is not being imported."""
    draft = own_draft(request, name)
    state = jobs.state_of(draft)
    if state is not None and state.kind == "import" and (state.is_going_on or state.phase == "done"):
        raise Http404
    return draft


def within_of(request: HttpRequest) -> Within:
    """Whose import it is."""
    found = visitor(request)
    return Within(found.scope, found.day)


def confines(request: HttpRequest) -> bool:
    """Whether the visitor may import no more than facts about some people."""
    return within_of(request).confines(Permission.IMPORT_APPLY)


def begin_check(request: HttpRequest, draft: Draft) -> None:
    """Check the draft as it is now; small ones are checked before the page is shown."""
    within = within_of(request)
    jobs.start(draft, "check", lambda progress: checks.check(draft, within, progress))
