"""Writes reports.json beside it: classification reports as scikit-learn 1.9 gives them, and top-5 accuracies.

Run: python test/support/metrics/reports.py && npx biome format --write test/support/metrics/reports.json
"""
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import classification_report, top_k_accuracy_score

assert sklearn.__version__.startswith('1.9'), sklearn.__version__


def case(name, truth, predicted, classes):
    used = sorted(set(truth) | set(predicted))
    report = classification_report(
        truth, predicted, labels=used, target_names=[f'c{i}' for i in used], output_dict=True, zero_division=0
    )
    return {'name': name, 'classes': classes, 'truth': truth, 'predicted': predicted, 'report': report}


random = np.random.default_rng(7)
truth = random.integers(0, 5, 40).tolist()
guess = [int(t) if random.random() < 0.7 else int(random.integers(0, 5)) for t in truth]
cases = [
    case('five classes', truth, guess, 5),
    case('a class that is never predicted', [0, 0, 1, 2, 2, 2], [0, 1, 1, 1, 0, 1], 3),
    case('a class without images, predicted', [0, 0, 1, 1], [0, 2, 1, 1], 3),
    case('a class that appears nowhere', [0, 0, 2, 2], [0, 2, 2, 2], 4),
    case('all wrong', [0, 1, 2], [1, 2, 0], 3),
    case('one class', [1, 1, 1], [1, 1, 1], 2),
]

labels = random.integers(0, 8, 30)
shares = random.random((30, 8))
shares = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
top = {
    'labels': labels.tolist(),
    'shares': [[float(v) for v in row] for row in shares],
    'top_5': top_k_accuracy_score(labels, shares, k=5, labels=range(8)),
}
Path(__file__).with_name('reports.json').write_text(json.dumps({'reports': cases, 'top': top}))
