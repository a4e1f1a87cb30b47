#!/bin/sh
# Models, data and features change hands with the real programs: PyTorch, NumPy and scikit-learn.
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/python.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
rbm=${RBM:-$root/build/rbm}
python=/usr/bin/python3

# What the scripts below share: reading safetensors, free energies in double precision, and the command's own figure.
cat >"$scratch/shared.py" <<'END'
import json, struct, subprocess, sys
import numpy

def read_safetensors(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, tensor in json.loads(data[8:8 + size]).items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            tensors[name] = numpy.frombuffer(data[8 + size:][begin:end], "<f4").reshape(tensor["shape"])
    return tensors

def write_safetensors(path, tensors):
    header, payload = {}, b""
    for name, values in tensors.items():
        bytes = numpy.ascontiguousarray(values, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [len(payload), len(payload) + len(bytes)]}
        payload += bytes
    header = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(header)) + header + payload)

def free_energies(W, v_bias, h_bias, v):
    W, v_bias, h_bias, v = (numpy.asarray(array, numpy.float64) for array in (W, v_bias, h_bias, v))
    return -v @ v_bias - numpy.logaddexp(0, v @ W.T + h_bias).sum(1)

# Evaluated one by one, so that no fault of one example hides in the mean.
def commands_free_energies(command, model, states):
    energies = []
    for n, state in enumerate(states):
        numpy.save("one.npy", state[None].astype(numpy.uint8))
        line = subprocess.run([command, "evaluate", model, "one.npy", "--maximum", "1", "--json"], check=True,
                              capture_output=True, text=True).stdout
        energies.append(json.loads(line)["free_energy"])
    return numpy.array(energies)

def digits():
    table = numpy.loadtxt(sys.argv[2] + "/tools/data/digits.csv", delimiter=",")
    return table[:, :64] / 16  # the last column says which digit it is

def same_free_energies(model, W, v_bias, h_bias):
    states = digits()[::150] >= 0.5
    ours = commands_free_energies(sys.argv[1], model, states)
    theirs = free_energies(W, v_bias, h_bias, states)
    worst = numpy.abs(ours / theirs - 1).max()
    assert worst < 2e-6, f"free energies differ by {worst}"
END

# A model of ours in PyTorch: its tensors by the tutorial's names, and p(h given v) as `rbm features` has it.
cat >"$scratch/ours_in_pytorch.py" <<'END'
import torch
from shared import *
class RBM(torch.nn.Module):
    def __init__(self, visible, hidden):
        super().__init__()
        self.W = torch.nn.Parameter(torch.randn(hidden, visible) * 1e-2)
        self.v_bias = torch.nn.Parameter(torch.zeros(visible))
        self.h_bias = torch.nn.Parameter(torch.zeros(hidden))
try:
    from safetensors.torch import load_file
except ImportError:
    load_file = lambda path: {name: torch.from_numpy(values.copy()) for name, values in read_safetensors(path).items()}
model = RBM(64, 12)
model.load_state_dict(load_file("model.safetensors"), strict=True)
v = torch.from_numpy(digits()[1500:].astype(numpy.float32))
with torch.no_grad():
    theirs = torch.sigmoid(torch.nn.functional.linear(v, model.W, model.h_bias)).numpy()
numpy.testing.assert_allclose(numpy.load("features.npy"), theirs, rtol=1e-5, atol=1e-6)
END

# A model of ours in NumPy alone.
cat >"$scratch/ours_in_numpy.py" <<'END'
from shared import *
model = read_safetensors("model.safetensors")
assert set(model) == {"W", "v_bias", "h_bias"} and model["W"].shape == (12, 64)
theirs = 1 / (1 + numpy.exp(-(digits()[1500:] @ model["W"].T.astype(float) + model["h_bias"])))
features = numpy.load("features.npy")
assert features.dtype == numpy.float32 and features.shape == (297, 12)
numpy.testing.assert_allclose(features, theirs, rtol=1e-5, atol=1e-6)
same_free_energies("model.safetensors", **model)
END

# A state dict of PyTorch, by each way of saving it.
cat >"$scratch/pytorch_in_ours.py" <<'END'
import torch
from shared import *
torch.manual_seed(1)
state = {"W": torch.randn(12, 64), "v_bias": torch.randn(64), "h_bias": torch.randn(12)}
arrays = {name: values.numpy() for name, values in state.items()}
numpy.savez("state.npz", **arrays)
numpy.savez("transposed.npz", W=numpy.asfortranarray(arrays["W"]), v_bias=arrays["v_bias"], h_bias=arrays["h_bias"])
numpy.savez("doubles.npz", **{name: values.double().numpy() for name, values in state.items()}, steps=7)
try:
    from safetensors.torch import save_file
    save_file(state, "state.safetensors")
except ImportError:
    write_safetensors("state.safetensors", arrays)
for path in ("state.npz", "transposed.npz", "doubles.npz", "state.safetensors"):
    same_free_energies(path, **arrays)
numpy.savez_compressed("packed.npz", **arrays)
torch.save(state, "state.pt")
for path, words in (("packed.npz", "is compressed: save by numpy.savez"), ("state.pt", "is what torch.save writes")):
    result = subprocess.run([sys.argv[1], "info", path], capture_output=True, text=True)
    assert result.returncode == 1 and words in result.stderr and result.stderr.count("\n") == 1, result.stderr
END

# A model of scikit-learn, which keeps doubles column by column; and what it says of the same examples.
cat >"$scratch/scikit_learn_in_ours.py" <<'END'
from sklearn.neural_network import BernoulliRBM
from shared import *
v = (digits() >= 0.5).astype(float)
rbm = BernoulliRBM(n_components=12, n_iter=3, random_state=1).fit(v[:1500])
numpy.savez("scikit.npz", **{name: getattr(rbm, name) for name in
                             ("components_", "intercept_hidden_", "intercept_visible_", "h_samples_")})
same_free_energies("scikit.npz", rbm.components_, rbm.intercept_visible_, rbm.intercept_hidden_)
numpy.save("binary.npy", v[1500:])
subprocess.run([sys.argv[1], "features", "scikit.npz", "binary.npy", "--out", "theirs.npy"], check=True, capture_output=True)
numpy.testing.assert_allclose(numpy.load("theirs.npy"), rbm.transform(v[1500:]), rtol=1e-5, atol=1e-6)
END

# Every type and shape that NumPy saves data in, and the same model from each.
cat >"$scratch/data_by_numpy.py" <<'END'
from shared import *
pixels = digits() * 16
models = set()
for name, data, maximum in (("bytes", pixels.astype(numpy.uint8), "16"), ("ints", pixels.astype(numpy.int64), "16"),
                            ("pictures", pixels.astype(numpy.int32).reshape(-1, 8, 8), "16"),
                            ("floats", pixels.astype(numpy.float32), "16"), ("doubles", pixels / 16, "1")):
    numpy.save(name + ".npy", data)
    subprocess.run([sys.argv[1], "train", name + ".npy", "--maximum", maximum, "--hidden", "8", "--epochs", "1",
                    "--out", name + ".model", "--quiet"], check=True, capture_output=True)
    models.add(b"".join(values.tobytes() for values in read_safetensors(name + ".model").values()))
assert len(models) == 1, f"{len(models)} different models"
END

# check NAME SCRIPT MODULES...
check() {
    name=$1 script=$2
    shift 2
    for module in numpy "$@"; do
        if ! $python -c "import $module" 2>/dev/null; then
            echo "skipped interchange, $name: no $module for $python (tools/scripts/setup.sh ci)"
            return
        fi
    done
    if (cd "$scratch" && $python "$script.py" "$rbm" "$root") >"$scratch/log" 2>&1; then
        echo "ok interchange, $name"
    else
        echo "FAILED interchange, $name: $(tail -n 1 "$scratch/log")"
        cat "$scratch/log"
    fi
}

if ! (cd "$scratch" && "$rbm" train digits --hidden 12 --epochs 3 --out model.safetensors --quiet &&
    "$rbm" features model.safetensors digits-test --visible means) >"$scratch/log" 2>&1; then
    echo "FAILED interchange: no model: $(tail -n 1 "$scratch/log")"
    exit
fi
check "our model in PyTorch" ours_in_pytorch torch
check "our model in NumPy" ours_in_numpy
check "a state dict of PyTorch" pytorch_in_ours torch
check "a model of scikit-learn" scikit_learn_in_ours sklearn
check "data by NumPy" data_by_numpy
