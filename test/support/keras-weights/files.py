"""Prints files.tsv: model, file, address and hash of the ImageNet weights without top, as Keras asks for them.

pip install keras tensorflow-cpu; python files.py MODEL... > files.tsv   (MODEL as in keras.applications; nothing is fetched)
"""

import sys

import keras
from keras.src.utils import file_utils


class Asked(Exception):
    pass


def get_file(fname, origin, file_hash=None, **_):
    raise Asked(fname, origin, file_hash or "-")


file_utils.get_file = get_file
for model in sys.argv[1:]:
    try:
        getattr(keras.applications, model)(include_top=False, weights="imagenet")
    except Asked as asked:
        print(model, *asked.args, sep="\t")
