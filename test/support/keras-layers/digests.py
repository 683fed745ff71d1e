"""Prints digests.tsv: every Keras backbone that tlp builds, without top and weights, as one hash of its layer list.

pip install keras tensorflow-cpu; python digests.py > digests.tsv   (about three minutes)
A layer is one line: name, class, output shape, parameters, inputs; tabs between, a line feed behind each.
"""

import hashlib

import keras

FAMILIES = (
    "VGG16 VGG19 ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 ResNet152V2 MobileNet MobileNetV2 "
    "MobileNetV3Small MobileNetV3Large DenseNet121 DenseNet169 DenseNet201 EfficientNetB0 EfficientNetB1 "
    "EfficientNetB2 EfficientNetB3 EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7 "
    "EfficientNetV2B0 InceptionV3 Xception ConvNeXtTiny"
).split()


def line(layer):
    tensors = layer.input if isinstance(layer.input, list) else [layer.input]
    first = isinstance(layer, keras.layers.InputLayer)
    inputs = [] if first else [t._keras_history.operation.name for t in tensors]
    shape = "x".join(str(n) for n in layer.output.shape[1:])
    return "\t".join([layer.name, type(layer).__name__, shape, str(layer.count_params()), ",".join(inputs)]) + "\n"


print(f"# Keras {keras.__version__}, include_top=False, weights=None: model, height x width, layers, parameters, sha256")
for family in FAMILIES:
    for size in [(224, 224), (97, 131)]:
        keras.backend.clear_session()
        model = getattr(keras.applications, family)(include_top=False, weights=None, input_shape=(*size, 3))
        text = "".join(line(layer) for layer in model.layers)
        digest = hashlib.sha256(text.encode()).hexdigest()
        columns = [family, f"{size[0]}x{size[1]}", str(len(model.layers)), str(model.count_params()), digest]
        print("\t".join(columns), flush=True)
