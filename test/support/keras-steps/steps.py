"""Prints steps.json: what Keras gives for the training of cases.ts, from the weights and batches that export.ts wrote.

pip install keras tensorflow-cpu; python steps.py FOLDER [BACKBONE...] > steps.json
For each backbone: the probabilities of the first batch, the losses of the steps, the loss of one more batch in inference form, and the sum of squares of some weights.
"""

import json
import re
import sys

import keras
import numpy as np

FAMILIES = {"resnet50": "ResNet50", "mobilenetv2": "MobileNetV2", "convnexttiny": "ConvNeXtTiny"}
STEPS = 3


def read(path):
    values = np.fromfile(path + ".bin", dtype="<f4")
    at = 0
    for entry in json.load(open(path + ".json")):
        size = int(np.prod(entry["shape"]))
        yield entry["name"], values[at : at + size].reshape(entry["shape"])
        at += size


def ours(path, names):
    """A depthwise kernel is `kernel` in Keras 3, `depthwise_kernel` in Keras 2, in tfjs and in tlp; layer scale has `variable`.

    Layers of a Sequential carry its name in front.
    """
    short = re.sub(r"layer_scale/variable(_\d+)?$", "layer_scale/gamma", "/".join(path.split("/")[-2:]))
    return short if short in names else short.replace("/kernel", "/depthwise_kernel")


def steps(name, family):
    given = dict(read(f"{sys.argv[1]}/{name}"))
    size = given["images 0"].shape[1]
    keras.backend.clear_session()
    base = getattr(keras.applications, family)(include_top=False, weights=None, input_shape=(size, size, 3))
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.9
    pooled = keras.layers.GlobalAveragePooling2D()(base.output)
    model = keras.Model(base.input, keras.layers.Dense(5, activation="softmax", name="predictions")(pooled))
    for weight in model.weights:
        weight.assign(given[ours(weight.path, given)])
    start = model.predict_on_batch(given["images 0"])
    model.compile(keras.optimizers.SGD(0.01, momentum=0.9), "categorical_crossentropy")
    losses = [float(model.train_on_batch(given[f"images {i}"], given[f"labels {i}"])) for i in range(STEPS)]
    after = float(model.test_on_batch(given[f"images {STEPS}"], given[f"labels {STEPS}"]))
    chosen = [w for w in model.weights if w.path.split("/")[-1] in ("kernel", "moving_variance", "gamma")]
    kept = chosen[:: max(1, len(chosen) // 12)]
    squares = {ours(w.path, given): float(np.sum(np.square(w.numpy().astype("f8")))) for w in kept}
    return {"probabilities": [float(p) for p in start.flatten()], "losses": losses, "evaluation": after, "squares": squares}


chosen = sys.argv[2:] or FAMILIES
result = {name: steps(name, FAMILIES[name]) for name in chosen}
print(json.dumps({"keras": keras.__version__, **result}, indent=2))
