"""Writes weight files of one backbone and what Keras computes with them, for parity.ts.

pip install keras tensorflow-cpu h5py; python backbones.py NAME FOLDER
Seeded weights, statistics of batch norms included. Files: trunk.h5 (layers in order, the format of the official files),
whole.h5 (a model with a head, saved whole), trunk.weights.h5 (in plain models without the names that recent versions add), nested.keras (the trunk as a layer of a model); values.bin
(float32: images, then the trunk's features averaged over their map) and about.json (sizes, sums of the tensors).
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

# function, height and width, range of the pixels
BACKBONES = {
    "vgg16": ("VGG16", 48, (-1, 1)),
    "vgg19": ("VGG19", 48, (-1, 1)),
    "resnet50": ("ResNet50", 64, (-1, 1)),
    "resnet101": ("ResNet101", 64, (-1, 1)),
    "resnet50v2": ("ResNet50V2", 64, (-1, 1)),
    "mobilenet": ("MobileNet", 64, (-1, 1)),
    "mobilenetv2": ("MobileNetV2", 64, (-1, 1)),
    "mobilenetv3small": ("MobileNetV3Small", 64, (0, 255)),
    "mobilenetv3large": ("MobileNetV3Large", 64, (0, 255)),
    "densenet121": ("DenseNet121", 64, (-1, 1)),
    "efficientnetb0": ("EfficientNetB0", 64, (0, 255)),
    "efficientnetv2b0": ("EfficientNetV2B0", 64, (0, 255)),
    "inceptionv3": ("InceptionV3", 96, (-1, 1)),
    "xception": ("Xception", 96, (-1, 1)),
    "convnexttiny": ("ConvNeXtTiny", 64, (0, 255)),
}
BATCH = 2
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]


def spread(model):
    """Statistics, scales and offsets as after some training; kernels keep Keras' seeded start."""
    draw = np.random.default_rng(5)
    for weight in model.weights:
        name = weight.path.split("/")[-1]
        if name.startswith("variable"):  # of ConvNeXt's layer scale, whose start hides the blocks
            weight.assign(draw.uniform(0.2, 0.6, weight.shape).astype("float32"))
        elif name in ("gamma", "moving_variance"):
            weight.assign(draw.uniform(0.7, 1.3, weight.shape).astype("float32"))
        elif name in ("beta", "moving_mean", "bias"):
            weight.assign(draw.uniform(-0.2, 0.2, weight.shape).astype("float32"))


def adapt(model):
    """EfficientNet's Normalization without weights knows no ImageNet: it gets its mean and variance."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.weights:
            layer.set_weights([np.array(MEAN, "float32"), np.array(STD, "float32") ** 2, np.int64(1)])
            layer.finalize_state()


def main(name, folder):
    function, size, (low, high) = BACKBONES[name]
    keras.utils.set_random_seed(17)
    base = getattr(keras.applications, function)(include_top=False, weights=None, input_shape=(size, size, 3))
    spread(base)
    adapt(base)
    flat = keras.layers.GlobalAveragePooling2D()(base.output)
    whole = keras.Model(base.input, keras.layers.Dense(7, activation="softmax")(flat))
    nested = keras.Sequential(
        [keras.Input((size, size, 3)), base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(7)]
    )
    with h5py.File(os.path.join(folder, "trunk.h5"), "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, base)
    whole.save(os.path.join(folder, "whole.h5"))
    base.save_weights(os.path.join(folder, "trunk.weights.h5"))
    # where a model holds Sequentials, its classes alone do not tell the order of the layers
    plain = not any(isinstance(layer, keras.Sequential) for layer in base.layers)
    with h5py.File(os.path.join(folder, "trunk.weights.h5"), "a") as file:
        if plain:
            file.visititems(lambda _, item: item.attrs.pop("name", None) and None)
    nested.save(os.path.join(folder, "nested.keras"))
    images = np.random.default_rng(3).uniform(low, high, (BATCH, size, size, 3)).astype("<f4")
    features = keras.Model(base.input, flat).predict(images, verbose=0).astype("<f4")
    with open(os.path.join(folder, "values.bin"), "wb") as file:
        file.write(images.tobytes() + features.tobytes())
    tensors = [w for layer in base.layers if not isinstance(layer, keras.layers.Normalization) for w in layer.weights]
    about = {
        "keras": keras.__version__,
        "size": size,
        "batch": BATCH,
        "tensors": len(tensors),
        "sum": sum(float(np.sum(w.numpy().astype("f8"))) for w in tensors),
        "absolute": sum(float(np.sum(np.abs(w.numpy().astype("f8")))) for w in tensors),
    }
    with open(os.path.join(folder, "about.json"), "w") as file:
        json.dump(about, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
