"""scikit-learn's BernoulliRBM: persistent chains, plain SGD."""

import numpy
import sklearn
from sklearn.neural_network import BernoulliRBM

LIBRARY = numpy
NAME = f"scikit-learn {sklearn.__version__}, BernoulliRBM"
DID = """fit() for one epoch in float32, its fastest way; the data are drawn once and before the
time is taken, where ours are drawn in each epoch and within it; it reports no loss"""


class Peer:
    def __init__(self, data, work):
        assert work["persistent"] and work["optimizer"] == "sgd" and work["momentum"] == 0
        random = numpy.random.default_rng(1)
        self.data = (random.random(data.shape, dtype=numpy.float32) < data).astype(numpy.float32)
        self.model = BernoulliRBM(work["hidden"], learning_rate=work["rate"], batch_size=work["batch"],
                                  n_iter=1, random_state=1)

    def epoch(self):
        # fit() begins anew each time; partial_fit() would go on, but in float64, which is slower.
        self.model.fit(self.data)
        return None
