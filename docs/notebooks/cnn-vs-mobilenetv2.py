# A small CNN against MobileNetV2 on CIFAR-10: what the notebook does, in Keras 3, without its plots.
import keras
from keras import layers

keras.utils.set_random_seed(42)

(x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255
y_train = keras.utils.to_categorical(y_train, 10)
y_test = keras.utils.to_categorical(y_test, 10)

cnn = keras.Sequential([
    keras.Input((32, 32, 3)),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(512, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
cnn.compile(optimizer=keras.optimizers.Adam(1e-3), loss="categorical_crossentropy", metrics=["accuracy"])

base = keras.applications.MobileNetV2(weights="imagenet", include_top=False, input_shape=(32, 32, 3))
base.trainable = False
inputs = keras.Input((32, 32, 3))
x = base(inputs)
x = layers.Flatten()(x)
outputs = layers.Dense(10, activation="softmax")(x)
transfer = keras.Model(inputs, outputs)
transfer.compile(optimizer=keras.optimizers.Adam(1e-3), loss="categorical_crossentropy", metrics=["accuracy"])

stop = keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=3, restore_best_weights=True)
common = dict(epochs=10, batch_size=128, validation_data=(x_test, y_test), callbacks=[stop])
history_cnn = cnn.fit(x_train, y_train, **common)
history_transfer = transfer.fit(x_train, y_train, **common)

base.trainable = True
for layer in base.layers[:-10]:
    layer.trainable = False
transfer.compile(optimizer=keras.optimizers.Adam(1e-4), loss="categorical_crossentropy", metrics=["accuracy"])
history_last = transfer.fit(x_train, y_train, **common)

for name, history in [("CNN", history_cnn), ("transfer", history_transfer), ("last layers", history_last)]:
    train = max(history.history["accuracy"])
    validation = max(history.history["val_accuracy"])
    gap = train - validation
    verdict = "significant overfitting" if gap > 0.1 else "no significant overfitting"
    print(f"{name}: train {train:.3f}, validation {validation:.3f}, gap {gap:.3f}: {verdict}")
