# With and without augmentation, with and without transfer: what the notebook does, in Keras 2, without its plots.
import keras
from keras import layers
from keras.preprocessing.image import ImageDataGenerator

(x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255

cnn = keras.Sequential([
    keras.Input((32, 32, 3)),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
cnn.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

base = keras.applications.VGG16(weights="imagenet", include_top=False, input_shape=(32, 32, 3))
base.trainable = False
vgg = keras.Sequential([
    base,
    layers.Flatten(),
    layers.Dense(256, activation="relu"),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
vgg.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

generator = ImageDataGenerator(
    rotation_range=20,
    width_shift_range=0.2,
    height_shift_range=0.2,
    horizontal_flip=True,
)
generator.fit(x_train)


class Precision(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        precision = logs["val_accuracy"] * 100
        print(f"epoch {epoch + 1}: precision {precision:.2f} %, error {100 - precision:.2f} %")


results = {}
for name, model in [("CNN", cnn), ("VGG16", vgg)]:
    model.fit(x_train, y_train, epochs=10, batch_size=64, validation_data=(x_test, y_test), callbacks=[Precision()])
    results[name] = model.evaluate(x_test, y_test, verbose=0)[1]
    model.fit(
        generator.flow(x_train, y_train, batch_size=64),
        steps_per_epoch=len(x_train) // 64,
        epochs=10,
        validation_data=(x_test, y_test),
        callbacks=[Precision()],
    )
    results[f"{name}, augmented"] = model.evaluate(x_test, y_test, verbose=0)[1]

for name, accuracy in results.items():
    print(f"{name}: {accuracy * 100:.2f} %")
