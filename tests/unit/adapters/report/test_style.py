"""Contrast is computed, not eyeballed; switches need no script."""

import re
from itertools import pairwise

import pytest

from ruqi.adapters.report.style import CHOICES, stylesheet

LIGHT = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", stylesheet().split("@media")[0]))
DARK = LIGHT | dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", stylesheet().split("@media")[1]))
TEXT = [("ink", "bg"), ("ink", "card"), ("mute", "bg"), ("mute", "card"), ("brand", "card")]
TEXT += [("brand", "bg"), ("on-brand", "brand"), ("mark", "card"), ("mark-ink", "mark-bg")]
TEXT += [(f"h{step}i", f"h{step}") for step in range(5)]
TEXT += [(f"t{place}-ink", f"t{place}") for place in range(7)]
LINES = [(f"c{place}", "card") for place in range(2, 7)] + [("brand", "band"), ("edge", "card")]


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_stands_out(theme, front, back):
    assert contrast(theme[front], theme[back]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), LINES)
def test_lines_and_marks_stand_out(theme, front, back):
    assert contrast(theme[front], theme[back]) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_each_step_of_the_heat_map_differs_from_the_next(theme):
    steps = [luminance(theme[f"h{step}"]) for step in range(5)]
    assert steps == sorted(steps, reverse=theme is LIGHT)
    assert all(abs(a - b) > 0.008 for a, b in pairwise(steps))


def test_the_measure_of_contrast_is_right():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5


def test_no_mark_is_left_and_every_choice_has_its_rules():
    text = stylesheet()
    assert "/*" not in text
    for choice in range(CHOICES):
        assert f".r0.c{choice}:checked~.panels>.p{choice}" in text
        assert f".r1.c{choice}:checked~.panels>.p1-{choice}" in text


def test_no_red_and_green_stand_against_each_other():
    assert "#e6f4ea" not in stylesheet()
    assert "url(" not in stylesheet()
