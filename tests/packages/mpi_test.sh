#!/bin/sh
# Several processes give the bits of one, under each MPI of this machine: models from train, interrupted and resumed too,
# figures from evaluate; each with a memory of its own (--threads 1), and as threads of one. What differs between ranks, or
# fails on one, ends all with one line.
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/mpi_test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
rbm=${RBM:-$root/build/rbm}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# expect NAME COMMAND...: it succeeds
expect() {
    name=$1
    shift
    if "$@" >"$scratch/log" 2>&1; then echo "ok $name"; else echo "FAILED $name: $(head -n 5 "$scratch/log" | tr '\n' ' ')"; fi
}

# What one process makes, by name: a model and its figures. 16 ranks find 4 words of hidden units, and 2 of visible ones.
model() {
    name=$1
    shift
    "$@" --quiet --out "$scratch/$name" 2>"$scratch/log" || exit
}
awk 'BEGIN { srand(1); for (n = 0; n < 300; ++n) { level = rand() - 0.5; for (j = 0; j < 40; ++j)
    printf "%.4f%s", 20 + level * j + rand(), j < 39 ? "," : "\n" } }' >"$scratch/readings.csv"
adam="train digits --hidden 100 --epochs 2"
chains="train digits --hidden 70 --epochs 2 --recipe likelihood"
readings="train $scratch/readings.csv --hidden 40 --epochs 4"
labels="train digits --labels digits --label-weight 0.5 --hidden 64 --epochs 2"
long="train digits --hidden 100 --epochs 400 --method pcd"
longer="train digits --hidden 100 --epochs 2000 --method pcd" # as threads they are faster
# shellcheck disable=SC2086 # words of a command
for name in adam chains readings labels long longer; do
    eval "words=\$$name"
    model $name "$rbm" $words
done
# figures NAME DATA: the options of evaluate
figures() { echo "evaluate $scratch/$1 $2 --temperatures 100 --chains 30 --json"; }
figures_of="adam:digits-test readings:$scratch/readings.csv labels:digits-test"
# shellcheck disable=SC2046
for pair in $figures_of; do "$rbm" $(figures "${pair%%:*}" "${pair#*:}") >"$scratch/${pair%%:*}.json" || exit; done

# same_model NAME RANKS WORD...: these ranks train the same bytes
same_model() {
    name=$1 ranks=$2
    shift 2
    rm -f "$scratch/new"
    $run -n "$ranks" "$command" "$@" --quiet --out "$scratch/new" && cmp "$scratch/$name" "$scratch/new"
}

# same_figures PAIR RANKS WORD...
same_figures() {
    pair=$1 ranks=$2
    shift 2
    # shellcheck disable=SC2046
    $run -n "$ranks" "$command" $(figures "${pair%%:*}" "${pair#*:}") "$@" >"$scratch/figures" &&
        cmp "$scratch/${pair%%:*}.json" "$scratch/figures"
}

# refused LINE WORD...: mpirun with these words fails, its ranks print this line and no other, and there is no output
refused() {
    line=$1
    shift
    rm -f "$scratch/new"
    if $run "$@" >"$scratch/out" 2>"$scratch/errors"; then
        echo "succeeds"
        return 1
    fi
    cat "$scratch/errors"
    [ "$(grep '^rbm: ' "$scratch/errors")" = "rbm: $line" ] && [ ! -s "$scratch/out" ] && [ ! -e "$scratch/new" ]
}

# rank_process first|last: that of the least number, which works as threads of the others too, or of the greatest
rank_process() {
    ps -eo pid,args | awk -v words="$command train" -v out="$scratch/new" -v which="$1" '
        $2 " " $3 == words && $NF == out && (!pid || (which == "first" ? $1 < pid : $1 > pid)) { pid = $1 }
        END { print pid }'
}

# stopped RUN "SIGNAL [WHO]" WORD...: three ranks that are told to stop leave a checkpoint, from which two go on to the
# same bits
stopped() {
    model=$1 signal=$2
    shift 2
    eval "words=\$$model"
    rm -f "$scratch"/new* "$scratch"/.rbm-*
    # shellcheck disable=SC2086
    timeout --foreground 100 $run -n 3 "$command" $words "$@" --out "$scratch/new" 2>"$scratch/errors" &
    launcher=$!
    while [ ! -e "$scratch/new.checkpoint" ] && kill -0 $launcher; do sleep 0.1; done
    case $signal in
        KILL*) kill -KILL "$(rank_process "${signal#KILL }")" ;;
        *) kill -"$signal" $launcher ;;
    esac
    wait $launcher
    status=$?
    # MPICH's launcher was seen to end with 0 after a signal that it passed on; the lines below tell what happened.
    case $mpi/$status/$signal in
        mpich/0/INT | mpich/0/TERM) ;;
        */0/* | */124/*) echo "exit status $status"; return 1 ;;
    esac
    [ ! -e "$scratch/new" ] || { echo "is done before the signal"; return 1; }
    "$rbm" info "$scratch/new.checkpoint" || return
    [ "${signal% *}" = KILL ] || grep -q '^interrupted; go on with: rbm train digits --resume ' "$scratch/errors" || return 1
    # A kill may come while the first one writes: the launcher kills it when another one dies.
    [ "${signal% *}" = KILL ] || [ -z "$(find "$scratch" -name '.rbm-*')" ] || { echo "leaves a temporary file"; return 1; }
    $run -n 2 "$command" train digits --resume "$scratch/new.checkpoint" "$@" --quiet --out "$scratch/new" &&
        cmp "$scratch/$model" "$scratch/new"
}

# processors: the lists of processors in what /proc says of processes, as one, a line each
processors() {
    sed -n 's/^Cpus_allowed_list:[^0-9]*//p' | tr , '\n' |
        while IFS=- read -r first last; do seq "$first" "${last:-$first}"; done | sort -u
}

# shares_processors: of two ranks that the launcher binds to one each, the first works on both
shares_processors() {
    rm -f "$scratch"/new*
    # shellcheck disable=SC2086
    timeout --foreground 100 $bound -n 2 "$command" $long --quiet --out "$scratch/new" &
    launcher=$!
    while [ ! -e "$scratch/new.checkpoint" ] && kill -0 $launcher; do sleep 0.1; done
    processors <"/proc/$(rank_process first)/status" >"$scratch/used"
    wait $launcher && cmp "$scratch/long" "$scratch/new" && cmp "$scratch/given" "$scratch/used"
}

for mpi in openmpi mpich; do
    if ! command -v mpicxx.$mpi >/dev/null 2>&1 || ! command -v mpirun.$mpi >/dev/null 2>&1; then
        echo "skipped $mpi: not on this machine (tools/scripts/setup.sh ci)"
        continue
    fi
    # Of the objects that are there, whatever flags they were made with.
    make -o build/flags -o build/link_flags MPICXX=mpicxx.$mpi mpi_folder=build/mpi/$mpi build/mpi/$mpi/rbm \
        >"$scratch/log" 2>&1 || { echo "FAILED make mpi with $mpi: $(tail -n 5 "$scratch/log")"; continue; }
    command=$root/build/mpi/$mpi/rbm
    case $mpi in
        openmpi) run="mpirun.openmpi --oversubscribe --bind-to none" other=mpich ;;
        mpich) run=mpirun.mpich other=openmpi ;;
    esac

    mpicxx.$mpi -std=c++17 -O1 -I. tests/packages/mpi_exchange.cpp platform/mpi/*.cpp platform/desktop/ranks.cpp \
        platform/desktop/threads.cpp -pthread -o "$scratch/exchange" ||
        { echo "FAILED $mpi: the exchange does not compile"; continue; }
    for ranks in 1 2 3 4 7 16; do
        expect "$mpi, $ranks ranks: exchange" $run -n $ranks "$scratch/exchange" $ranks
        for name in adam chains readings labels; do
            eval "words=\$$name"
            # shellcheck disable=SC2086
            expect "$mpi, $ranks ranks: model $name" same_model $name $ranks $words --threads 1
        done
        for pair in $figures_of; do
            expect "$mpi, $ranks ranks: figures ${pair%%:*}" same_figures "$pair" $ranks --threads 1
        done
    done
    # shellcheck disable=SC2086
    expect "$mpi, 2 ranks of 2 threads" same_model adam 2 $adam --threads 2

    # Without --threads those of one machine become one.
    for ranks in 2 5; do
        # shellcheck disable=SC2086
        expect "$mpi, $ranks ranks as threads: model" same_model chains $ranks $chains
        expect "$mpi, $ranks ranks as threads: figures" same_figures adam:digits-test $ranks
    done
    if [ $mpi = openmpi ]; then
        bound="mpirun.openmpi --oversubscribe --bind-to core"
        if $bound -n 2 grep Cpus_allowed_list: /proc/self/status >"$scratch/lists" 2>&1 &&
            [ "$(sort -u "$scratch/lists" | wc -l)" = 2 ]; then
            processors <"$scratch/lists" >"$scratch/given"
            expect "$mpi, 2 ranks as threads, each bound to a processor" shares_processors
        else
            echo "skipped $mpi, ranks bound to processors: not two that it can bind to"
        fi
    fi
    if [ $mpi = mpich ]; then
        # MPICH can play two machines on one.
        export MPIR_CVAR_ODD_EVEN_CLIQUES=1
        # shellcheck disable=SC2086
        expect "$mpi, 4 ranks on two machines: model" same_model chains 4 $chains
        expect "$mpi, 4 ranks on two machines: figures" same_figures adam:digits-test 4
        expect "$mpi, 3 ranks on two machines, not to be shared out evenly" same_figures adam:digits-test 3
        unset MPIR_CVAR_ODD_EVEN_CLIQUES
        # The second rank that works was started as the third.
        mkdir -p "$scratch/one" "$scratch/other"
        head -n 200 tools/data/digits.csv >"$scratch/one/data.csv"
        head -n 100 tools/data/digits.csv >"$scratch/other/data.csv"
        export MPIR_CVAR_NUM_CLIQUES=2 MPIR_CVAR_CLIQUES_BY_BLOCK=1
        expect "$mpi, 4 ranks on two machines: other data" refused \
            "rank 2: has read other data or another model than rank 0" -n 2 -wdir "$scratch/one" "$command" train data.csv \
            --hidden 100 --out "$scratch/new" : -n 2 -wdir "$scratch/other" "$command" train data.csv --hidden 100 \
            --out "$scratch/new"
        unset MPIR_CVAR_NUM_CLIQUES MPIR_CVAR_CLIQUES_BY_BLOCK
    fi
    # shellcheck disable=SC2086
    expect "$mpi: alone, without its launcher" env run= sh -c '"$@" && cmp "$0" "$0.alone"' "$scratch/adam" "$command" $adam \
        --quiet --out "$scratch/adam.alone"

    for signal in INT TERM "KILL first" "KILL last"; do
        expect "$mpi, 3 ranks: $signal" stopped long "$signal" --threads 1
        expect "$mpi, 3 ranks as threads: $signal" stopped longer "$signal"
    done

    # The last one of three ranks is called otherwise, or in another folder.
    differs() {
        line=$1
        shift
        # shellcheck disable=SC2086
        expect "$mpi: $line" refused "rank 2: $line" -n 2 "$command" $adam --out "$scratch/new" : \
            -n 1 "$command" "$@" --out "$scratch/new"
    }
    words="was called with other words than rank 0"
    # shellcheck disable=SC2086
    differs "$words" $adam --seed 2
    # shellcheck disable=SC2086
    differs "$words" $adam --threads 2
    differs "$words" train digits-test --hidden 100 --epochs 2
    mkdir -p "$scratch/one" "$scratch/other" "$scratch/none"
    head -n 200 tools/data/digits.csv >"$scratch/one/data.csv"
    head -n 100 tools/data/digits.csv >"$scratch/other/data.csv"
    cp "$scratch/adam" "$scratch/one/model"
    cp "$scratch/chains" "$scratch/other/model"
    elsewhere() {
        line=$1 folder=$2
        shift 2
        expect "$mpi: $line, by $1" refused "rank 2: $line" -n 2 -wdir "$scratch/one" "$command" "$@" --threads 1 : \
            -n 1 -wdir "$scratch/$folder" "$command" "$@" --threads 1
    }
    elsewhere "has read other data or another model than rank 0" other train data.csv --hidden 100 --out "$scratch/new"
    elsewhere "has read other data or another model than rank 0" other evaluate model digits-test
    elsewhere "data.csv: cannot open: No such file or directory" none train data.csv --hidden 100 --out "$scratch/new"
    expect "$mpi: the same failure" refused "no.model: cannot open: No such file or directory" -n 3 "$command" evaluate \
        no.model digits-test
    expect "$mpi: standard input" refused "DATA: standard input reaches one rank only: name a file" -n 2 "$command" train - \
        --out "$scratch/new"
    expect "$mpi: another command" refused "sample: works as one process; several ranks are for train and evaluate" -n 2 \
        "$command" sample "$scratch/adam" --out "$scratch/new"
    # shellcheck disable=SC2086
    expect "$mpi: a place that cannot be written" refused \
        "rank 0: $scratch/nowhere/new: cannot write: No such file or directory" -n 2 "$command" $adam --threads 1 \
        --out "$scratch/nowhere/new"

    "$rbm" help train >"$scratch/help"
    # shellcheck disable=SC2016
    expect "$mpi: help, once" sh -c '"$@" >"$0.new" && cmp "$0" "$0.new"' "$scratch/help" $run -n 2 "$command" help train

    # Without MPI, or with another one, each process would be alone, and all would write one file.
    told() { "$@" 2>&1 | grep -q "^rbm: was started as one of 2 processes"; }
    # shellcheck disable=SC2086
    expect "$mpi: the command without MPI" told $run -n 2 "$rbm" $adam --out "$scratch/new"
    if [ -x build/mpi/$other/rbm ]; then
        # shellcheck disable=SC2086
        expect "$mpi: the command of $other" told $run -n 2 build/mpi/$other/rbm $adam --out "$scratch/new"
    fi
done
