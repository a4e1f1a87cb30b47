#!/bin/sh
# What goes wrong with several processes, under each MPI of this machine: other builds, other files of one name, a connection
# that breaks, outputs that cannot be written, Ctrl-C. All end with one line; outputs come once, and whole.
# shellcheck disable=SC2046,SC2086 # words of a command
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/mpi_faults.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
rbm=${RBM:-$root/build/rbm}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# expect NAME COMMAND...: it succeeds
expect() {
    name="$mpi: $1"
    shift
    if "$@" >"$scratch/log" 2>&1; then echo "ok $name"; else echo "FAILED $name: $(tail -n 9 "$scratch/log" | tr '\n' ' ')"; fi
}

# failed STATUS: but not by the time limit
failed() { case $1 in 0 | 124) echo "exit status $1"; return 1 ;; esac; }

# fails LINE WORD...: mpirun with these words fails, its ranks print this line (an expression of grep), once, no other and no
# output, and leave no model
fails() {
    line=$1
    shift
    rm -rf "$scratch/new" && mkdir "$scratch/new"
    timeout 60 $run "$@" >"$scratch/out" 2>"$scratch/errors"
    failed $? || return
    cat "$scratch/errors"
    [ "$(grep -c '^rbm: ' "$scratch/errors")" = 1 ] && grep -q "^rbm: $line$" "$scratch/errors" && [ ! -s "$scratch/out" ] &&
        [ ! -e "$scratch/new/model" ]
}

# Training that takes a second, and the model that it ends in without a stop. With --threads, ranks have a memory each.
train="train digits --hidden 64 --method pcd --epochs"
long="$train 400 --threads 1"
"$rbm" $long --quiet --out "$scratch/long" || exit

# resumes [to the end]: the run that was stopped says so once, leaves a whole checkpoint and no more; it goes on to the bits
# of one never stopped
resumes() {
    [ ! -e "$scratch/new/model" ] || { echo "is done before the signal"; return 1; }
    go_on="rbm train digits --resume $scratch/new/model.checkpoint --out $scratch/new/model"
    [ "$(grep '^interrupted' "$scratch/errors" | sed 's/ --threads 1$//')" = "interrupted; go on with: $go_on" ] ||
        { cat "$scratch/errors"; return 1; }
    [ "$(ls -A "$scratch/new")" = model.checkpoint ] || { ls -A "$scratch/new"; return 1; }
    if [ "${1:-}" = "to the end" ]; then
        PATH=${rbm%/*}:$PATH $go_on --threads 1 && cmp "$scratch/long" "$scratch/new/model"
    else
        "$rbm" info "$scratch/new/model.checkpoint"
    fi
}

# rank_processes caught|ignored: of those that are ready for signals, or of those that sleep and let them pass
rank_processes() {
    for process in $(ps -eo pid,args | awk -v command="$command" '$2 == command { print $1 }'); do
        # The last digit tells of signals 1 to 4, of which the second is SIGINT.
        ps -o "$1=" -p "$process" | grep -q '[2367abef]$' && echo "$process"
    done
}

# starts COUNT WORD...: three ranks work in the background, so many of which are to take signals; sets launcher and processes
starts() {
    count=$1
    shift
    rm -rf "$scratch/new" && mkdir "$scratch/new"
    timeout --foreground 100 $run -n 3 "$command" "$@" >"$scratch/out" 2>"$scratch/errors" &
    launcher=$! processes=
    while kill -0 $launcher && [ "$(echo $processes | wc -w)" != "$count" ]; do
        sleep 0.1
        processes=$(rank_processes caught)
    done
}

# ctrl_c WORD...: in a terminal; Open MPI takes a second to tell the ranks
ctrl_c() {
    rm -rf "$scratch/new" && mkdir "$scratch/new"
    tests/packages/press_ctrl_c.py "$scratch/new/model.checkpoint" $run -n 3 "$command" $train 10000 "$@" \
        --out "$scratch/new/model" >"$scratch/shown"
    status=$?
    tr -d '\r' <"$scratch/shown" | sed 's/^^C//' >"$scratch/errors"
    failed $status || return
    # Open MPI has a status of its own for this.
    [ $mpi = openmpi ] || [ $status = 130 ] || { echo "exit status $status"; return 1; }
    resumes
}

# stopped WHO: one process takes the signal, not the first; or all and the launcher, which passes it on
stopped() {
    starts 3 $long --out "$scratch/new/model"
    while kill -0 $launcher && [ ! -e "$scratch/new/model.checkpoint" ]; do sleep 0.1; done
    case $1 in
        one) kill -INT ${processes##*[!0-9]} ;;
        all) kill -INT $processes $launcher ;;
    esac
    wait $launcher
    failed $? || return
    resumes "to the end"
}

# told_twice COUNT WORD...: in the midst of a mini-batch of seconds, a signal at once after another is no second one
told_twice() {
    count=$1
    shift
    starts $count train digits --hidden 500 --batch 1500 --gibbs-steps 400 --epochs 5 --quiet "$@" --out "$scratch/new/model"
    for process in $processes; do kill -INT "$process" && kill -TERM "$process"; done
    wait $launcher
    failed $? || return
    resumes
}

# sleepers_told: those whose work one process does let signals pass, and it goes on to the same bits
sleepers_told() {
    starts 1 $train 400 --out "$scratch/new/model"
    processes=
    while kill -0 $launcher && [ "$(echo $processes | wc -w)" != 2 ]; do
        sleep 0.1
        processes=$(rank_processes ignored)
    done
    kill -INT $processes && kill -TERM $processes || return
    wait $launcher && cmp "$scratch/long" "$scratch/new/model"
}

# leaves_at_once COUNT WORD...: two seconds later it is; this mini-batch takes minutes
leaves_at_once() {
    count=$1
    shift
    starts $count train digits --hidden 1000 --batch 1500 --gibbs-steps 65535 --epochs 5 "$@" --out "$scratch/new/model"
    kill -INT $processes
    sleep 2
    kill -0 $launcher || { echo "has ended"; return 1; }
    kill -INT $processes
    wait $launcher
    failed $? || return
    [ -z "$(ls -A "$scratch/new")" ] && ! grep '^interrupted' "$scratch/errors"
}

# evaluation_stopped: by a signal to one process, for which the others do not wait
evaluation_stopped() {
    starts 3 evaluate "$scratch/long" digits-test --temperatures 100000000 --chains 1000 --threads 1 --json
    kill -INT ${processes##*[!0-9]}
    wait $launcher
    failed $? || return
    [ ! -s "$scratch/out" ] && ! grep '^rbm: ' "$scratch/errors"
}

# folder_goes: the first process cannot write its next checkpoint, while the others wait for it
folder_goes() {
    starts 3 $long --out "$scratch/new/model"
    while kill -0 $launcher && [ ! -e "$scratch/new/model.checkpoint" ]; do sleep 0.1; done
    mv "$scratch/new" "$scratch/gone.$mpi"
    wait $launcher
    failed $? || return
    cat "$scratch/errors"
    line="rank 0: $scratch/new/model.checkpoint: cannot [a-z ]*: No such file or directory"
    [ "$(grep -c '^rbm: ' "$scratch/errors")" = 1 ] && grep -q "^rbm: $line" "$scratch/errors"
}

# outputs: the page, JSON and lines of three ranks are those of one process, but for seconds
outputs() {
    rm -rf "$scratch/one" "$scratch/new" && mkdir "$scratch/one" "$scratch/new"
    words="train digits --hidden 64 --epochs 3 --hold-out 0.2 --nats 3 --json --report page --out model --threads 1"
    (cd "$scratch/one" && "$rbm" $words >json 2>lines) || return 1
    (cd "$scratch/new" && $run -n 3 "$command" $words >json 2>lines) || return 1
    sed -i -e 's/"seconds": [0-9.e-]*//' -e 's/[0-9.]* s$//' "$scratch"/*/json "$scratch"/*/lines
    diff -r "$scratch/one" "$scratch/new"
}

# to_standard_output: once, whole
to_standard_output() {
    $run -n 3 "$command" train digits --hidden 64 --epochs 3 --hold-out 0.2 --threads 1 --quiet --out - >"$scratch/out" &&
        cmp "$scratch/one/model" "$scratch/out"
}

for mpi in openmpi mpich; do
    if ! command -v mpicxx.$mpi >/dev/null 2>&1 || ! command -v mpirun.$mpi >/dev/null 2>&1; then
        echo "skipped $mpi: not on this machine (tools/scripts/setup.sh ci)"
        continue
    fi
    case $mpi in
        openmpi) run="mpirun.openmpi --oversubscribe --bind-to none" rank=OMPI_COMM_WORLD_RANK ;;
        mpich) run=mpirun.mpich rank=PMI_RANK ;;
    esac
    # A folder of its own: mpi_test.sh runs beside this. Of the objects that are there, whatever flags they were made with.
    folder=${scratch#"$root"/}/$mpi command=$scratch/$mpi/rbm
    if ! {
        make -o build/flags -o build/link_flags MPICXX=mpicxx.$mpi mpi_folder="$folder" "$folder/rbm" &&
            echo 1 >"$folder/source_checksum.inc" &&
            mpicxx.$mpi -std=c++17 -I. -I"$folder" -c tools/commands/own_sources.cpp -o "$folder/own_sources.o" &&
            mpicxx.$mpi -pthread -o "$folder/other" "$folder"/*.o $(printf 'build/objects/%s\n' \
                tools/*/*.cpp platform/desktop/*.cpp | sed -e '/bench\|one_rank\|own_sources/d' -e 's/cpp$/o/') &&
            mpicc.$mpi -shared -fPIC tests/packages/mpi_error.c -o "$folder/error.so"
    } >"$scratch/log" 2>&1; then
        echo "FAILED make with $mpi: $(tail -n 5 "$scratch/log")"
        continue
    fi
    model=$scratch/new/model short="train digits --hidden 64 --epochs 3 --threads 1 --quiet --out $scratch/new/model"

    another="is another build of rbm than rank 0"
    expect "another build" fails "rank 2: $another" -n 2 "$command" $short : -n 1 "$folder/other" $short
    expect "another build is told before a wrong option" fails "rank 1: $another" -n 1 "$command" $short : \
        -n 2 "$folder/other" $short --no-such-option
    for broken in 0 2; do
        expect "the connection of rank $broken breaks" fails "rank $broken: the connection to other ranks failed: .*" -n 3 \
            env LD_PRELOAD="$root/$folder/error.so" RBM_BROKEN_RANK=$broken "$command" $long --quiet --out "$model"
    done

    # Whatever the MPI: with the one that starts and ends in a tenth of the time.
    if [ $mpi = mpich ]; then
        streamed="standard input reaches one rank only: name a file"
        for words in --labels --validation --resume "--validation digits-test --labels digits --validation-labels"; do
            option=${words##* }
            expect "$option -" fails "$option: $streamed" -n 2 "$command" $short $words -
        done
        expect "evaluate --labels /dev/stdin" fails "--labels: $streamed" -n 2 "$command" \
            evaluate "$scratch/long" digits-test --labels /dev/stdin
        expect "DATA /dev/stdin" fails "DATA: $streamed" -n 2 "$command" train /dev/stdin
        expect "a signal told twice" told_twice 3 --threads 1
        expect "a signal told twice, ranks as threads" told_twice 1
        expect "a second signal" leaves_at_once 3 --threads 1
        expect "a second signal, ranks as threads" leaves_at_once 1
    fi

    # The same name means other files on the machines of the ranks.
    rm -rf "$scratch"/machine? && mkdir "$scratch/machine0" "$scratch/machine1" "$scratch/machine2"
    for machine in 0 1; do
        cp "$scratch/long" "$scratch/machine$machine/model"
        head -n 200 tools/data/digits.csv >"$scratch/machine$machine/data.csv"
    done
    sed '$s/0/1/' "$scratch/machine0/data.csv" >"$scratch/machine2/data.csv"
    # apart WORD...: each rank works in the folder of its machine
    apart() { echo "cd $scratch/machine\$$rank && exec $command $* --threads 1"; }
    expect "no model on one machine" fails "rank 2: model: cannot open: No such file or directory" -n 3 sh -c \
        "$(apart evaluate model digits-test)"
    expect "other data on one machine" fails "rank 2: has read other data or another model than rank 0" -n 3 sh -c \
        "$(apart train data.csv)"

    expect "outputs come once" outputs
    expect "a model goes to standard output" to_standard_output
    expect "no folder for the page" fails "rank 0: $scratch/none/page: cannot write: No such file or directory" -n 3 \
        "$command" $short --report "$scratch/none/page"
    expect "the model cannot be written in the end" fails "rank 0: /dev/full: cannot write: No space left on device" -n 3 \
        "$command" train digits --hidden 64 --epochs 3 --threads 1 --quiet --out /dev/full
    # In the second of the optimizer's arrays, which the others send while it is written.
    expect "a checkpoint grows too large" fails "rank 0: $scratch/new/model.checkpoint: cannot write: File too large" -n 3 sh -c \
        "[ \$$rank != 0 ] || { trap '' XFSZ; ulimit -f 22000; }; exec $command train digits --hidden 20000 --batch 200 \
            --epochs 2 --threads 1 --quiet --out $scratch/new/model"
    expect "the folder goes while they work" folder_goes

    if command -v python3 >/dev/null 2>&1; then
        expect "Ctrl-C" ctrl_c --threads 1
        expect "Ctrl-C, ranks as threads" ctrl_c
    else
        echo "skipped $mpi, Ctrl-C: no python3 (tools/scripts/setup.sh ci)"
    fi
    expect "SIGINT to one process" stopped one
    expect "SIGINT to all processes" stopped all
    expect "signals to processes that sleep" sleepers_told
    expect "SIGINT to one process that evaluates" evaluation_stopped
done
