# ResNet50 from scratch with three heads: what the notebook does, in Keras 3, without its plots.
# Its data set was never defined; a folder of images stands in for it.
import keras
from keras import layers

load = dict(image_size=(224, 224), batch_size=32, label_mode="categorical", validation_split=0.2, seed=1)
train = keras.utils.image_dataset_from_directory("images", subset="training", **load)
validation = keras.utils.image_dataset_from_directory("images", subset="validation", **load)
train = train.map(lambda x, y: (x / 255, y))
validation = validation.map(lambda x, y: (x / 255, y))


def resnet():
    return keras.applications.ResNet50(weights=None, include_top=False, input_shape=(224, 224, 3))


def plain():
    base = resnet()
    x = layers.GlobalAveragePooling2D()(base.output)
    x = layers.Dense(128, activation="relu")(x)
    return keras.Model(base.input, layers.Dense(5, activation="softmax")(x))


def wide():
    base = resnet()
    x = layers.Flatten()(base.output)
    x = layers.Dense(512, activation="relu")(x)
    x = layers.Dropout(0.3)(x)
    x = layers.Dense(256, activation="relu")(x)
    return keras.Model(base.input, layers.Dense(5, activation="softmax")(x))


def regular():
    base = resnet()
    x = layers.GlobalAveragePooling2D()(base.output)
    x = layers.BatchNormalization()(x)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(64, activation="relu")(x)
    return keras.Model(base.input, layers.Dense(5, activation="softmax")(x))


def callbacks():
    return [
        keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=2, min_lr=1e-6),
    ]


results = {}
for name, build, rate, epochs in [("plain", plain, 1e-3, 20), ("wide", wide, 5e-4, 20), ("regular", regular, 8e-4, 25)]:
    model = build()
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(train, validation_data=validation, epochs=epochs, callbacks=callbacks())
    results[name] = model.evaluate(validation, verbose=0)

for name, (loss, accuracy) in results.items():
    print(f"{name}: validation accuracy {accuracy:.3f}, loss {loss:.3f}")
best = max(results, key=lambda name: results[name][1])
print(f"best: {best}")
