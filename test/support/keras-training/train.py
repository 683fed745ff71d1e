"""The Keras side of cases.ts: writes weights and images of a case, then trains what tlp trained, for parity.ts.

pip install keras tensorflow-cpu h5py pillow
python train.py write FOLDER...   weights.h5 (seeded, as Keras saves a trunk's weights), train/ and test/ with a folder of PNG a class
python train.py fit FOLDER...     keras.json: what Keras makes of them with the head and the order of images of request.json and head.bin

case.json, written by parity.ts, says what the case is. Frozen layers are `trainable = False` and drop nothing, as in Keras'
guide (`base(x, training=False)`). The training is done once more from weights that are off by a millionth: `shaken` tells how
exactly the figures can be known at all.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "keras-weights"))

import h5py
import keras
import numpy as np
from backbones import BACKBONES, adapt, spread
from keras import layers
from keras.src.legacy.saving import legacy_h5_format
from PIL import Image

CLASSES = ["bird", "cat", "dog", "fish"]
TRAIN, TEST = 11, 6  # images a class
NORMALIZE = {
    "unit": lambda x: x / 255,
    "signed": lambda x: x / 127.5 - 1,
    "caffe": lambda x: x[..., ::-1] - np.array([103.939, 116.779, 123.68], "float32"),
    "none": lambda x: x,
}
OPTIMIZERS = {
    "adam": lambda o: keras.optimizers.Adam(o["lr"], o["beta_1"], o["beta_2"], o["epsilon"]),
    "sgd": lambda o: keras.optimizers.SGD(o["lr"], momentum=o["momentum"], nesterov=o["nesterov"]),
}


def small(size):
    """The network that cases.ts has in tlp's words."""

    def convolution(x, layer, activation="relu6"):
        x = layers.BatchNormalization()(layer(x))
        return x if activation is None else layers.Activation(activation)(x)

    x = start = layers.Input((size, size, 3))
    x = convolution(x, layers.Conv2D(8, 3, 2, padding="same", use_bias=False))
    y = convolution(x, layers.Conv2D(16, 1, use_bias=False))
    y = convolution(y, layers.DepthwiseConv2D(3, padding="same", use_bias=False))
    y = convolution(y, layers.Conv2D(8, 1, use_bias=False), None)
    x = layers.Add()([y, x])
    x = layers.Conv2D(12, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = convolution(x, layers.Conv2D(16, 3, padding="same"), "relu")
    return keras.Model(start, x)


def trunk(case):
    keras.backend.clear_session()
    keras.utils.set_random_seed(17)
    if case["backbone"] is None:
        return small(case["size"])
    function, _, _ = BACKBONES[case["backbone"]]
    size = case["size"]
    base = getattr(keras.applications, function)(include_top=False, weights=None, input_shape=(size, size, 3))
    adapt(base)
    return base


def smooth(draw, cells, size):
    """size x size x 3 noise without fine grain, -1..1."""
    coarse = draw.uniform(-1, 1, (1, cells, cells, 3)).astype("float32")
    return np.array(keras.ops.image.resize(coarse, (size, size)))[0]


def write_images(folder, size):
    """Each class has a pattern of its own, under another for each image."""
    draw = np.random.default_rng(3)
    patterns = [smooth(draw, 3, size) for _ in CLASSES]
    for split, count in (("train", TRAIN), ("test", TEST)):
        for pattern, name in zip(patterns, CLASSES):
            place = os.path.join(folder, split, name)
            os.makedirs(place, exist_ok=True)
            for i in range(count):
                image = 127.5 + 60 * (pattern + smooth(draw, 4, size))
                pixels = np.clip(image, 0, 255).astype("uint8")
                Image.fromarray(pixels).save(os.path.join(place, f"{i:02}.png"), optimize=True)


def enliven(base):
    """Without batch norms images would fade from layer to layer: kernels of He's size, small biases."""
    if any(isinstance(layer, layers.BatchNormalization) for layer in base.layers):
        return
    for weight in base.weights:
        weight.assign(weight * (2**0.5 if weight.path.endswith("kernel") else 0.1))


def settle(base, images):
    """Batch norms get the statistics of these images, so that features differ from image to image as those of a trained network."""
    norms = [layer for layer in base.layers if isinstance(layer, layers.BatchNormalization)]
    kept = [layer.momentum for layer in norms]
    for layer in norms:
        layer.momentum = 0.0
    base(images, training=True)
    for layer, momentum in zip(norms, kept):
        layer.momentum = momentum


def write(folder):
    case = read_json(folder, "case.json")
    write_images(folder, case["size"])
    base = trunk(case)
    spread(base)
    enliven(base)
    names = [os.path.join("train", name, f"{i:02}.png") for i in range(TRAIN) for name in CLASSES]
    settle(base, read_images(folder, names, case)[0])
    with h5py.File(os.path.join(folder, "weights.h5"), "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, base)


def read_json(folder, name):
    with open(os.path.join(folder, name)) as file:
        return json.load(file)


def read_images(folder, files, case):
    pixels = np.stack([np.asarray(Image.open(os.path.join(folder, file))) for file in files]).astype("float32")
    labels = [CLASSES.index(os.path.basename(os.path.dirname(file))) for file in files]
    return NORMALIZE[case["normalize"]](pixels), np.eye(len(CLASSES), dtype="float32")[labels]


def head_values(folder, request):
    values, at = np.fromfile(os.path.join(folder, "head.bin"), "<f4"), 0
    for entry in request["head"]:
        size = int(np.prod(entry["shape"]))
        yield values[at : at + size].reshape(entry["shape"])
        at += size


def build(folder, case, request):
    base = trunk(case)
    base.load_weights(os.path.join(folder, "weights.h5"))
    dense = [layers.Dense(16, activation="relu"), layers.Dense(len(CLASSES), activation="softmax")]
    head = keras.Sequential([layers.GlobalAveragePooling2D(), layers.LayerNormalization(), *dense])
    head.build(base.output_shape)
    for weight, value in zip(head.weights, head_values(folder, request), strict=True):
        weight.assign(value)
    return base, head


class Transfer(keras.Model):
    """Trunk and head. A functional model would not do: in `fit`, Keras 3.15 overrides what `base(x, training=False)` says."""

    def __init__(self, base, head, batch_norm):
        super().__init__()
        self.base, self.head, self.batch_norm = base, head, batch_norm

    def call(self, images, training=None):
        return self.head(self.base(images, training=training and self.batch_norm == "train"), training=training)


def unfreeze(base, last):
    """The last layers of the trunk train (None: all)."""
    frozen = [] if last is None else base.layers[: len(base.layers) - last]
    for layer in base.layers:
        layer.trainable = layer not in frozen
    for layer in frozen:
        if isinstance(layer, layers.Dropout):
            layer.rate = 0
    dropping = [layer.name for layer in base.layers if isinstance(layer, layers.Dropout) and layer.rate > 0]
    if dropping:
        raise SystemExit(f"{dropping} would drop by chance: freeze them")


def train(folder, case, request, shake):
    base, head = build(folder, case, request)
    if shake:
        draw = np.random.default_rng(9)
        for weight in base.trainable_weights + head.trainable_weights:
            weight.assign(weight.numpy() * (1 + 1e-6 * draw.standard_normal(weight.shape)).astype("float32"))
    test = read_images(folder, request["test"], case)
    start = Transfer(base, head, "inference").predict(test[0], verbose=0).ravel().tolist()
    runs = {}
    for run in case["runs"]:
        unfreeze(base, run["last"])
        model = Transfer(base, head, run["batch_norm"])
        optimizer = OPTIMIZERS[run["optimizer"]["kind"]](run["optimizer"])
        model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
        epochs = [
            model.fit(*read_images(folder, order, case), batch_size=case["batch"], shuffle=False, verbose=0).history
            for order in request["epochs"]
        ]
        loss, accuracy = model.evaluate(*test, verbose=0)
        runs[run["name"]] = {
            "epochs": [{"loss": epoch["loss"][0], "accuracy": epoch["accuracy"][0]} for epoch in epochs],
            "test": {"loss": loss, "accuracy": accuracy},
            "probabilities": model.predict(test[0], verbose=0).ravel().tolist(),
        }
    return {"start": start, "runs": runs}


def fit(folder):
    case, request = read_json(folder, "case.json"), read_json(folder, "request.json")
    result = train(folder, case, request, shake=False)
    shaken = train(folder, case, request, shake=True)
    result["shaken"] = {name: run["test"] for name, run in shaken["runs"].items()}
    with open(os.path.join(folder, "keras.json"), "w") as file:
        json.dump({"keras": keras.__version__, **result}, file)
        file.write("\n")


if __name__ == "__main__":
    for each in sys.argv[2:]:
        {"write": write, "fit": fit}[sys.argv[1]](each)
