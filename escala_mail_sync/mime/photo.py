"""Pictures that strangers send, before anybody unpacks them."""

import io

from PIL import Image


def count_pixels(photo: bytes) -> int:
    """Return how many pixels a picture has, as its header says: some kilobytes may be hundreds of megabytes unpacked.

    :raises Exception: whatever Pillow raises at what is no picture that it reads, or at an enormous one
    """
    with Image.open(io.BytesIO(photo)) as image:
        return image.width * image.height
