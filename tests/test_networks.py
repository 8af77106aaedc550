"""The Keras models of the course, and the views into them."""

import importlib.util
import os
import subprocess
import sys

import cv2
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
    model = keras.Model(start, layers.Flatten(name="flat")(layers.Add()([left, right])))
    maps = dict(zip([layer.name for layer in model.layers[1:]], networks.feature_maps(model, images), strict=True))
    left, right = (keras.ops.convert_to_numpy(model.get_layer(name)(images)) for name in ("left", "right"))
    np.testing.assert_allclose(maps["left"], left, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(maps["right"], right, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(maps["flat"], (left + right).reshape(3, -1), rtol=1e-4, atol=1e-5)


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
def test_after_the_lessons_training_the_cnn_beats_the_dense_baseline(keras):
    """On the sample. Seen from five random starts: dense 0.829 to 0.848, CNN 0.852 to 0.863; upper garments are hardest."""
    data = load_fashion_mnist()
    train_images, test_images = networks.as_input(data.train_images), networks.as_input(data.test_images)
    accuracy = {}
    for name, build, options in [
        ("dense", networks.build_dense, {"epochs": 30}),
        (
            "CNN",
            networks.build_cnn,
            {"epochs": 20, "callbacks": [keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)]},
        ),
    ]:
        keras.utils.set_random_seed(0)
        model = build()
        model.fit(train_images, data.train_labels, batch_size=64, validation_split=0.1, verbose=0, **options)
        predicted = model.predict(test_images, verbose=0).argmax(axis=1)
        accuracy[name] = np.mean(predicted == data.test_labels)
    assert accuracy["CNN"] > accuracy["dense"]
    assert accuracy["CNN"] > 0.84
    assert accuracy["dense"] > 0.81
    matrix = networks.confusion_matrix(data.test_labels, predicted)
    hardest = np.argsort(matrix.diagonal() / matrix.sum(axis=1))[:2]
    assert {data.class_names[label] for label in hardest} < {"T-shirt/top", "Pullover", "Coat", "Shirt"}


# --- where a network looks --------------------------------------------------------------------------------------------


def heat_model(keras, functional=False, activation="softmax"):
    """Two feature maps that are the two channels of the image; class 0 has score sum(map 0) - sum(map 1), class 1 the opposite."""
    layers = keras.layers
    stack = [
        layers.Conv2D(2, 1, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(2, activation=activation),
    ]
    start = output = keras.Input((4, 6, 2))
    for layer in stack:
        output = layer(output)
    model = keras.Model(start, output) if functional else keras.Sequential([keras.Input((4, 6, 2)), *stack])
    model.set_weights(
        [np.eye(2).reshape(1, 1, 2, 2), np.zeros(2), 24 * np.array([[1, -1], [-1, 1]]), np.array([0.5, 0])]
    )
    return model


@pytest.fixture
def two_maps():
    """An image of two channels: 4 at [0, 1] and 2 at [3, 5] in the first, 3 at [1, 1] in the second."""
    image = np.zeros((4, 6, 2))
    image[0, 1, 0], image[3, 5, 0], image[1, 1, 1] = 4, 2, 3
    return image


@pytest.mark.slow
@pytest.mark.parametrize("functional", [False, True])
@pytest.mark.parametrize("activation", ["softmax", None])
def test_grad_cam_is_the_weighted_sum_of_the_maps_without_what_is_negative(keras, two_maps, functional, activation):
    model = heat_model(keras, functional, activation)
    for_first, for_second = np.zeros((2, 4, 6))
    for_first[0, 1], for_first[3, 5], for_second[1, 1] = 1, 0.5, 1
    np.testing.assert_allclose(networks.grad_cam(model, two_maps, 0), for_first, atol=1e-6)
    np.testing.assert_allclose(networks.grad_cam(model, two_maps, 1), for_second, atol=1e-6)
    np.testing.assert_allclose(networks.grad_cam(model, two_maps[np.newaxis]), for_first, atol=1e-6)
    # Behind a global pool every place has the same gradient, so the mean of it changes nothing.
    np.testing.assert_allclose(networks.grad_cam(model, two_maps, 0, average=False), for_first, atol=1e-6)


@pytest.mark.slow
def test_grad_cam_of_a_softmax_that_is_certain_is_not_lost(keras, two_maps):
    """The probability of class 0 is 1 to the last digit, and its gradient 0; the score before softmax still has one."""
    model = heat_model(keras)
    assert model(50 * two_maps[np.newaxis]).numpy()[0, 0] == 1
    assert networks.grad_cam(model, 50 * two_maps, 0)[0, 1] == 1


@pytest.mark.slow
def test_grad_cam_where_nothing_speaks_for_the_class_is_zero(keras, two_maps):
    two_maps[..., 1] = 0
    np.testing.assert_array_equal(networks.grad_cam(heat_model(keras), two_maps, 1), np.zeros((4, 6)))


@pytest.mark.slow
def test_grad_cam_comes_from_the_last_convolution_and_is_resized_to_the_image(keras, images):
    keras.utils.set_random_seed(0)
    model = networks.build_cnn(4)
    model.trainable = False
    index = next(index for index in range(10) if networks.grad_cam(model, images[0], index).any())
    heat = networks.grad_cam(model, images[0], index)
    assert (heat.shape, heat.dtype) == ((28, 28), np.float64)
    assert 0 <= heat.min() < heat.max() == 1
    maps = dict(zip([layer.name for layer in model.layers], networks.feature_maps(model, images[:1])))
    weights = model.get_layer("classes").kernel.numpy()[:, index] * (maps["hidden"][0] > 0)
    pooled = (model.get_layer("hidden").kernel.numpy() @ weights).reshape(5, 5, 4)
    last = maps["conv_2"][0]
    gradient = np.zeros_like(last)  # a max pool gives all of it to the largest of four
    for row, column, channel in np.ndindex(pooled.shape):
        window = last[2 * row : 2 * row + 2, 2 * column : 2 * column + 2, channel]
        place = np.unravel_index(window.argmax(), (2, 2))
        gradient[2 * row + place[0], 2 * column + place[1], channel] = pooled[row, column, channel]
    for average, by_hand in [(True, last @ gradient.mean(axis=(0, 1))), (False, (last * gradient).sum(axis=-1))]:
        by_hand = cv2.resize(np.maximum(by_hand, 0), (28, 28))
        found = networks.grad_cam(model, images[0], index, average=average)
        np.testing.assert_allclose(found, by_hand / by_hand.max(), atol=1e-3)


@pytest.mark.slow
def test_grad_cam_refuses_what_it_cannot_explain(keras, images):
    with pytest.raises(ValueError, match=r"must have a convolution among its layers: got \['flatten'"):
        networks.grad_cam(networks.build_dense(), images[0])
    model = networks.build_cnn(2)
    with pytest.raises(ValueError, match="one of 0 to 9: got 10"):
        networks.grad_cam(model, images[0], 10)
    with pytest.raises(ValueError, match=r"must have shape \(28, 28, 1\), as the model takes it: got \(3, 28, 28, 1\)"):
        networks.grad_cam(model, images)
    with pytest.raises(ValueError, match=r"must have shape \(28, 28, 1\), as the model takes it: got \(28, 28\)"):
        networks.grad_cam(model, images[0, :, :, 0])


@pytest.mark.slow
def test_class_scores_become_the_models_probabilities_by_softmax(keras, images):
    layers = keras.layers
    apart = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(4), layers.Softmax()])
    named = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(4), layers.Activation("softmax")]
    )
    no_bias = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(4, "softmax", use_bias=False)])
    for model in (networks.build_cnn(2), apart, named, no_bias):
        powers = np.exp(networks.class_scores(model, images))
        np.testing.assert_allclose(powers / powers.sum(axis=1, keepdims=True), model(images).numpy(), rtol=1e-4)
    plain = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(4)])
    np.testing.assert_allclose(networks.class_scores(plain, images), plain(images).numpy(), rtol=1e-5)


@pytest.mark.slow
def test_occlusion_takes_from_the_score_what_the_patch_covers(keras, two_maps):
    """The score of class 0 is the sum of channel 0 minus that of channel 1, and the patch hides the cells below it."""
    model = heat_model(keras)
    drop = networks.occlusion_map(model, two_maps, 0, size=3, fill=0)
    by_hand = np.zeros((4, 6))
    by_hand[0:2, 0:3] += 4
    by_hand[2:4, 4:6] += 2
    by_hand[0:3, 0:3] -= 3
    np.testing.assert_allclose(drop, by_hand, atol=1e-5)
    np.testing.assert_allclose(networks.occlusion_map(model, two_maps, 1, size=3, fill=0), -by_hand, atol=1e-5)
    with pytest.raises(ValueError, match="must be odd, so that it has a centre: got 4"):
        networks.occlusion_map(model, two_maps, size=4)


def seen_by_gradient(keras, model, layer, row, column):
    """Return the box of pixels on which a cell depends; all weights are positive, so no two ways cancel out."""
    import tensorflow

    output = {one.name: output for one, output in networks._layer_outputs(model)}[layer]
    look = keras.Model(model.inputs[0], output)
    image = tensorflow.ones((1, *model.inputs[0].shape[1:]))
    with tensorflow.GradientTape() as tape:
        tape.watch(image)
        cell = tensorflow.reduce_sum(look(image)[0, row, column])
    rows, columns = np.nonzero(tape.gradient(cell, image).numpy()[0, :, :, 0])
    return rows.min(), columns.min(), np.ptp(rows) + 1, np.ptp(columns) + 1


@pytest.mark.slow
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_the_receptive_window_is_where_the_gradient_is(keras, padding):
    """With strides, dilation, a pool and a branch, at the border and inside."""
    layers = keras.layers
    positive = {"kernel_initializer": "ones", "padding": padding}
    start = keras.Input((29, 34, 1))
    first = layers.Conv2D(2, (3, 2), strides=(2, 1), name="first", **positive)(start)
    pooled = layers.AveragePooling2D((2, 3), padding=padding, name="pool")(first)
    left = layers.Conv2D(2, 3, dilation_rate=2, name="left", **{**positive, "padding": "same"})(pooled)
    right = layers.Activation("relu", name="right")(layers.Conv2D(2, 1, **positive)(pooled))
    both = layers.Add(name="both")([left, right])
    last = layers.DepthwiseConv2D((2, 3), strides=2, depthwise_initializer="ones", padding=padding, name="last")(both)
    model = keras.Model(start, layers.Flatten(name="flat")(last))
    for name in ("first", "pool", "left", "right", "both", "last"):
        _, height, width, _ = next(
            output.shape for layer, output in networks._layer_outputs(model) if layer.name == name
        )
        for row, column in {(0, 0), (height // 2, width // 2), (height - 1, width - 1)}:
            assert networks.receptive_window(model, name, row, column) == seen_by_gradient(
                keras, model, name, row, column
            )


@pytest.mark.slow
def test_receptive_windows_of_the_notes_cnn_are_3_4_8_and_10_pixels(keras):
    model = networks.build_cnn(2)
    windows = {name: networks.receptive_window(model, name, 2, 1) for name in ("conv_1", "pool_1", "conv_2", "pool_2")}
    assert windows == {"conv_1": (2, 1, 3, 3), "pool_1": (4, 2, 4, 4), "conv_2": (4, 2, 8, 8), "pool_2": (8, 4, 10, 10)}
    with pytest.raises(ValueError, match=r"one with feature maps \(conv_1, pool_1, conv_2, pool_2\): got 'flatten'"):
        networks.receptive_window(model, "flatten", 0, 0)
    with pytest.raises(ValueError, match=r"the 5 x 5 feature maps of pool_2: got \[5, 0\]"):
        networks.receptive_window(model, "pool_2", 5, 0)
    growing = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.UpSampling2D(name="up")])
    with pytest.raises(ValueError, match=r"What the window of up on the image is, is not known: UpSampling2D"):
        networks.receptive_window(growing, "up", 0, 0)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras 3.15 beside NumPy 2.4
def test_a_network_is_trained_once_and_then_read_from_its_file(keras, tmp_path, monkeypatch):
    data = load_fashion_mnist()
    few = data._replace(train_images=data.train_images[:320], train_labels=data.train_labels[:320])
    monkeypatch.setattr(networks, "load_fashion_mnist", lambda: few)
    pictures = networks.as_input(data.test_images[:5])
    assert (pictures.shape, pictures.dtype, pictures.max()) == ((5, 28, 28, 1), np.float32, 1)
    file = tmp_path / "mine.keras"
    trained = networks.train_on_sample(networks.build_dense, epochs=1, file=file)
    again = networks.train_on_sample(networks.build_dense, epochs=1)
    read = networks.train_on_sample(None, epochs=1, file=file)
    for model in (again, read):
        np.testing.assert_allclose(model.predict(pictures, verbose=0), trained.predict(pictures, verbose=0), rtol=1e-3)


@pytest.mark.slow
def test_occlusion_agrees_with_grad_cam_a_little_and_with_the_gradient_of_each_place_more(keras):
    """What lesson 10 measures on the notes' CNN, which flattens: on the first twenty test images, as there."""
    from scipy.stats import spearmanr

    images = networks.as_input(load_fashion_mnist().test_images[:20])
    model = networks.train_on_sample(networks.build_cnn, epochs=4)
    ranks = {True: [], False: []}
    for image in images:
        drop = networks.occlusion_map(model, image)
        for average in ranks:
            ranks[average].append(spearmanr(networks.grad_cam(model, image, average=average).ravel(), drop.ravel())[0])
    assert 0.05 < np.mean(ranks[True]) < 0.35
    assert 0.3 < np.mean(ranks[False]) < 0.6
