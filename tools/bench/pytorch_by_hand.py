"""An RBM in PyTorch as one would write it for speed: nothing is recorded, computed or allocated twice."""

import torch
import torch.nn.functional as F

LIBRARY = torch
NAME = f"PyTorch {torch.__version__}, by hand"
DID = """no autograd, the gradient by two products, draws by rand() < p, results into memory
that is kept, torch.optim's update"""


class Peer:
    def __init__(self, data, work):
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
        torch.manual_seed(1)
        self.data, self.batch = torch.from_numpy(data), work["batch"]
        self.weights = torch.nn.Parameter(torch.randn(work["hidden"], data.shape[1]) * 1e-2)
        self.visible_bias = torch.nn.Parameter(torch.zeros(data.shape[1]))
        self.hidden_bias = torch.nn.Parameter(torch.zeros(work["hidden"]))
        parameters = [self.weights, self.visible_bias, self.hidden_bias]
        for parameter in parameters:
            parameter.grad = torch.zeros_like(parameter)
        if work["optimizer"] == "adam":
            self.optimizer = torch.optim.Adam(parameters, work["rate"])
        else:
            self.optimizer = torch.optim.SGD(parameters, work["rate"], momentum=work["momentum"])
        self.memory = {}

    def buffers(self, count):
        """For a batch of so many examples: visible and hidden units, random numbers and inputs of each."""
        if count not in self.memory:
            sizes = [len(self.visible_bias)] * 4 + [len(self.hidden_bias)] * 4
            self.memory[count] = [torch.empty(count, size) for size in sizes]
        return self.memory[count]

    @torch.no_grad()
    def step(self, batch):
        v, reconstruction, v_random, v_input, h, p, h_random, h_input = self.buffers(len(batch))
        up, down = self.weights.t(), self.weights

        def draw(units, probabilities, random):
            torch.lt(torch.rand(random.shape, out=random), probabilities, out=units)

        def free_energy(units):
            return -units.mv(self.visible_bias).sum() - F.softplus(h_input).sum()

        draw(v, batch, v_random)
        torch.addmm(self.hidden_bias, v, up, out=h_input)
        loss = free_energy(v)
        torch.sigmoid(h_input, out=p)
        draw(h, p, h_random)
        torch.mm(p.t(), v, out=self.weights.grad)
        torch.sum(p, 0, out=self.hidden_bias.grad)
        torch.addmm(self.visible_bias, h, down, out=v_input)
        draw(reconstruction, torch.sigmoid_(v_input), v_random)
        torch.addmm(self.hidden_bias, reconstruction, up, out=h_input)
        loss -= free_energy(reconstruction)
        torch.sigmoid(h_input, out=p)
        scale = 1 / len(batch)
        torch.addmm(self.weights.grad, p.t(), reconstruction, beta=-scale, alpha=scale, out=self.weights.grad)
        self.hidden_bias.grad.sub_(p.sum(0)).mul_(-scale)
        torch.sub(reconstruction.sum(0), v.sum(0), out=self.visible_bias.grad).mul_(scale)
        self.optimizer.step()
        return loss.item()

    def epoch(self):
        return sum(self.step(batch) for batch in self.data.split(self.batch)) / len(self.data)
