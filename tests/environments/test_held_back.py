from asking import Asking, Offer
from local_index import LocalIndex


def test_a_version_held_back_is_shown_with_the_pin_responsible(ask: Asking, offer: Offer):
    offer("scope-hello", "1.0")
    offer("scope-hello", "2.0", requires=["torch>=3"])
    assert ask("scope-hello") == {"scope-hello": "1.0"}
    (held_back,) = ask.held_back()
    assert (held_back.name, held_back.version, held_back.newest) == ("scope-hello", "1.0", "2.0")
    assert held_back.because == ("torch",)


def test_a_version_held_back_by_no_pin_is_shown_too(ask: Asking, offer: Offer):
    offer("scope-hello", "1.0")
    offer("scope-hello", "2.0", requires=["does-not-exist"])
    assert ask("scope-hello") == {"scope-hello": "1.0"}
    (held_back,) = ask.held_back()
    assert (held_back.newest, held_back.because) == ("2.0", ())


def test_what_may_not_be_cached_is_chosen_all_the_same(ask: Asking, offer: Offer, index: LocalIndex):
    index.may_be_cached = False
    offer("scope-hello", "1.0")
    offer("scope-hello", "2.0", requires=["torch>=3"])
    assert ask("scope-hello") == {"scope-hello": "1.0"}


def test_a_version_that_was_asked_for_is_not_held_back(ask: Asking, offer: Offer):
    offer("scope-hello", "1.0")
    offer("scope-hello", "2.0")
    assert ask("scope-hello<2") == {"scope-hello": "1.0"}
    assert ask.held_back() == ()
