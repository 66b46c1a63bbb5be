"""Lesson: the report's argument in nine steps, each with one idea, one thing to play with and one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.shared import state

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence

with st.container(key="lesson-lead"):
    st.caption(
        "A guided tour of weight sharing and auxiliary losses, in the order of the report's own argument. Every number "
        "in it was made by the code of this project."
    )

from dashboard.lesson import presenter
from dashboard.lesson.short_runs import run_live
from dashboard.lesson.steps import STEPS, Step


def number() -> int:
    """The step to show, from 1: the address says it, or else the step that the visitor last saw."""
    asked = st.query_params.get("step")
    if asked is None:
        return st.session_state.get("lesson.step", 1)
    if asked.isdecimal() and 1 <= int(asked) <= len(STEPS):
        return int(asked)
    st.info(f"The lesson has no step “{asked[:20]}”: it has {len(STEPS)}. Here is the first.")
    return 1


def turn(to: int) -> None:
    """Show another step."""
    st.query_params["step"] = str(min(max(to, 1), len(STEPS)))


def contents(here: int, article: bool) -> None:
    """A link for each step."""
    with st.container(key="lesson-contents", horizontal=True, gap="xsmall"):
        for place, step in enumerate(STEPS, start=1):
            current = place == here and not article
            with st.container(key="lesson-here" if current else f"lesson-link-{place}", width="content"):
                st.page_link("lesson/page.py", label=f"{place} {step.name}", query_params={"step": place})


def heading(here: int, article: bool) -> None:
    """The title, and the other ways of reading."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        title = "The whole lesson on one page" if article else f"{here}. {STEPS[here - 1].title}"
        st.title(title, anchor=False, width="content")
        with st.container(key="lesson-ways", horizontal=True, gap="small", width="content"):
            if article:
                st.button("Step by step", icon=":material/view_carousel:", on_click=read_on_one_page, args=(False,))
            else:
                st.button("One page", icon=":material/article:", on_click=read_on_one_page, args=(True,),
                          help="All steps as one text, with the answers.")  # fmt: skip
                st.button("Present", icon=":material/slideshow:", on_click=presenter.present, args=(True,),
                          help="Large type, no controls. Arrow keys turn the pages, Escape leaves.")  # fmt: skip


def read_on_one_page(article: bool) -> None:
    """Switch between the plain article and the steps."""
    if article:
        st.query_params.from_dict({"view": "article"})
    else:
        turn(st.session_state.get("lesson.step", 1))
        st.query_params.pop("view", None)


def tell(step: Step, evidence: Evidence) -> None:
    """What a step says."""
    telling = step.tell(evidence)
    st.markdown(f"##### {step.idea}", anchors=False)
    st.markdown(telling.text)
    if telling.formula:
        st.latex(telling.formula)
    with st.container(key=f"lesson-source-{step.name}"):
        st.caption(telling.source)


@state.error_boundary()
def show(step: Step, evidence: Evidence) -> None:
    """The thing to play with; it runs again alone when it is touched."""
    step.show(evidence)


@state.error_boundary()
def ask(step: Step, evidence: Evidence) -> None:
    """The question; its answer once somebody has guessed."""
    question = step.tell(evidence).question
    choices = list(range(len(question.choices)))
    guess = st.radio(
        f"**Your guess: {question.text}**",
        choices,
        index=None,
        key=state.recall(f"lesson.guess.{step.name}", None),
        format_func=question.choices.__getitem__,
    )
    if guess is None:
        return
    if guess == question.right:
        st.success(f"**Yes.** {question.because}", icon=":material/check:")
    else:
        st.warning(f"**No: {question.choices[question.right]}.** {question.because}", icon=":material/close:")


def one_step(here: int, evidence: Evidence) -> None:
    """One step: what it says and asks, beside what it shows and runs; and the ways on."""
    step = STEPS[here - 1]
    left, right = st.columns([5, 6], gap="large")
    with left:
        tell(step, evidence)
        st.fragment(ask)(step, evidence)
    with right:
        st.fragment(show)(step, evidence)
        if step.live:
            run_live(step.name, step.live)
        page, invitation = step.further
        with st.container(key="lesson-further"):
            st.page_link(f"{page}/page.py", label=invitation, icon=":material/arrow_forward:")
    with st.container(
        key="lesson-turn", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.button("Back", icon=":material/chevron_left:", on_click=turn, args=(here - 1,), disabled=here == 1)
        st.caption(f"Step {here} of {len(STEPS)}", width="content")
        if presenter.presenting():
            st.button("Leave", icon=":material/close_fullscreen:", on_click=presenter.present, args=(False,))
        following = STEPS[here].name if here < len(STEPS) else ""
        st.button(f"Next: {following}" if following else "The end", icon=":material/chevron_right:",
                  on_click=turn, args=(here + 1,), disabled=not following, type="primary")  # fmt: skip


def article(evidence: Evidence) -> None:
    """All steps as one text, with the answers standing under their questions."""
    for place, step in enumerate(STEPS, start=1):
        st.header(f"{place}. {step.title}", divider="gray")
        left, right = st.columns([5, 6], gap="large")
        with left:
            tell(step, evidence)
            question = step.tell(evidence).question
            st.markdown(f"**{question.text}** *{question.choices[question.right]}.* {question.because}")
        with right:
            st.fragment(show)(step, evidence)


with state.error_boundary():
    as_article = st.query_params.get("view") == "article"
    here = st.session_state["lesson.step"] = number()
    presenter.dress()
    contents(here, as_article)
    heading(here, as_article)

    with st.spinner("Loading the committed rounds…", show_time=False):
        from dashboard.lesson.quoted_rounds import load

        committed = load()

    if as_article:
        article(committed)
    else:
        turn(here)  # so that the address leads here, however the visitor came
        one_step(here, committed)

        def wish(asked: str) -> None:
            """Do what a key asks for."""
            if asked == "leave":
                presenter.present(False)
            else:
                turn(here + (1 if asked == "next" else -1))

        presenter.page_keys(here, wish)
