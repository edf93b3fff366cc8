"""What the libraries say on the way stays off the screen: kgmine prints figures and a bar, and raises what matters."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec


@contextmanager
def quiet() -> Iterator[None]:
    """Libraries' warnings and logs are off within; their bar of loading weights stays where somebody looks."""
    from transformers.utils import logging

    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    if not sys.stderr.isatty():
        logging.disable_progress_bar()
    if find_spec("datasets"):
        import datasets

        datasets.disable_progress_bars()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(verbosity)
