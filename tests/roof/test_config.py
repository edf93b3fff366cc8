from pathlib import Path

import pytest

from kgmine.config import Config, load
from schemas.errors import ConfigError


def test_an_override_wins_over_the_file_and_a_flag_over_both(tmp_path: Path) -> None:
    path = tmp_path / "kgmine.yaml"
    path.write_text("seed: 1\nsampling: {draws: 5}\n")
    config = load(path, ("sampling.draws=7", "seed=2"), seed=3)
    assert (config.sampling.draws, config.seed) == (7, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sampling: {drws: 5}", "sampling.drws: unknown key"),
        ("seed: many", "seed:"),
        ("splits: {train: 0.5}", "splits:"),
        ("a: [1", ":1:"),
        ("- 1", "expected keys"),
        ("split_unit: chapter", "split_unit:"),
    ],
)
def test_a_wrong_configuration_names_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "kgmine.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        load(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)


def test_a_missing_configuration_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kgmine init"):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize("override", ["draws", "=3", "seed.x=1", "sampling.draws=[1"])
def test_a_wrong_override_is_named(override: str) -> None:
    with pytest.raises(ConfigError, match=r"--set|configuration"):
        load(None, ("seed=1", override))


def test_the_starter_configuration_says_the_defaults() -> None:
    starter = Path(__file__).parents[2] / "kgmine" / "starter" / "kgmine.yaml"
    assert load(starter).model_copy(update={"name": "benchmark"}) == Config()
