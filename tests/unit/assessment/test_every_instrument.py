"""What holds for every definition that is shipped, whatever is answered."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.instruments.catalogue import State
from services.assessment.instruments.definition import Instrument
from services.assessment.instruments.scores import Cases, Mean, Sum
from services.assessment.scoring.answers import problems_of
from services.assessment.scoring.engine import band_of, score
from services.assessment.scoring.rounding import exact
from tests.unit.assessment.builders import CATALOGUE

EVERY = [edition.instrument for edition in CATALOGUE.every()]
ASKABLE = [each for each in EVERY if each.items]
THE_32 = 32


def full(instrument: Instrument, dice: random.Random) -> dict[str, int | None]:
    return {item.link_id: dice.choice(instrument.codes(item.link_id)) for item in instrument.items}


def test_all_are_there_and_text_is_shipped_where_the_licence_allows_it_alone() -> None:
    assert len(EVERY) == THE_32
    for instrument in EVERY:
        words = [item for item in instrument.items if item.text is not None]
        assert bool(words) == (instrument.licence.ship == "text"), instrument.id
        assert instrument.sources, instrument.id


def test_packs_and_skeletons_are_not_offered_until_somebody_brings_the_words() -> None:
    states = {edition.instrument.id: edition.state for edition in CATALOGUE.every()}

    assert states["pcl5"] is State.OFFERED
    assert {name for name, state in states.items() if state is State.PACK_OFF} == {
        "audit",
        "copsoq3",
        "srq20",
        "who5",
    }
    assert CATALOGUE.find("who5") is None
    assert CATALOGUE.find("sds") is None
    assert sum(state is State.OFFERED for state in states.values()) == 14


@pytest.mark.parametrize("instrument", EVERY, ids=lambda each: each.id)
def test_bands_meet_without_gaps_and_cover_the_score(instrument: Instrument) -> None:
    for measured in instrument.scores:
        if isinstance(measured, Cases):
            continue
        low, high = (exact(edge) for edge in measured.range)
        for name, found in measured.band_sets.items():
            edges = [exact(band.start) for band in found.bands]
            for value in {low, high, *edges, *(edge - Fraction(1, 1000) for edge in edges[1:])}:
                band = band_of(measured, value, name)
                assert band is not None, (measured.id, name, value)
                assert exact(band.start) <= value


@given(st.sampled_from(ASKABLE), st.randoms(use_true_random=False))
def test_every_full_sheet_is_accepted_and_scored_within_range(
    instrument: Instrument, dice: random.Random
) -> None:
    sheet = full(instrument, dice)

    found = score(instrument, sheet).values

    assert problems_of(instrument, sheet) == []
    for measured in instrument.scores:
        value = found[measured.id]
        if isinstance(measured, Cases):
            assert value in {measured.otherwise, *(case.code for case in measured.cases)}
        elif value is not None:
            assert isinstance(value, Fraction)
            assert exact(measured.range[0]) <= value <= exact(measured.range[1])


@given(st.sampled_from(ASKABLE), st.randoms(use_true_random=False))
def test_a_sum_never_falls_when_an_answer_that_is_not_turned_rises(
    instrument: Instrument, dice: random.Random
) -> None:
    sheet = full(instrument, dice)
    item = dice.choice(instrument.items).link_id
    higher = [code for code in instrument.codes(item) if code > (sheet[item] or 0)]
    if not higher:
        return
    raised = {**sheet, item: dice.choice(higher)}

    before, after = score(instrument, sheet).values, score(instrument, raised).values

    for measured in instrument.scores:
        if isinstance(measured, Sum | Mean) and item in measured.items:
            old, new = before[measured.id], after[measured.id]
            assert isinstance(old, Fraction)
            assert isinstance(new, Fraction)
            assert (new > old) == (item not in measured.reverse)


@given(st.sampled_from(ASKABLE), st.randoms(use_true_random=False))
def test_missing_answers_never_make_a_score_of_nothing(
    instrument: Instrument, dice: random.Random
) -> None:
    sheet = full(instrument, dice)
    skipped: dict[str, int | None] = {
        link: None if dice.random() < 0.4 else code for link, code in sheet.items()
    }

    found = score(instrument, skipped)

    for measured in instrument.scores:
        if isinstance(measured, Sum) and found.values[measured.id] is not None:
            counted = [item for item in measured.items if skipped[item] is not None]
            assert counted or measured.missing or instrument.has_rules


def test_what_a_gate_or_a_skip_rule_sets_need_not_be_asked() -> None:
    pcptsd5, audit = (CATALOGUE.edition(name).instrument for name in ("pcptsd5", "audit"))

    assert problems_of(pcptsd5, {"event": 0}) == []
    assert score(pcptsd5, {"event": 0}).values == {"total": 0}
    assert [each.link_id for each in problems_of(pcptsd5, {"event": 1})] == [
        f"q{number}" for number in range(1, 6)
    ]
    assert problems_of(audit, {"q1": 0, "q9": 2, "q10": 0}) == []
    assert score(audit, {"q1": 0, "q9": 2, "q10": 0}).values["total"] == 2


def test_an_item_that_does_not_apply_counts_what_its_definition_says() -> None:
    phq15 = CATALOGUE.edition("phq15").instrument
    sheet: dict[str, int | None] = {item.link_id: 2 for item in phq15.items}

    assert score(phq15, sheet | {"q4": None}).values["total"] == 28
    assert score(phq15, sheet | {"q4": None}).prorated == ()
    assert score(phq15, sheet | {"q1": None}).prorated == ("total",)
