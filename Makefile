# Everything is built below build/. CXX, CC, CXXFLAGS and WARNINGS can be set on the command line;
# PORTABLE=1 builds for any processor of this kind instead of this machine's. MPICXX is the compiler of an MPI for make mpi.
# No choice changes a result.

ifeq ($(origin CXX),default)
CXX := c++
endif
export CXX CC

# Without -j on the command line, use every core.
ifeq ($(MAKELEVEL),0)
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
endif
endif
MAKEFLAGS += --no-print-directory --no-builtin-rules

ifndef PORTABLE
native := $(shell $(CXX) -march=native -E -x c++ /dev/null >/dev/null 2>&1 && echo -march=native)
endif
WARNINGS := $(shell cat platform/warnings.txt)
CXXFLAGS := -O3
# -ffp-contract=off: fused multiply-adds would make results depend on the processor.
compile = $(CXX) -std=c++17 $(CXXFLAGS) $(native) -ffp-contract=off $(WARNINGS) -I. -Ibuild -pthread
link = $(CXX) $(CXXFLAGS) -pthread $(filter %.o,$^) $(LDFLAGS) -o $@

# What computes over whole models and data. The rest compiles in half the time at -O1. The linker keeps the first copy of a
# template, so these objects come first.
hot_sources := $(wildcard tools/training/learner.cpp tools/data/dataset.cpp platform/desktop/threads.cpp \
    $(addprefix tools/quantization/,tuning.cpp quantization_loss.cpp) \
    $(addprefix tools/inference/,inference.cpp label_inference.cpp likelihood.cpp measured_chains.cpp \
        clamped_chains.cpp device_inference.cpp gaussian_fit.cpp own_arithmetic.cpp))
cold_sources := $(filter-out $(hot_sources) tools/bench/%,$(sort $(wildcard tools/*/*.cpp platform/desktop/*.cpp)))
command_objects := $(patsubst %.cpp,build/objects/%.o,$(hot_sources) $(cold_sources))
bench_objects := $(patsubst %.cpp,build/objects/%.o,$(sort $(wildcard tools/bench/*.cpp)))
test_objects := $(patsubst %.cpp,build/objects/%.o,$(sort $(wildcard tests/*/*_test.cpp) tests/main.cpp))

build/rbm: $(command_objects) build/link_flags ## the rbm command (what plain `make` builds)
	@echo "link      $@"
	@$(link)

# The same objects, but for the one that knows what ranks there are.
MPICXX := mpicxx
mpi_folder := build/mpi
mpi_own_objects := $(patsubst platform/mpi/%.cpp,$(mpi_folder)/%.o,$(sort $(wildcard platform/mpi/*.cpp)))
mpi_objects := $(filter-out %/one_rank.o,$(command_objects)) $(mpi_own_objects)

mpi: ## the command for several processes, build/mpi/rbm (needs an MPI)
	$(call need,$(MPICXX))
	+@$(MAKE) $(mpi_folder)/rbm

demo: ## from real digits to a reconstruction on a device, in about a minute
	+@MAKE="$(MAKE)" tools/scripts/demo.sh

bench: build/rbm build/bench ## how fast, by phase and beside PyTorch and scikit-learn; about three minutes
	@tools/bench/run.sh

test: build/rbm build/unit_tests build/bench ## run every test, with doctest installed where it is missing; the last line counts them
	@tests/run.sh

dist: build/rbm ## what others pick up: the single header and the package for devices, in build/dist/
	@mkdir -p build/dist
	@tools/scripts/single_header.sh >build/dist/rbm_single.hpp
	@platform/packaging/assemble.sh build/dist/rbm

boards: build/rbm ## every example and the golden hashes on every emulated board; about a minute
	@mkdir -p build
	@tests/run.sh tests/boards/boards_test.sh; status=$$?; cat build/boards.txt; exit $$status

sizes: build/rbm ## what the examples take on every board: code, constants, variables, stack
	@RBM=build/rbm tests/boards/sizes.sh

# $(call need,TOOL...): ends a target at its first line, not after a minute, where one is missing.
need = @if missing=$$(tools/scripts/missing_tool.sh $(1)); then echo "make $@: $$missing" >&2; exit 1; fi

runtime: ## assemble rbm/quantized.h from its parts in rbm/quantized/
	@mkdir -p build
	@tools/scripts/quantized_header.sh >build/quantized.h && cp build/quantized.h rbm/quantized.h

stack: ## the most stack that each public function takes on a Cortex-M, rbm/stack.md (needs arm-none-eabi-g++, python3)
	$(call need,arm-none-eabi-g++ python3)
	@tests/boards/stack.py

format: ## lay out all C and C++ with clang-format
	find rbm platform tools tests -name '*.[ch]' -o -name '*.[ch]pp' | xargs clang-format -i

install: ## install headers, command and package files below PREFIX=/usr/local, with MPI=1 the command for several processes (needs CMake)
	$(call need,cmake)
	cmake -S . -B build/install -DRBM_TESTS=OFF -DRBM_PORTABLE=$(if $(PORTABLE),ON,OFF) -DRBM_MPI=$(if $(MPI),ON,OFF)
	+cmake --build build/install
	cmake --install build/install --prefix $(or $(PREFIX),/usr/local)

deb: ## a Debian package of the same in build/dist/, for any processor of this kind (needs CMake, file, dpkg-dev)
	$(call need,cmake file dpkg-shlibdeps)
	cmake -S . -B build/deb -DRBM_TESTS=OFF -DRBM_PORTABLE=ON
	+cmake --build build/deb
	@mkdir -p build/dist
	cd build/deb && cpack && mv rbm_*.deb ../dist

reference: ## the library's reference from its doc comments, in build/reference/ (needs Doxygen)
	$(call need,doxygen)
	@mkdir -p build/reference
	@tools/scripts/reference.sh build/reference

clean: ## remove all that was built
	rm -rf build

help: ## list the targets
	@awk -F ':.*## ' 'FNR == 1 && NR != 1 { print "\nThe laboratory, minutes to hours" } \
	    /^[a-z\/-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile tests/lab/lab.mk

include tests/lab/lab.mk

build/unit_tests: $(test_objects) $(filter-out %/main.o,$(command_objects)) build/link_flags
	@echo "link      $@"
	@$(link)

# The MPI's compiler calls CXX.
$(mpi_own_objects) $(mpi_folder)/rbm: private around := OMPI_CXX='$(CXX)' MPICH_CXX='$(CXX)' $(MPICXX)
$(mpi_own_objects) $(mpi_folder)/rbm: private CXX = $(around)

$(mpi_folder)/%.o: platform/mpi/%.cpp build/flags
	@echo "compile   $<"
	@mkdir -p $(@D)
	@$(compile) -MMD -MP -c $< -o $@

$(mpi_folder)/rbm: $(mpi_objects) build/link_flags
	@echo "link      $@"
	@$(link)

build/bench: $(bench_objects) $(filter-out %/main.o,$(command_objects)) build/link_flags
	@echo "link      $@"
	@$(link)

cold_objects := $(cold_sources:%.cpp=build/objects/%.o)
$(cold_objects): private CXXFLAGS := $(CXXFLAGS) -O1

# GCC reads the standard headers that nearly every unit includes once for all of them: a fifth of the time.
ifneq ($(findstring Free Software,$(shell $(CXX) --version 2>/dev/null)),)
$(cold_objects): private compile += -include build/standard.hpp
$(cold_objects): | build/standard.hpp.gch
endif
build/standard.hpp.gch: private CXXFLAGS := $(CXXFLAGS) -O1
build/standard.hpp.gch: build/flags
	@printf '#include <%s>\n' algorithm array charconv cmath cstdint cstdio cstring functional limits map memory optional \
	    string string_view utility vector >build/standard.hpp
	@$(compile) -x c++-header build/standard.hpp -o $@

# Tests spend longer in the compiler than in running.
$(test_objects): private CXXFLAGS := $(CXXFLAGS) -O2
$(test_objects): | test_tools

# Installs doctest, with the system's package manager, where it is missing: `make test` works on a fresh machine.
test_tools:
	@tools/scripts/setup.sh test

build/objects/%.o: %.cpp build/flags | build/digits.inc build/quantized.inc build/source_checksum.inc
	@echo "compile   $<"
	@mkdir -p $(@D)
	@$(compile) -MMD -MP -c $< -o $@

build/digits.inc build/demo/digits_held_out.inc: tools/data/digits.csv
build/quantized.inc: rbm/quantized.h
build/digits.inc build/demo/digits_held_out.inc build/quantized.inc: tools/scripts/embed.sh
	@mkdir -p $(@D)
	@tools/scripts/embed.sh $(if $(findstring quantized,$@),runtime,$(basename $(@F))) >$@

# Change when the compiler or its flags change, and with them everything compiled, or linked; or when a source does, and with
# it one object.
build/flags: content = $(compile)
build/link_flags: content = $(LDFLAGS)
build/source_checksum.inc: content = $(shell tools/scripts/source_checksum.sh)
build/flags build/link_flags build/source_checksum.inc: always
	@mkdir -p $(@D)
	@echo '$(content)' | cmp -s - $@ || echo '$(content)' >$@

.DELETE_ON_ERROR:
.PHONY: mpi demo bench test dist boards sizes runtime stack format install deb reference clean help test_tools always

-include $(command_objects:.o=.d) $(bench_objects:.o=.d) $(test_objects:.o=.d) $(mpi_own_objects:.o=.d)
