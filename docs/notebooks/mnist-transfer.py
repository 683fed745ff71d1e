# MNIST: three backbones against a CNN: what the notebook does, in Keras 3, without its plots.
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(42)

(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()


def prepare(images):
    images = images.astype("float32") / 255
    images = np.repeat(images[..., np.newaxis], 3, axis=-1)
    return tf.image.resize(images, (32, 32), method="bilinear").numpy()


x_train = prepare(x_train)
x_test = prepare(x_test)
y_train = keras.utils.to_categorical(y_train, 10)
y_test = keras.utils.to_categorical(y_test, 10)


def on_top(base, head):
    inputs = keras.Input((32, 32, 3))
    x = base(inputs)
    x = layers.GlobalAveragePooling2D()(x)
    for layer in head:
        x = layer(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def vgg16(trainable_layers=0):
    base = keras.applications.VGG16(weights="imagenet", include_top=False, input_shape=(32, 32, 3))
    base.trainable = trainable_layers > 0
    if trainable_layers > 0:
        for layer in base.layers[:-trainable_layers]:
            layer.trainable = False
    return on_top(base, [layers.Dropout(0.5), layers.Dense(256, activation="relu"), layers.Dropout(0.3)])


def resnet50():
    base = keras.applications.ResNet50(weights="imagenet", include_top=False, input_shape=(32, 32, 3))
    base.trainable = False
    head = [layers.Dropout(0.5), layers.Dense(256, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.3)]
    return on_top(base, head)


def mobilenetv2():
    base = keras.applications.MobileNetV2(weights="imagenet", include_top=False, input_shape=(32, 32, 3))
    base.trainable = False
    return on_top(base, [layers.Dropout(0.4), layers.Dense(128, activation="relu"), layers.Dropout(0.2)])


def cnn():
    return keras.Sequential([
        keras.Input((32, 32, 3)),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(128, 3, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])


models = {
    "VGG16": (vgg16(), 1e-4, 10),
    "ResNet50": (resnet50(), 1e-4, 10),
    "MobileNetV2": (mobilenetv2(), 1e-4, 10),
    "CNN": (cnn(), 1e-3, 10),
    "VGG16, fine-tuned": (vgg16(trainable_layers=4), 1e-5, 5),
}
for name, (model, rate, epochs) in models.items():
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="categorical_crossentropy", metrics=["accuracy"])
    total = model.count_params()
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    print(f"{name}: {total} parameters, {trainable} trainable, {(total - trainable) / total:.1%} frozen")
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
    begin = time.time()
    model.fit(x_train, y_train, epochs=epochs, batch_size=128, validation_split=0.1, callbacks=[stop])
    minutes = (time.time() - begin) / 60
    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"{name}: {accuracy:.2%}, loss {loss:.4f}, {minutes:.1f} minutes")
