#!/bin/sh
# Two ranks of MPI beside one process, and what travels between ranks: tools/bench/ranks.sh [WHAT...]
#
#     count   bytes and messages that a rank receives a step, counted by MPI's profiling interface, beside the
#             formula (ranks_model.py) and beside 4 bytes a weight
#     times   seconds of an epoch, in turns, each process on a processor of its own, medians
#     model   a step's parts measured by one process, and what they say of 2 to 64 ranks
#
# Ranks have one thread each, because they are told so: else those of one machine would become threads of one.
# By default all of it. WHAT may be followed by sizes and an optimizer: times 784x500 adam. TURNS=3 turns,
# MPIRUN=mpirun launches, MPICC=mpicc compiles. Without MNIST (tools/scripts/fetch_mnist.sh) bits are random
# there too.
set -eu
cd "$(dirname "$0")/../.."
turns=${TURNS:-3} mpirun=${MPIRUN:-mpirun} mpicc=${MPICC:-mpicc}
folder=build/ranks
mkdir -p "$folder"

# random_bits ROWS HEIGHT WIDTH FILE: an IDX file of bits, 13 % of them on.
random_bits() {
  [ -f "$4" ] || python3 - "$@" <<'END'
import random, struct, sys
rows, height, width = map(int, sys.argv[1:4])
bits = bytes(255 if byte < 33 else 0 for byte in range(256))
with open(sys.argv[4], "wb") as file:
    file.write(struct.pack(">4i", 0x803, rows, height, width))
    file.write(random.Random(1).randbytes(rows * height * width).translate(bits))
END
}

# data_of SIZES: the file to learn with so many visible units.
data_of() {
  case $1 in
  784x*) if [ -f build/mnist/train-images-idx3-ubyte ]; then echo build/mnist/train-images-idx3-ubyte
    else random_bits 60000 28 28 $folder/784.idx; echo $folder/784.idx; fi ;;
  4000x*) random_bits 6400 50 80 $folder/4000.idx; echo $folder/4000.idx ;;
  *) echo "ranks.sh: sizes: 784xN or 4000xN" >&2; exit 2 ;;
  esac
}

# options_of OPTIMIZER
options_of() {
  case $1 in
  adam) echo "--optimizer adam --learning-rate 0.005" ;;
  sgd) echo "--optimizer sgd --learning-rate 0.05 --final-momentum 0.9" ;;
  *) echo "ranks.sh: optimizer: adam or sgd" >&2; exit 2 ;;
  esac
}

# on_ranks N COMMAND...: each rank on the processor of its number, where there is one.
on_ranks() {
  ranks=$1; shift
  # shellcheck disable=SC2046,SC2086,SC2016
  $mpirun $(oversubscribe) -n "$ranks" sh -c \
    'at=${OMPI_COMM_WORLD_RANK:-$PMI_RANK}; exec taskset -c $((at % $(nproc --all))) "$@"' rank "$@"
}
oversubscribe() { if $mpirun --version | grep -q "Open"; then echo "--oversubscribe --bind-to none"; fi; }

# received RANKS ROWS OPTION...: messages and bytes that rank 0 has received by the end of one epoch.
received() {
  ranks=$1 rows=$2; shift 2
  random_bits "$rows" 28 28 "$folder/$rows.idx"
  LD_PRELOAD=$folder/messages.so on_ranks "$ranks" build/mpi/rbm train "$folder/$rows.idx" "$@" --epochs 1 \
    --threads 1 --quiet --out $folder/counted.safetensors 2>&1 >/dev/null |
    sed -n 's/^received: rank 0 messages \(.*\) bytes/\1/p'
}

# The difference of 30 steps and 10, each of 64 examples, leaves out what a run and an epoch begin and end with.
count_received() {
  $mpicc -O2 -shared -fPIC -o $folder/messages.so tools/bench/ranks_messages.c
  echo "received a step, counted: method, ranks, messages, bytes; by the formula; 4 bytes a weight are 1,568,000"
  for method in cd pcd; do
    for ranks in 2 3 4; do
      few=$(received $ranks 640 --hidden 500 --method $method)
      many=$(received $ranks 1920 --hidden 500 --method $method)
      echo "$method $ranks $few $many" | awk '{ printf "%s, %d, %.2f, %.1f; ", $1, $2, ($5 - $3) / 20, ($6 - $4) / 20 }'
      python3 tools/bench/ranks_model.py formula 784 500 64 $ranks
    done
  done
}

# seconds COMMAND...: those of each epoch but the first.
seconds() { "$@" --json | sed -n '/"epoch"/s/.*"seconds": *\([0-9.e+-]*\).*/\1/p' | sed 1d; }
median() { sort -g "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)], all[1], all[NR] }'; }

time_epochs() {
  sizes=$1 optimizer=$2
  data=$(data_of "$sizes")
  # shellcheck disable=SC2046
  set -- train "$data" --hidden "${sizes#*x}" $(options_of "$optimizer") --epochs 3 --threads 1
  : > $folder/one; : > $folder/two
  for _ in $(seq "$turns"); do
    seconds taskset -c 0 build/rbm "$@" --out $folder/one.safetensors >> $folder/one
    seconds on_ranks 2 build/mpi/rbm "$@" --out $folder/two.safetensors >> $folder/two
  done
  cmp $folder/one.safetensors $folder/two.safetensors
  echo "$sizes $optimizer $(median $folder/one) $(median $folder/two)" | awk '{
    printf "%s %s, seconds an epoch: 1 process %.3f (%.3f .. %.3f), 2 ranks %.3f (%.3f .. %.3f): %.2f times\n",
      $1, $2, $3, $4, $5, $6, $7, $8, $3 / $6 }'
}

model_steps() {
  # shellcheck disable=SC2046
  taskset -c 0 build/bench step data="$(data_of "$1")" hidden="${1#*x}" \
    $([ "$2" = adam ] && echo "optimizer=adam rate=0.005" || echo "optimizer=sgd rate=0.05 momentum=0.9") |
    python3 tools/bench/ranks_model.py table "$2"
}

each_size() {
  what=$1; shift
  if [ $# -gt 0 ]; then "$what" "$@"; return; fi
  for sizes in 784x500 4000x2000; do
    for optimizer in adam sgd; do "$what" $sizes $optimizer; done
  done
}

case ${1:-all} in
all) count_received; each_size time_epochs; each_size model_steps ;;
count) count_received ;;
times) shift; each_size time_epochs "$@" ;;
model) shift; each_size model_steps "$@" ;;
*) echo "usage: tools/bench/ranks.sh [count | times [SIZES OPTIMIZER] | model [SIZES OPTIMIZER]]" >&2; exit 2 ;;
esac
