"""The tutorial's training in PyTorch and in rbm, epoch by epoch and in turns on one thread.

    python3 tools/compare_pytorch.py build/mnist/train-images-idx3-ubyte [EPOCHS]

Both: 784x500, CD-1, batch 64, Adam 0.005, Bernoulli draws of the pixels, examples in the file's order. Needs
PyTorch and NumPy (Debian: python3-torch, python3-numpy).
"""

import json
import statistics
import subprocess
import sys
import time

import numpy
import torch
import torch.nn.functional as F

path, epochs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
torch.set_num_threads(1)
torch.manual_seed(1)
images = numpy.fromfile(path, dtype=numpy.uint8, offset=16).reshape(-1, 784)
data = torch.from_numpy(images).float() / 255

weights = torch.nn.Parameter(torch.randn(500, 784) * 1e-2)
visible_bias = torch.nn.Parameter(torch.zeros(784))
hidden_bias = torch.nn.Parameter(torch.zeros(500))
optimizer = torch.optim.Adam([weights, visible_bias, hidden_bias], lr=0.005)


def free_energy(v):
    return -(v.mv(visible_bias) + F.softplus(F.linear(v, weights, hidden_bias)).sum(1)).mean()


def pytorch_epoch():
    losses = []
    start = time.perf_counter()
    for batch in data.split(64):
        v0 = batch.bernoulli()
        with torch.no_grad():
            h = torch.sigmoid(F.linear(v0, weights, hidden_bias)).bernoulli()
            v1 = torch.sigmoid(F.linear(h, weights.t(), visible_bias)).bernoulli()
        loss = free_energy(v0) - free_energy(v1)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return statistics.fmean(losses), time.perf_counter() - start


def rbm_epoch(resume):
    words = ["build/rbm", "train", path, "--epochs", str(resume + 1), "--threads", "1", "--json", "--quiet"]
    # A run of its own each time: epoch n is the last line of a run of n epochs.
    words += ["--out", "/dev/null"]
    lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    last = [json.loads(line) for line in lines if '"epoch"' in line][-1]
    return last["loss"], last["seconds"]


print("epoch   PyTorch loss  seconds       rbm loss  seconds   ratio")
ratios = []
for epoch in range(epochs):
    (theirs, their_seconds), (ours, our_seconds) = pytorch_epoch(), rbm_epoch(epoch)
    ratios.append(their_seconds / our_seconds)
    print(f"{epoch + 1:5}   {theirs:12.2f} {their_seconds:8.2f}   {ours:12.2f} {our_seconds:8.2f} {ratios[-1]:7.1f}", flush=True)
print(f"median ratio {statistics.median(ratios):.1f}, from {min(ratios):.1f} to {max(ratios):.1f}")
