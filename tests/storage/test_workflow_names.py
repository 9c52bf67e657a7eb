import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.storage.workflow_names import LONGEST, UnusableName, checked_name, same_name


@pytest.mark.parametrize(
    "name",
    ["a", "Flow 1", "Größe (2)", "東京", "हिन्दी", "v1.2_final-x", "x" * LONGEST, "con fig", "nullable", "a.json"],
)
def test_names_of_any_script_are_taken_as_they_are(name: str):
    assert checked_name(name) == name


def test_a_name_is_composed_so_that_it_looks_the_same_everywhere():
    assert checked_name("Gro\u0308ße") == "Größe"


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../x", "a/b", "a\\b", ".hidden", "end.", " a", "a ", "a\0b", "a\nb", "a:b", "a*", "a?", 'a"',
        "a<", "a|b", "con", "NUL", "nul.txt", "Com1", "lpt9.x.y", "x" * 101, "東" * 70, "😀", "½", "\ud800",
        "a\u202eb", "-\u200b",
    ],
)  # fmt: skip
def test_what_could_mean_something_else_is_refused_with_the_rule(name: str):
    with pytest.raises(UnusableName) as caught:
        checked_name(name)
    assert "letters, digits" in caught.value.hint


@given(st.text(max_size=120))
def test_a_good_name_is_the_name_of_a_file_in_one_folder(name: str):
    try:
        good = checked_name(name)
    except UnusableName:
        return
    assert not set(good) & set('/\\:*?"<>|\0')
    assert good.strip(" .") == good
    assert len(f"20250101T000000.000000Z {good}.json".encode()) <= 255
    assert checked_name(good) == good
    assert same_name(good) == same_name(good.upper().lower()) or good.casefold() != good.upper().lower().casefold()
