"""An RBM in PyTorch as one would write it for speed: no graph of the Gibbs chain."""

import torch
import torch.nn.functional as F

NAME = f"PyTorch {torch.__version__}, by hand"
DID = "draws by bernoulli() without autograd, free energy by softplus(), gradient by backward()"


class Peer:
    def __init__(self, data, work):
        torch.set_num_threads(1)
        torch.manual_seed(1)
        self.data, self.batch = torch.from_numpy(data), work["batch"]
        self.weights = torch.nn.Parameter(torch.randn(work["hidden"], data.shape[1]) * 1e-2)
        self.visible_bias = torch.nn.Parameter(torch.zeros(data.shape[1]))
        self.hidden_bias = torch.nn.Parameter(torch.zeros(work["hidden"]))
        parameters = [self.weights, self.visible_bias, self.hidden_bias]
        if work["optimizer"] == "adam":
            self.optimizer = torch.optim.Adam(parameters, work["rate"])
        else:
            self.optimizer = torch.optim.SGD(parameters, work["rate"], momentum=work["momentum"])

    def free_energy(self, v):
        hidden = F.softplus(F.linear(v, self.weights, self.hidden_bias)).sum(1)
        return -(v.mv(self.visible_bias) + hidden).mean()

    def epoch(self):
        losses = 0.0
        for batch in self.data.split(self.batch):
            v = batch.bernoulli()
            with torch.no_grad():
                h = torch.sigmoid(F.linear(v, self.weights, self.hidden_bias)).bernoulli()
                reconstruction = torch.sigmoid(F.linear(h, self.weights.t(), self.visible_bias)).bernoulli()
            loss = self.free_energy(v) - self.free_energy(reconstruction)
            losses += loss.item() * len(batch)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        return losses / len(self.data)
