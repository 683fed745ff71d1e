"""Writes the small weight files beside it, and expected.json: what Keras computes with the same weights.

pip install keras tensorflow-cpu h5py safetensors ml_dtypes; python fixtures.py; npx biome check --write expected.json
One network of few layers, as Keras 3 saves it in each of its formats, alone and as a model inside a model; as files of
2016 name their tensors; and its weights as safetensors of several types.
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
import ml_dtypes
import numpy as np
from keras import layers
from keras.src.legacy.saving import legacy_h5_format
from safetensors.numpy import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE = 8


def place(name):
    return os.path.join(HERE, name)


def trunk(prefix=""):
    x = start = layers.Input((SIZE, SIZE, 3), name=f"{prefix}input")
    x = layers.Conv2D(4, 3, activation="relu", name="stem")(x)
    x = layers.BatchNormalization()(x)
    x = layers.DepthwiseConv2D(3, use_bias=False)(x)
    x = layers.BatchNormalization(scale=False)(x)
    x = layers.SeparableConv2D(5, 3)(x)
    return start, layers.ReLU()(x)


def randomize(model):
    """Weights as after some training: statistics too, none at its start."""
    draw = np.random.default_rng(11)
    for weight in model.weights:
        low, high = (0.5, 1.5) if weight.path.endswith(("variance", "gamma")) else (-0.6, 0.6)
        weight.assign(draw.uniform(low, high, weight.shape).astype("float32"))


def save_topological(path, model):
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def save_2016(path, model):
    """Fixed-length names, tensors directly in the layer's group, Keras 1 names: as the official VGG files are told to be."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = np.array([f"block_{i}".encode() for i in range(len(model.layers))])
        for i, layer in enumerate(model.layers):
            group = file.create_group(f"block_{i}")
            names = [f"block_{i}_{chr(87 + k)}_1:0".encode() for k in range(len(layer.weights))]
            group.attrs["weight_names"] = np.array(names)
            for name, weight in zip(names, layer.get_weights()):
                group.create_dataset(name, data=weight)


def safetensors(path, model, dtype):
    values = {w.path: np.ascontiguousarray(w.numpy().astype(dtype)) for w in model.weights}
    save_file(values, path)
    os.chmod(path, 0o644)


def main():
    start, features = trunk()
    base = keras.Model(start, features, name="trunk")
    flat = layers.GlobalAveragePooling2D()(features)
    whole = keras.Model(start, layers.Dense(3, activation="softmax", name="predictions")(flat), name="whole")
    randomize(whole)
    inner = keras.models.clone_model(base)
    inner.set_weights(base.get_weights())
    nested = keras.Sequential(
        [layers.Input((SIZE, SIZE, 3)), inner, layers.GlobalAveragePooling2D(), layers.Dense(3, activation="softmax")]
    )
    nested.layers[-1].set_weights(whole.layers[-1].get_weights())
    whole.compile("sgd", "categorical_crossentropy")

    save_topological(place("trunk.h5"), base)
    save_2016(place("trunk-2016.h5"), base)
    whole.save(place("whole.h5"))
    base.save_weights(place("trunk.weights.h5"))
    nested.save_weights(place("nested.weights.h5"))
    whole.save(place("whole.keras"))
    nested.save(place("nested.keras"))
    # an inner model whose first layers are frozen: its tensors come in another order than its layers
    for layer in inner.layers[:4]:
        layer.trainable = False
    save_topological(place("nested-frozen.h5"), nested)
    for name, dtype in {"f32": "float32", "f64": "float64", "f16": "float16", "bf16": ml_dtypes.bfloat16}.items():
        safetensors(place(f"trunk-{name}.safetensors"), base, dtype)

    images = np.random.default_rng(3).uniform(0, 1, (1, SIZE, SIZE, 3)).astype("float32").round(3)
    pooled = keras.Model(start, flat)
    expected = {
        "keras": keras.__version__,
        "images": images.ravel().tolist(),
        "features": pooled.predict(images, verbose=0).ravel().tolist(),
        "probabilities": whole.predict(images, verbose=0).ravel().tolist(),
        "sums": {w.path: float(np.sum(w.numpy().astype("f8"))) for w in whole.weights},
    }
    with open(place("expected.json"), "w") as file:
        json.dump(expected, file)
        file.write("\n")


main()
