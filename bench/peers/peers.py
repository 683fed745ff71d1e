"""The training steps of bench/models.ts in PyTorch and Keras: the same networks, batches, loss and Adam.

Prints one JSON line a case: {"peer", "case", "milliseconds"}: the median of the timed steps, per image.
Usage: python bench/peers/peers.py torch|keras [part of a case name] [steps]
"""

import json
import os
import sys
import time

peer = sys.argv[1]
only = sys.argv[2] if len(sys.argv) > 2 else ""
steps = int(sys.argv[3]) if len(sys.argv) > 3 else 6

VGG = "vgg16 32x32 batch 64"
CNN = "cnn N1 32x32 batch 128"
RESNET = "resnet50 224x224 batch 8"
# name: (batch, side, classes)
CASES = {VGG: (64, 32, 10), CNN: (128, 32, 10), RESNET: (8, 224, 5)}


def report(case, batch, step):
    """One warm-up step, then `steps` timed ones."""
    step()
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000 / batch)
    print(json.dumps({"peer": peer, "case": case, "milliseconds": sorted(times)[len(times) // 2]}), flush=True)


def run_torch():
    import torch
    from torch import nn

    torch.set_num_threads(os.cpu_count() or 1)

    def cnn(classes):
        return nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(4096, 512), nn.ReLU(), nn.Linear(512, classes),
        )

    def vgg16(classes):
        layers, channels = [], 3
        for filters, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for _ in range(count):
                layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
                channels = filters
            layers.append(nn.MaxPool2d(2))
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, classes))

    class Bottleneck(nn.Module):
        """Keras' ResNet v1 block: stride in the first 1x1 convolution, biases everywhere."""

        def __init__(self, inputs, filters, stride, first):
            super().__init__()
            norm = lambda c: nn.BatchNorm2d(c, eps=1.001e-5, momentum=0.01)
            self.main = nn.Sequential(
                nn.Conv2d(inputs, filters, 1, stride), norm(filters), nn.ReLU(),
                nn.Conv2d(filters, filters, 3, padding=1), norm(filters), nn.ReLU(),
                nn.Conv2d(filters, 4 * filters, 1), norm(4 * filters),
            )
            shortcut = [nn.Conv2d(inputs, 4 * filters, 1, stride), norm(4 * filters)]
            self.shortcut = nn.Sequential(*shortcut) if first else nn.Identity()

        def forward(self, x):
            return torch.relu(self.main(x) + self.shortcut(x))

    def resnet50(classes):
        layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.BatchNorm2d(64, eps=1.001e-5, momentum=0.01), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        channels = 64
        for filters, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
            for block in range(blocks):
                layers.append(Bottleneck(channels, filters, stride if block == 0 else 1, block == 0))
                channels = 4 * filters
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, classes))

    for case, build in ((CNN, cnn), (VGG, vgg16), (RESNET, resnet50)):
        if only not in case:
            continue
        batch, side, classes = CASES[case]
        model = build(classes)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
        x = torch.rand(batch, 3, side, side)
        y = torch.arange(batch) % classes
        loss = nn.CrossEntropyLoss()

        def step():
            optimizer.zero_grad()
            loss(model(x), y).backward()
            optimizer.step()

        report(case, batch, step)


def run_keras():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    import numpy as np
    import tensorflow as tf
    from keras import layers

    def cnn(side, classes):
        return keras.Sequential([
            layers.Input((side, side, 3)),
            layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
            layers.Flatten(), layers.Dense(512, activation="relu"), layers.Dense(classes, activation="softmax"),
        ])

    def application(build):
        def model(side, classes):
            base = build(weights=None, include_top=False, input_shape=(side, side, 3))
            pooled = layers.GlobalAveragePooling2D()(base.output)
            return keras.Model(base.input, layers.Dense(classes, activation="softmax")(pooled))
        return model

    builders = {CNN: cnn, VGG: application(keras.applications.VGG16), RESNET: application(keras.applications.ResNet50)}
    for case, build in builders.items():
        if only not in case:
            continue
        batch, side, classes = CASES[case]
        model = build(side, classes)
        model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
        x = tf.constant(np.random.rand(batch, side, side, 3).astype("float32"))
        y = tf.constant(np.arange(batch) % classes)
        report(case, batch, lambda: model.train_on_batch(x, y))


{"torch": run_torch, "keras": run_keras}[peer]()
