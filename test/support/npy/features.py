"""Writes features.npy beside it with numpy: two rows of three floats. Run: python test/support/npy/features.py"""
from pathlib import Path

import numpy as np

np.save(Path(__file__).with_name('features.npy'), np.array([[0, 0.25, -1.5], [3e-8, 1e30, 7]], dtype='<f4'))
