"""Scales MNIST to 16x16 pixels for small_mnist.sh. Usage: small_mnist.py MNIST FOLDER HELD_OUT

Writes into FOLDER, as IDX files:

- test-images, greys, and test-labels: MNIST's test pictures or, if HELD_OUT is not 0, so many of the last pictures to
  learn from;
- learn-images and learn-labels: all others to learn from, nine times each: where they are and moved by a pixel of the 28
  down or up, right or left, or both; in black and white, each at a threshold of its own, drawn from 64 to 192;
- greys-images: the same, greys, not moved.

A pixel is the mean of its area in the middle 22x22 of 28x28: what lies outside is nearly always black.
"""

import struct
import sys

import numpy as np

SIZE, MIDDLE, FULL = 16, 22, 28
THRESHOLDS = 64, 193


def read(path):
    with open(path, "rb") as file:
        rank = struct.unpack(">4B", file.read(4))[3]
        shape = struct.unpack(f">{rank}I", file.read(4 * rank))
        return np.frombuffer(file.read(), np.uint8).reshape(shape)


def write(path, array):
    with open(path, "wb") as file:
        file.write(struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes())


def shares(move):
    """The share of each of 28 pixels in each of 16 [16, 28], of pictures moved by `move` pixels."""
    step = MIDDLE / SIZE
    begin = (FULL - MIDDLE) / 2 + move + step * np.arange(SIZE)[:, None]
    pixel = np.arange(FULL)[None]
    return np.clip(np.minimum(begin + step, pixel + 1) - np.maximum(begin, pixel), 0, None) / step


def scaled(pictures, down=0, right=0):
    return np.rint(shares(down) @ pictures.astype(np.float32) @ shares(right).T).astype(np.uint8)


def main(mnist, folder, held_out):
    pictures, labels = (read(f"{mnist}/train-{name}") for name in ("images-idx3-ubyte", "labels-idx1-ubyte"))
    test, test_labels = (read(f"{mnist}/t10k-{name}") for name in ("images-idx3-ubyte", "labels-idx1-ubyte"))
    if held_out > 0:
        test, test_labels = pictures[-held_out:], labels[-held_out:]
        pictures, labels = pictures[:-held_out], labels[:-held_out]
    draws = np.random.default_rng(1)
    copies = []
    for down in -1, 0, 1:
        for right in -1, 0, 1:
            thresholds = draws.integers(*THRESHOLDS, size=(len(pictures), 1, 1))
            copies.append(np.where(scaled(pictures, down, right) >= thresholds, 255, 0).astype(np.uint8))
    write(f"{folder}/learn-images", np.concatenate(copies))
    write(f"{folder}/learn-labels", np.tile(labels, len(copies)))
    write(f"{folder}/greys-images", scaled(pictures))
    write(f"{folder}/test-images", scaled(test))
    write(f"{folder}/test-labels", test_labels)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
