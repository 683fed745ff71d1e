"""Images of two sizes as JPEG and PNG, and Pillow's pixels of each: python images.py FOLDER (writes NAME and NAME.rgb)."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path(sys.argv[1])
random = np.random.default_rng(1)
for width, height in (1152, 864), (300, 300):
    # Soft shapes with some noise: about as much detail as a photograph has.
    soft = Image.fromarray(random.integers(0, 256, (height // 24, width // 24, 3), dtype=np.uint8))
    pixels = np.asarray(soft.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)
    image = Image.fromarray(np.clip(pixels + random.normal(0, 6, pixels.shape), 0, 255).astype(np.uint8))
    for name, options in (
        ("jpg", {"quality": 90}),
        ("progressive.jpg", {"quality": 85, "progressive": True}),
        ("png", {}),
    ):
        path = folder / f"{width}x{height}.{name}"
        image.save(path, **options)
        path.with_name(path.name + ".rgb").write_bytes(Image.open(path).convert("RGB").tobytes())
