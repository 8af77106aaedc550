"""The bar of exercise 11.1, measured again: the lesson's small network clears it, the dense networks do not."""

import importlib.util

import numpy as np
import pytest

from course_utils import load_fashion_mnist, networks
from course_utils.checks import lesson_11


@pytest.fixture(scope="module")
def data():
    if not importlib.util.find_spec("tensorflow"):
        pytest.skip("needs TensorFlow: pip install tensorflow")
    networks.load_keras()
    return load_fashion_mnist()


def held_out_accuracy(build, data):
    model = networks.train_on_sample(build, epochs=lesson_11.EPOCHS)
    return np.mean(model.predict(networks.as_input(data.test_images), verbose=0).argmax(axis=1) == data.test_labels)


@pytest.mark.slow
def test_the_bar_lies_above_the_dense_baseline_and_below_the_small_network(data):
    assert abs(held_out_accuracy(networks.build_dense, data) - lesson_11.DENSE) < 0.03
    assert held_out_accuracy(lesson_11.build_small_cnn, data) > lesson_11.ASKED + 0.005
    assert lesson_11.DENSE < lesson_11.ASKED


@pytest.mark.slow
def test_the_small_network_keeps_to_the_budget(data):
    assert lesson_11.build_small_cnn().count_params() == 18_594


def test_a_network_that_is_stopped_by_the_clock_is_told_so():
    """Not that it memorises: it never had the time."""
    answers = np.zeros((1, 2000), int)
    facts = {"axes": 2, "outputs": 10, "parameters": 100, "compiled": True, "integers": True, "one_hot": False}
    facts |= {"logits": False, "probabilities": True, "last": "softmax", "softmax_twice": False, "kernel": 3, "pool": 2}
    facts |= {"epochs": 4, "training": 0.9, "said": answers, "shape": "(N, 10)", "sum": 1.0, "complaint": ""}
    name, message = lesson_11._accept_training(facts, None)
    assert name == "too slow to train"
    assert "4 of 12 epochs" in message
    assert "10.0% of the held-out" in message
    assert lesson_11._accept_training(facts | {"epochs": 12}, None)[0] == "memorises"
    assert lesson_11._accept_training(facts | {"epochs": 12, "training": 0.5}, None)[0] == "learns too little"
    assert lesson_11._accept_training(facts | {"epochs": 12, "training": 0.1}, None)[0] == "does not learn"
    right = load_fashion_mnist().test_labels
    assert lesson_11._accept_training(facts | {"said": np.array([right] * 3)}, None) is None
