"""Whether a library's dense products are fast: without that there is no ratio to claim."""

import time


def seconds_of(call):
    """Of processor time that one call takes."""
    count = 1
    while True:
        start = time.process_time()
        for _ in range(count):
            call()
        seconds = time.process_time() - start
        if seconds >= 0.03:
            return seconds / count
        count *= 2


def speed(library):
    """What is to be printed of NumPy's or PyTorch's dense products, and why they are too slow, or None.

    A product makes something of what it has loaded many times, so that BLAS with kernels for this processor does more
    operations a second than a plain sum of two arrays does; the reference BLAS, which Debian installs first, does not.
    """
    def ones(*shape):
        return library.ones(shape, dtype=library.float32)

    a, b, c, out = ones(64, 784), ones(784, 500), ones(8192), ones(8192)
    product = 2 * 64 * 784 * 500 / seconds_of(lambda: library.matmul(a, b))
    plain = 8192 / seconds_of(lambda: library.add(c, c, out=out))
    fault = None
    if product < 2 * plain:
        fault = "its BLAS is no faster than plain sums (Debian: apt-get install libopenblas0)"
    return f"{product / 1e9:.0f} GFLOPS in sgemm", fault
