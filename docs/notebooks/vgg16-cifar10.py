# VGG16 on CIFAR-10, three ways: what the notebook does, in Keras 3, without its plots.
import keras
from keras import layers

(x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255
y_train = keras.utils.to_categorical(y_train, 10)
y_test = keras.utils.to_categorical(y_test, 10)


def build(frozen, hidden):
    base = keras.applications.VGG16(weights="imagenet", include_top=False, input_shape=(32, 32, 3))
    base.trainable = not frozen
    x = layers.Flatten()(base.output)
    if hidden:
        x = layers.Dense(256, activation="relu")(x)
        x = layers.Dropout(0.5)(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    return keras.Model(base.input, outputs)


def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])


model_a = build(frozen=True, hidden=False)
compile_model(model_a, keras.optimizers.Adam())
score_a = model_a.evaluate(x_test, y_test, verbose=0)

model_b = build(frozen=True, hidden=True)
compile_model(model_b, keras.optimizers.Adam())
history_b = model_b.fit(x_train, y_train, epochs=10, batch_size=64, validation_data=(x_test, y_test))

model_c = build(frozen=False, hidden=True)
compile_model(model_c, keras.optimizers.Adam(learning_rate=1e-5))
history_c = model_c.fit(x_train, y_train, epochs=10, batch_size=64, validation_data=(x_test, y_test))

for name, model in [("A", model_a), ("B", model_b), ("C", model_c)]:
    train_loss, train_accuracy = model.evaluate(x_train, y_train, verbose=0)
    test_loss, test_accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"{name}: train {train_accuracy:.3f} / {train_loss:.3f}, test {test_accuracy:.3f} / {test_loss:.3f}")
