from services.customers.store.name_index import POSTINGS, rarest


def test_pieces_are_taken_from_the_rarest_on_within_the_budget() -> None:
    assert rarest([(POSTINGS, "科技"), (3, "^蓝"), (0, "蓝海"), (5, "海科")]) == ["^蓝", "海科"]
    assert rarest([(POSTINGS - 8, "科技"), (3, "^蓝"), (5, "海科")]) == ["^蓝", "海科", "科技"]
    assert rarest([(POSTINGS + 1, "科技"), (POSTINGS + 1, "服务")]) == ["服务"]
    assert rarest([(0, "蓝海")]) == []
