from itertools import islice

from cli.names import generated, sample


def test_a_seed_gives_the_same_different_names_again() -> None:
    known = sample()
    names = list(islice(generated(7, known), 2_000))
    assert names == list(islice(generated(7, known), 2_000))
    assert len(set(names)) == len(names)
    assert names != list(islice(generated(8, known), 2_000))
