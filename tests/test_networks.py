"""The Keras models of the course, and the views into them."""

import importlib.util
import os
import subprocess
import sys

import nbclient
import nbformat
import numpy as np
import pytest

from course_utils import load_fashion_mnist, networks

SHAPES = {"conv_1": (26, 26, 64), "pool_1": (13, 13, 64), "conv_2": (11, 11, 64), "pool_2": (5, 5, 64)}


@pytest.fixture(scope="module")
def keras():
    if not importlib.util.find_spec("tensorflow"):
        pytest.skip("needs TensorFlow: pip install tensorflow")
    return networks.load_keras()


@pytest.fixture
def images():
    return np.random.default_rng(0).random((3, 28, 28, 1), dtype=np.float32)


def run(code, **options):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, **options)


def test_importing_networks_does_not_import_tensorflow():
    result = run(
        "import sys; from course_utils import networks; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    assert result.stdout.split() == ["False", "False"], result.stderr


def test_a_missing_tensorflow_is_named_with_what_to_do():
    result = run(
        "import sys; sys.modules['tensorflow'] = None\n"
        "from course_utils import networks\n"
        "try:\n    networks.build_cnn()\n"
        "except ImportError as error:\n    print(error.name, error)"
    )
    assert result.stdout.startswith("tensorflow TensorFlow and Keras must be installed"), result.stderr
    assert "pip install tensorflow" in result.stdout
    assert "Colab" in result.stdout


def test_standard_error_is_heard_again_after_a_failed_import():
    result = run(
        "import os, sys; sys.modules['tensorflow'] = None\n"
        "from course_utils import networks\n"
        "try:\n    networks.load_keras()\n"
        "except ImportError:\n    os.write(2, b'heard')"
    )
    assert result.stderr == "heard"


LOAD_AND_PREDICT = """
import numpy as np
from course_utils import networks
keras = networks.load_keras()
networks.build_dense().predict(np.zeros((2, 28, 28, 1)), verbose=0)
print(keras.backend.backend())
"""


@pytest.mark.slow
def test_keras_is_loaded_without_a_word(keras, tmp_path):
    """TensorFlow writes nothing to the terminal, whatever backend the user's keras.json names."""
    (tmp_path / "keras.json").write_text('{"backend": "jax"}')
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "KERAS_"))}
    result = run(LOAD_AND_PREDICT + "import os; os.write(2, b'heard')", env=environment | {"KERAS_HOME": str(tmp_path)})
    assert result.stdout == "tensorflow\n"
    assert result.stderr == "heard"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell to close a file descriptor: run it on Linux or macOS")
def test_keras_is_loaded_where_standard_error_is_closed(keras):
    command = ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, LOAD_AND_PREDICT]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.stdout == "tensorflow\n"


@pytest.mark.slow
def test_keras_is_loaded_in_a_notebook_without_a_word(keras, monkeypatch):
    """A kernel reads file descriptor 2 through a pipe of its own; what is written there later still arrives."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # where this is set, a kernel leaves the file descriptor alone
    later = "import os, time; os.write(2, b'heard\\n'); time.sleep(1)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in (LOAD_AND_PREDICT, later)])
    nbclient.execute(notebook, timeout=120)
    assert [output.name for output in notebook.cells[0].outputs] == ["stdout"]
    assert [output.text for output in notebook.cells[1].outputs] == ["heard\n"]


@pytest.mark.slow
def test_the_notes_cnn_has_the_shapes_and_parameters_of_the_notes(keras):
    model = networks.build_cnn()
    table = {layer.name: layer for layer in networks.layer_table(model)}
    assert {name: table[name].shape for name in SHAPES} == SHAPES
    assert [layer.parameters for layer in table.values() if layer.parameters] == [640, 36928, 204928, 1290]
    assert model.count_params() == 243_786


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filters", "convolutions", "parameters"), [(64, 1, 1_386_506), (64, 2, 243_786), (64, 3, 84_106), (16, 2, 55_098)]
)
def test_dropping_a_convolution_makes_the_network_larger(keras, filters, convolutions, parameters):
    assert networks.build_cnn(filters, convolutions).count_params() == parameters


@pytest.mark.slow
def test_the_dense_baseline_is_the_referenced_notebooks(keras):
    model = networks.build_dense()
    assert [type(layer).__name__ for layer in model.layers] == ["Flatten", "Dense", "Dense"]
    assert model.count_params() == 101_770


@pytest.mark.slow
@pytest.mark.parametrize("build", [networks.build_dense, networks.build_cnn])
def test_networks_come_compiled_for_integer_labels_and_give_probabilities(keras, build, images):
    model = build()
    probabilities = model.predict(images, verbose=0)
    assert probabilities.shape == (3, 10)
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert np.isfinite(model.evaluate(images, np.array([0, 9, 5]), verbose=0)).all()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_network(keras):
    weights = []
    for _ in range(2):
        keras.utils.set_random_seed(7)
        weights.append(networks.build_cnn(8).get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"convolutions": 4}, ValueError, "at most 3 convolutions: got 4"),
        ({"convolutions": 0}, ValueError, "number of convolutions must be at least 1: got 0"),
        ({"filters": 0}, ValueError, "number of filters must be at least 1: got 0"),
        ({"filters": 6.4}, TypeError, "number of filters must be a whole number: got 6.4"),
    ],
)
def test_a_network_that_cannot_be_built_is_refused(keras, arguments, error, message):
    with pytest.raises(error, match=message):
        networks.build_cnn(**arguments)


@pytest.mark.slow
def test_multiplications_are_those_of_the_loops(keras):
    """3 x 3 weights at 26 x 26 places for each of 64 filters; then with 64 channels at 11 x 11 places; a dense weight once."""
    table = {layer.name: layer.multiplications for layer in networks.layer_table(networks.build_cnn())}
    assert table == {
        "conv_1": 26 * 26 * 64 * 9,
        "pool_1": 0,
        "conv_2": 11 * 11 * 64 * 9 * 64,
        "pool_2": 0,
        "flatten": 0,
        "hidden": 1600 * 128,
        "classes": 1280,
    }


@pytest.mark.slow
def test_multiplications_of_a_separable_convolution_are_those_of_its_two_steps(keras):
    model = keras.Sequential([keras.Input((9, 7, 5)), keras.layers.SeparableConv2D(6, (3, 2), use_bias=False)])
    (layer,) = networks.layer_table(model)
    assert layer[1:] == ((7, 6, 6), 30 + 30, (30 + 30) * 7 * 6)


@pytest.mark.slow
def test_feature_maps_of_a_sequential_model_are_its_layers_outputs(keras, images):
    model = networks.build_cnn(4)
    maps = networks.feature_maps(model, images)
    assert len(maps) == len(model.layers) == 7
    output = images
    for layer, found in zip(model.layers, maps, strict=True):
        output = keras.ops.convert_to_numpy(layer(output))
        np.testing.assert_allclose(found, output, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(maps[-1], model.predict(images, verbose=0), rtol=1e-4, atol=1e-6)


@pytest.mark.slow
def test_feature_maps_of_a_functional_model_are_its_layers_outputs(keras, images):
    """With a branch, and one array for each layer that is not the input."""
    layers = keras.layers
    start = keras.Input((28, 28, 1))
    left = layers.Conv2D(3, 3, name="left")(start)
    right = layers.Conv2D(3, 3, activation="relu", name="right")(start)
    model = keras.Model(start, layers.Flatten()(layers.Add()([left, right])))
    maps = dict(zip([layer.name for layer in model.layers[1:]], networks.feature_maps(model, images), strict=True))
    left, right = (keras.ops.convert_to_numpy(model.get_layer(name)(images)) for name in ("left", "right"))
    np.testing.assert_allclose(maps["left"], left, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(maps["right"], right, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(maps["flatten"], (left + right).reshape(3, -1), rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_feature_maps_of_layers_that_two_models_share_are_those_of_the_model_asked(keras, images):
    """`layer.output` would be the output in the model that used the layer first."""
    first = networks.build_cnn(4)
    start = output = keras.Input((28, 28, 1))
    output = keras.layers.Rescaling(2.0)(output)
    for layer in first.layers[:4]:
        output = layer(output)
    second = keras.Model(start, output)
    doubled = networks.feature_maps(first, 2 * images)[:4]
    for found, expected in zip(networks.feature_maps(second, images)[1:], doubled, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_feature_maps_are_those_of_use_not_of_training(keras, images):
    """Dropout lets everything through; an input may be any real dtype."""
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Dropout(0.9), keras.layers.Flatten()])
    pixels = (images * 255).astype(np.uint8)
    np.testing.assert_array_equal(networks.feature_maps(model, pixels)[0], pixels)


@pytest.mark.slow
def test_feature_maps_of_a_model_that_was_built_by_its_first_image(keras, images):
    model = keras.Sequential([keras.layers.Flatten()])
    with pytest.raises(ValueError, match=r"know the shape of its input.*keras\.Input"):
        networks.feature_maps(model, images)
    model(images[:1])
    (flat,) = networks.feature_maps(model, images)
    np.testing.assert_array_equal(flat, images.reshape(3, -1))


@pytest.mark.slow
@pytest.mark.parametrize("cut", [np.s_[0], np.s_[..., 0], np.s_[:, 1:]], ids=["one image", "no channel", "27 rows"])
def test_images_of_another_shape_are_refused(keras, images, cut):
    with pytest.raises(ValueError, match=r"must have shape \(N, 28, 28, 1\): got \("):
        networks.feature_maps(networks.build_dense(), images[cut])


def test_confusion_has_true_classes_in_rows_and_predicted_ones_in_columns():
    matrix = networks.confusion_matrix([0, 0, 0, 1], np.array([1, 1, 0, 1], dtype=np.uint8), classes=3)
    np.testing.assert_array_equal(matrix, [[1, 2, 0], [0, 1, 0], [0, 0, 0]])


@pytest.mark.slow
def test_after_the_lessons_training_the_cnn_beats_the_dense_baseline_and_shirts_are_hardest(keras):
    """On the sample, trained as in lesson 09."""
    data = load_fashion_mnist()
    train_images, test_images = (
        images[..., np.newaxis] / np.float32(255) for images in (data.train_images, data.test_images)
    )
    accuracy = {}
    for name, build, options in [
        ("dense", networks.build_dense, {}),
        (
            "cnn",
            networks.build_cnn,
            {"callbacks": [keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)]},
        ),
    ]:
        keras.utils.set_random_seed(0)
        model = build()
        model.fit(train_images, data.train_labels, epochs=20, validation_split=0.1, verbose=0, **options)
        predicted = model.predict(test_images, verbose=0).argmax(axis=1)
        accuracy[name] = np.mean(predicted == data.test_labels)
    assert accuracy["cnn"] > 0.845
    assert accuracy["cnn"] > accuracy["dense"] + 0.01
    matrix = networks.confusion_matrix(data.test_labels, predicted)
    assert data.class_names[np.argmin(matrix.diagonal() / matrix.sum(axis=1))] == "Shirt"
