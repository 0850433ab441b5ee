"""Training and measuring the duplicate check, on the sample that the project carries."""

import random
from pathlib import Path

import pytest

from cli.matcher.data import DEVELOPMENT, SAMPLE, TEST, half, read
from cli.matcher.experiment import Experiment
from cli.matcher.look_alikes import LOOK_ALIKES
from cli.matcher.picture import roc
from cli.matcher.population import populate
from cli.matcher.quality import measure
from cli.matcher.training import learn, write
from cli.matcher.variations import VARIATIONS
from cli.matcher.words import trades
from services.customers.domain.evidence import AGAINST, FOR
from services.customers.domain.model import Model, learnt
from services.customers.domain.names import parse

SIZE, EACH = 1_500, 12


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return Experiment.of(read(SAMPLE), SIZE, EACH, 3, note=lambda _: None)


def test_a_population_is_the_same_again_and_all_different() -> None:
    data = read(SAMPLE)
    names = populate(data, SIZE, 1)
    assert names == populate(data, SIZE, 1)
    assert len(set(names)) == SIZE
    assert names != populate(data, SIZE, 2)


def test_halves_are_of_about_one_size_and_share_nothing(experiment: Experiment) -> None:
    halves = [half(name) for name in experiment.names]
    assert 0.4 < halves.count(DEVELOPMENT) / SIZE < 0.6
    asked = {
        part: {j.question.meant for j in experiment.judged(part)} for part in (DEVELOPMENT, TEST)
    }
    assert not asked[DEVELOPMENT] & asked[TEST]


@pytest.mark.parametrize("kind", [*VARIATIONS, *LOOK_ALIKES])
def test_every_kind_of_question_can_be_made(kind: str) -> None:
    choose = random.Random(1)
    vary = (VARIATIONS | LOOK_ALIKES)[kind]
    names = [
        "四川省成都市蓝海科技有限公司",
        "深圳市龙岗区布吉街道小神笔餐饮店",
        "平安证券股份有限公司江苏分公司",
        "中国工商银行股份有限公司杭州支行",
        "四川第一建筑工程有限公司",
        "成都蓝海保险有限公司（代春燕）",
    ]
    written = {vary(name, parse(name), choose) for name in names} - {"", *names}
    assert written


def test_what_is_learnt_is_bound_to_its_signs_and_the_same_again(experiment: Experiment) -> None:
    judged = experiment.judged(DEVELOPMENT)
    found = learn(judged)
    assert found == learn(judged)
    assert all(found["weights"][name] >= 0 for name in FOR)
    assert all(found["weights"][name] <= 0 for name in AGAINST)
    assert found["thresholds"]["similar"] < found["thresholds"]["likely"]


def test_the_file_has_the_same_bytes(experiment: Experiment, tmp_path: Path) -> None:
    found = learn(experiment.judged(DEVELOPMENT))
    for name in ("one", "other"):
        write(found, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert Model.from_dict(found).weights


def test_the_reviewed_weights_find_what_is_meant(experiment: Experiment) -> None:
    quality = measure(experiment.judged(TEST), learnt(), experiment.identity)
    asked = sum(one.asked for one in quality.recalls)
    assert sum(one.first * one.asked for one in quality.recalls) / asked > 0.95
    assert all(one.same == 0 for one in quality.confusions)


def test_a_roc_begins_with_nothing_and_ends_with_all() -> None:
    points = roc([1.0, 2.0, 3.0], [0.0, 1.5])
    assert points[0] == (0.0, pytest.approx(1 / 3))
    assert points[-1] == (1.0, 1.0)
    assert points == sorted(points)


def test_words_of_trades_follow_many_brands() -> None:
    brands = [chr(0x4E10 + 2 * at) + chr(0x6000 + at) for at in range(40)]
    words = ("科技", "餐饮服务", "餐饮", "服务", "百货")
    assert trades(brand + word for brand in brands for word in words) == set(words) - {"餐饮服务"}
