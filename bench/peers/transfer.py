"""The peers of bench/transfer.ts: the same images, weights, head and epochs in Keras, from process start to test score.

    python transfer.py weights vgg16|mobilenetv2 FOLDER     writes seeded weights as Keras does, FOLDER/<name>_notop.h5
    python transfer.py fit      CASE FOLDER EPOCHS          model.fit on the frozen (or partly frozen) model
    python transfer.py features CASE FOLDER EPOCHS          predict once, then a head trained on the features
    python transfer.py predict  CASE FOLDER 0               one pass of the frozen backbone over the train images

CASE is one of CASES. Data: Fashion-MNIST from $KERAS_HOME/datasets/fashion-mnist, the 5,000 train and 1,000 test images that
`limit(train: 5000, test: 1000)` takes, brought to the backbone's size (bilinear) and to three channels. Prints one JSON line: seconds (for predict: of the pass alone),
accuracy on the test images, peak resident megabytes.
"""

import gzip
import json
import os
import resource
import sys
import time

START = time.perf_counter()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
TRAIN, TEST, BATCH = 5000, 1000, 64
# name: (backbone, side, trainable layers at the end)
CASES = {
    "vgg16-frozen": ("vgg16", 32, 0),
    "vgg16-last-4": ("vgg16", 32, 4),
    "mobilenetv2-frozen": ("mobilenetv2", 96, 0),
}


def backbone(name, side):
    import keras

    keras.utils.set_random_seed(1)
    build = {"vgg16": keras.applications.VGG16, "mobilenetv2": keras.applications.MobileNetV2}[name]
    return build(weights=None, include_top=False, input_shape=(side, side, 3))


def images(side, name):
    """Train and test pixels as float32 batches of the backbone's range, labels as integers."""
    import numpy as np
    import tensorflow as tf

    folder = os.path.join(os.environ.get("KERAS_HOME", os.path.expanduser("~/.keras")), "datasets", "fashion-mnist")

    def read(kind, count):
        with gzip.open(os.path.join(folder, f"{kind}-images-idx3-ubyte.gz")) as file:
            pixels = np.frombuffer(file.read()[16:], np.uint8).reshape(-1, 28, 28, 1)
        with gzip.open(os.path.join(folder, f"{kind}-labels-idx1-ubyte.gz")) as file:
            labels = np.frombuffer(file.read()[8:], np.uint8)
        # the images that `limit` takes: as many of each class, spread evenly over it, in rising order
        each = count // 10
        members = [np.flatnonzero(labels == c) for c in range(10)]
        chosen = np.sort([m[int((i + 0.5) * len(m) / each)] for m in members for i in range(each)])
        pixels, labels = pixels[chosen], labels[chosen]
        resized = tf.image.resize(pixels, (side, side)).numpy().repeat(3, axis=3)
        if name == "vgg16":
            scaled = resized[..., ::-1] - np.array([103.939, 116.779, 123.68], np.float32)
        else:
            scaled = resized / 127.5 - 1
        return np.ascontiguousarray(scaled, np.float32), labels.astype("int64")

    return read("train", TRAIN), read("t10k", TEST)


def head_on(shape, name):
    import keras

    inputs = keras.Input(shape)
    pooled = keras.layers.GlobalAveragePooling2D()(inputs) if name == "mobilenetv2" else keras.layers.Flatten()(inputs)
    hidden = keras.layers.Dropout(0.5)(keras.layers.Dense(256, activation="relu")(pooled))
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(hidden))


def compiled(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main():
    mode, case, folder = sys.argv[1:4]
    if mode == "weights":
        path = os.path.join(folder, f"{case}_notop.h5")
        if not os.path.exists(path):
            import h5py
            from keras.src.legacy.saving import legacy_h5_format

            with h5py.File(path + ".part", "w") as file:
                legacy_h5_format.save_weights_to_hdf5_group(file, backbone(case, 96))
            os.rename(path + ".part", path)
        return
    import keras

    epochs = int(sys.argv[4])
    name, side, last = CASES[case]
    base = backbone(name, side)
    base.load_weights(os.path.join(folder, f"{name}_notop.h5"))
    base.trainable = last > 0
    for layer in base.layers[: len(base.layers) - last] if last else []:
        layer.trainable = False
    (x, y), (x_test, y_test) = images(side, name)
    head = head_on(base.output_shape[1:], name)
    seconds, accuracy = None, None
    if mode == "predict":
        base.predict(x[:BATCH], BATCH, verbose=0)
        began = time.perf_counter()
        base.predict(x, BATCH, verbose=0)
        seconds = time.perf_counter() - began
    elif mode == "features":
        features, features_test = base.predict(x, BATCH, verbose=0), base.predict(x_test, BATCH, verbose=0)
        compiled(head).fit(features, y, batch_size=BATCH, epochs=epochs, verbose=0)
        accuracy = head.evaluate(features_test, y_test, batch_size=BATCH, verbose=0)[1]
    else:
        model = compiled(keras.Model(base.input, head(base.output)))
        model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0)
        accuracy = model.evaluate(x_test, y_test, batch_size=BATCH, verbose=0)[1]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "seconds": seconds if seconds is not None else time.perf_counter() - START,
        "cpu": usage.ru_utime + usage.ru_stime,
        "accuracy": accuracy,
        "megabytes": megabytes,
    }))


if __name__ == "__main__":
    main()
