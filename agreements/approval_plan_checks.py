"""Everything wrong with an adapted approval route, each at its field: what cannot pass, what the template forbids.

Nothing is put right here; `approval_plans.floored` adds what the template fixes by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from agreements.approval_plans import Staff, StagePlan
from agreements.approval_routes import MODES, RELATIONS, STAGES_MOST, TemplateStage
from agreements.errors import N_, InvalidFields
from agreements.languages import Lang, Texts, choose, same
from agreements.problems import FieldProblem

NAME_MOST = 80
HOURS_MOST = 24 * 366
NOBODY: Texts = {}


def require_plan(
    plans: Sequence[StagePlan], template_route: Sequence[TemplateStage], staff: Staff, languages: Sequence[Lang]
) -> None:
    """Raise InvalidFields with every problem, in the order of the form."""
    problems = check_plan(plans, template_route, staff, languages)
    if problems:
        raise InvalidFields(problems)


def check_plan(
    plans: Sequence[StagePlan], template_route: Sequence[TemplateStage], staff: Staff, languages: Sequence[Lang]
) -> tuple[FieldProblem, ...]:
    """Every problem. `languages`: those in which an added stage needs a name."""
    if not plans:
        return (_problem("stages", "route.empty", N_("A route has at least one stage.")),)
    if len(plans) > STAGES_MOST:
        message = N_("A route has at most {most} stages.")
        return (_problem("stages", "route.too_long", message, most=STAGES_MOST),)
    found = list(_against_the_whole(plans, template_route))
    demanded = {one.id: one for one in template_route}
    for index, plan in enumerate(plans):
        stage = _StageCheck(f"stages.{index}", plan, staff)
        stage.form(() if plan.id in demanded else languages)
        if plan.id in demanded:
            stage.floor(demanded[plan.id])
        found += stage.found
    return tuple(found)


def _against_the_whole(plans: Sequence[StagePlan], template_route: Sequence[TemplateStage]) -> list[FieldProblem]:
    """No stage twice; every stage of the template is there, in the order of the template."""
    ids = [plan.id for plan in plans]
    found = []
    if len(set(ids)) != len(ids):
        found.append(_problem("stages", "route.twice", N_("The same stage stands here twice. Remove one of them.")))
    for one in template_route:
        if one.id not in ids:
            message = N_("The template asks for the stage “{stage}”; it cannot be removed.")
            found.append(_problem("stages", "route.stage_missing", message, one.name, stage=choose(one.name, "en")))
    order = [one.id for one in template_route if one.id in ids]
    if [one for one in dict.fromkeys(ids) if one in order] != order:
        message = N_("The stages of the template keep their order. Added stages may stand anywhere.")
        found.append(_problem("stages", "route.order", message))
    return found


class _StageCheck:
    """The problems of one stage, collected."""

    def __init__(self, path: str, plan: StagePlan, staff: Staff) -> None:
        self.path, self.plan, self.staff = path, plan, staff
        self.found: list[FieldProblem] = []
        self.everybody = {person for people in staff.values() for person in people}
        self.label: Texts = plan.name if any(plan.name.values()) else same(str(int(path.rpartition(".")[2]) + 1))

    def wrong(self, field: str, code: str, message: str, **params: object) -> None:
        """Note a problem at a field of the stage."""
        self.found.append(_problem(f"{self.path}.{field}", code, message, self.label, **params))

    def form(self, languages: Sequence[Lang]) -> None:
        """What no stage may be, whoever wrote it."""
        self._names(languages)
        self._approvers()
        self._deadline()
        if any(relation not in RELATIONS for relation in self.plan.forbid):
            self.wrong(
                "forbid", "route.forbid", N_("Nobody else than author, last editor and signatory can be barred.")
            )

    def _names(self, languages: Sequence[Lang]) -> None:
        for lang in languages:
            text = self.plan.name.get(lang, "")
            if not text.strip():
                self.wrong(f"name.{lang}", "route.name_missing", N_("Give the stage a name in this language."))
            elif len(text) > NAME_MOST:
                message = N_("At most {most} characters; these are {length}.")
                self.wrong(f"name.{lang}", "route.name_long", message, most=NAME_MOST, length=len(text))

    def _approvers(self) -> None:
        plan, people = self.plan, self.plan.approvers(self.staff)
        if plan.role and plan.role not in self.staff:
            self.wrong("by", "route.role", N_("Nobody has this role. Choose another, or name people."))
        elif not people:
            self.wrong("by", "route.nobody", N_("Nobody is asked in this stage. Choose a role, or name people."))
        elif not plan.role and not set(people) <= self.everybody:
            self.wrong("by", "route.person", N_("Only staff who may approve can be named."))
        elif plan.mode not in MODES:
            self.wrong("mode", "route.mode", N_("Choose who has to approve: all, one, or a number."))
        elif plan.mode != "any" and not 1 <= plan.k <= len(people):
            message = N_("Enter a number from 1 to {most}, the people who are asked.")
            self.wrong("k", "route.k", message, most=len(people))

    def _deadline(self) -> None:
        plan = self.plan
        if plan.due_after_hours is not None and not 1 <= plan.due_after_hours <= HOURS_MOST:
            message = N_("Enter whole hours from 1 to {most}, or leave it empty.")
            self.wrong("due_after_hours", "route.hours", message, most=HOURS_MOST)
        if not (plan.escalate_role or plan.escalate_people):
            return
        people = plan.escalation(self.staff)
        if not people or not set(people) <= self.everybody:
            self.wrong("escalate", "route.escalation", N_("Choose people or a role who may approve."))
        elif plan.due_after_hours is None:
            message = N_("Nobody can be asked too late without a deadline. Enter one, or leave this empty.")
            self.wrong("due_after_hours", "route.hours_missing", message)

    def floor(self, demanded: TemplateStage) -> None:
        """What the template demands of this stage and an agreement cannot make less."""
        if self.found:
            return  # first what cannot be understood
        self._floor_of_approvers(demanded)
        self._floor_of_the_number(demanded)
        self._floor_of_escalation(demanded)

    def _floor_of_approvers(self, demanded: TemplateStage) -> None:
        plan, people = self.plan, self.plan.approvers(self.staff)
        if plan.role not in ("", demanded.role) or not set(people) <= set(self.staff.get(demanded.role, ())):
            self.wrong(
                "by", "route.other_role", N_("The template gives this stage to another role; it cannot be changed.")
            )
        elif demanded.mode == "all" and set(people) != set(self.staff.get(demanded.role, ())):
            self.wrong("by", "route.fewer", N_("The template asks everybody of the role here; nobody can be left out."))
        elif len(people) < demanded.of:
            message = N_("The template asks at least {least} people here.")
            self.wrong("by", "route.fewer", message, least=demanded.of)

    def _floor_of_the_number(self, demanded: TemplateStage) -> None:
        plan = self.plan
        if demanded.mode == "all" and plan.mode != "all":
            self.wrong("mode", "route.lower", N_("The template asks all to approve here; it cannot be made fewer."))
        elif demanded.mode == "k_of_n" and plan.mode == "any":
            message = N_("The template asks at least {least} to approve here; it cannot be made fewer.")
            self.wrong("mode", "route.lower", message, least=demanded.k)
        elif demanded.mode != "any" and plan.k < demanded.k:
            message = N_("The template asks at least {least} to approve here; it cannot be made fewer.")
            self.wrong("k", "route.lower", message, least=demanded.k)

    def _floor_of_escalation(self, demanded: TemplateStage) -> None:
        """Who is added to a late stage approves in it: no other role, and no sooner than the template says."""
        plan, never = self.plan, HOURS_MOST + 1
        own = set(self.staff.get(demanded.role, ()))
        added = set(plan.escalation(self.staff)) - own
        if not added <= set(self.staff.get(demanded.escalate_to or "", ())):
            message = N_("The template lets nobody of another role decide here, even when it is late.")
            self.wrong("escalate", "route.escalation_wider", message)
        elif added and (plan.due_after_hours or never) < (demanded.due_after_hours or never):
            message = N_(
                "Others are asked when this stage is late: its deadline cannot come sooner than in the template."
            )
            self.wrong("due_after_hours", "route.sooner", message)


def _problem(path: str, code: str, message: str, label: Texts = NOBODY, **params: object) -> FieldProblem:
    return FieldProblem(path, code, message, params, label)
