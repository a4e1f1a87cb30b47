"""The usual tutorial of RBMs in PyTorch, as it is written."""

import torch
import torch.nn.functional as F

LIBRARY = torch
NAME = f"PyTorch {torch.__version__}, the tutorial as written"
DID = """draws by relu(sign(p - rand)), autograd recording through the Gibbs chain, free energy by
log(1 + exp(x)), h drawn again at the end"""


class Peer(torch.nn.Module):
    def __init__(self, data, work):
        super().__init__()
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
        torch.manual_seed(1)
        self.data, self.batch = torch.from_numpy(data), work["batch"]
        self.weights = torch.nn.Parameter(torch.randn(work["hidden"], data.shape[1]) * 1e-2)
        self.visible_bias = torch.nn.Parameter(torch.zeros(data.shape[1]))
        self.hidden_bias = torch.nn.Parameter(torch.zeros(work["hidden"]))
        self.optimizer = torch.optim.Adam(self.parameters(), work["rate"])

    def draw(self, probability):
        return F.relu(torch.sign(probability - torch.rand(probability.size())))

    def draw_hidden(self, v):
        return self.draw(torch.sigmoid(F.linear(v, self.weights, self.hidden_bias)))

    def draw_visible(self, h):
        return self.draw(torch.sigmoid(F.linear(h, self.weights.t(), self.visible_bias)))

    def forward(self, v):
        h = self.draw_hidden(v)
        for _ in range(1):
            reconstruction = self.draw_visible(h)
            h = self.draw_hidden(reconstruction)
        return v, reconstruction

    def free_energy(self, v):
        hidden = F.linear(v, self.weights, self.hidden_bias).exp().add(1).log().sum(1)
        return (-v.mv(self.visible_bias) - hidden).mean()

    def epoch(self):
        losses = 0.0
        for batch in self.data.split(self.batch):
            v, reconstruction = self(batch.bernoulli())
            loss = self.free_energy(v) - self.free_energy(reconstruction)
            losses += loss.item() * len(batch)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        return losses / len(self.data)
