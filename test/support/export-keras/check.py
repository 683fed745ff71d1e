"""Exported runs against the programs that they are for: python check.py FOLDER, written by parity.ts.

Keras loads model.py and its weights, onnx.checker and onnxruntime take model.onnx, safetensors is read by the rules of its
format; each must predict what tlp's own kernel and graph did. Needs keras, tensorflow-cpu, numpy, onnx and onnxruntime.
"""

import importlib.util
import json
import os
import struct
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import onnx
import onnxruntime


def scripted(path):
    spec = importlib.util.spec_from_file_location("model", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def safetensors(path):
    data = open(path, "rb").read()
    (size,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8 : 8 + size]), data[8 + size :]
    metadata = header.pop("__metadata__")
    read = lambda e: np.frombuffer(body[slice(*e["data_offsets"])], "<f4").reshape(e["shape"])
    return metadata, {name: read(entry) for name, entry in header.items()}


def check(folder):
    about = json.load(open(os.path.join(folder, "about.json")))
    program = scripted(os.path.join(folder, "keras", "model.py"))
    model = program.load()
    onnx.checker.check_model(os.path.join(folder, "model.onnx"), full_check=True)
    session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"))
    classes = json.loads(session.get_modelmeta().custom_metadata_map["classes"])
    metadata, tensors = safetensors(os.path.join(folder, "model.safetensors"))
    off = {"keras": 0.0, "onnx": 0.0, "keras on bytes that round otherwise": 0}
    for image in about["images"]:
        pixels = np.fromfile(os.path.join(folder, image["file"]), np.uint8).reshape(1, image["height"], image["width"], 3)
        wanted = np.array(image["probabilities"])
        prepared = program.preprocess(pixels)
        other = np.array(image["prepared"]).reshape(prepared.shape)
        off["keras on bytes that round otherwise"] += int((np.abs(prepared - other) > 1e-4).sum())
        off["keras"] = max(off["keras"], np.abs(model.predict(other, verbose=0) - wanted).max())
        off["onnx"] = max(off["onnx"], np.abs(session.run(None, {"images": pixels})[0] - wanted).max())
    held = [v.numpy() for layer in model.layers for v in layer.weights if "seed" not in v.path]
    same = len(held) == len(tensors) and all(
        np.array_equal(a, b) for a, b in zip(sorted(held, key=str), sorted(tensors.values(), key=str))
    )
    named = program.classes == classes == json.loads(metadata["classes"]) == about["classes"]
    right = off["keras"] < 1e-5 and off["onnx"] < 1e-3 and same and named
    print("ok" if right else "FAILED", about["name"], {k: float(f"{v:.2g}") for k, v in off.items()}, f"weights {same}, classes {named}")
    return right


if __name__ == "__main__":
    print(f"keras {keras.__version__}, onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
    root = sys.argv[1]
    results = [check(os.path.join(root, name)) for name in sorted(os.listdir(root))]
    sys.exit(0 if all(results) else 1)
