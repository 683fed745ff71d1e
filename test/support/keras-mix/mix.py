"""Prints mix.json: what Keras' MixUp and CutMix, its loss and its accuracy give for fixed images, label shares and draws.

pip install keras tensorflow-cpu numpy; python mix.py > mix.json
Keras' own code runs; only its random numbers are replaced by the ones written into the file.
"""

import json

import keras
import numpy as np

COUNT, HEIGHT, WIDTH, CHANNELS, CLASSES = 3, 6, 7, 2, 4
PARTNERS = [2, 0, 1]
SHARES = [0.3, 0.85, 0.5]
X, Y = [0.1, 0.77, 0.5], [0.9, 0.25, 0.6]

size = HEIGHT * WIDTH * CHANNELS
images = np.array([(i * 37) % 101 / 100 for i in range(COUNT * size)], "float32").reshape(COUNT, HEIGHT, WIDTH, CHANNELS)
labels = np.eye(CLASSES, dtype="float32")[[1, 3, 0]]


def fixed(layer, uniforms):
    """Lets the layer draw PARTNERS, SHARES and `uniforms`, in the order in which it asks."""
    queue = [np.array(values, "float32") for values in uniforms]
    random = layer.backend.random
    random.shuffle = lambda x, **_: np.array(PARTNERS)
    random.beta = lambda *_, **__: np.array(SHARES, "float32")
    random.uniform = lambda *_, **__: queue.pop(0)
    transformation = layer.get_random_transformation({"images": images, "labels": labels}, training=True)
    return {
        "images": rounded(layer.transform_images(images, transformation, training=True)),
        "labels": rounded(layer.transform_labels(labels, transformation, training=True)),
    }


def rounded(values):
    return [round(float(v), 7) for v in np.asarray(values).ravel()]


logits = np.array([[2, -1, 0.5, 0], [0.1, 0.2, -0.3, 1], [-1, 3, 0, 0.5], [0, 0, 1, -2]], "float32")
shares = np.array([[0.7, 0, 0.3, 0], [0, 0.85, 0, 0.15], [0, 0.4, 0, 0.6], [0.5, 0, 0.5, 0]], "float32")
losses = {
    str(smoothing): float(
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)(shares, logits)
    )
    for smoothing in (0.0, 0.1)
}
print(
    json.dumps(
        {
            "partners": PARTNERS,
            "shares": SHARES,
            "x": X,
            "y": Y,
            "mixup": fixed(keras.layers.MixUp(alpha=0.2), []),
            # the first number is CutMix' own draw of alpha, which SHARES make idle
            "cutmix": fixed(keras.layers.CutMix(factor=1.0), [0.5, X, Y]),
            "mixed_labels": {
                "logits": rounded(logits),
                "shares": rounded(shares),
                "loss": losses,
                "correct": float(np.sum(keras.metrics.categorical_accuracy(shares, logits))),
            },
        }
    )
)
