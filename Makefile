# Everything is built below build/. CXX, CC, CXXFLAGS and WARNINGS can be set on the command line;
# PORTABLE=1 builds for any processor of this kind instead of this machine's. No choice changes a result.

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
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
CXXFLAGS := -O3
# -ffp-contract=off: fused multiply-adds would make results depend on the processor.
compile = $(CXX) -std=c++17 $(CXXFLAGS) $(native) -ffp-contract=off $(WARNINGS) -I. -Ibuild -pthread
link = $(CXX) $(CXXFLAGS) -pthread $(filter %.o,$^) $(LDFLAGS) -o $@

command_objects := $(patsubst %.cpp,build/objects/%.o,$(sort $(filter-out tools/bench/%,$(wildcard tools/*/*.cpp platform/desktop/*.cpp))))
bench_objects := $(patsubst %.cpp,build/objects/%.o,$(sort $(wildcard tools/bench/*.cpp)))
test_objects := $(patsubst %.cpp,build/objects/%.o,$(sort $(wildcard tests/*/*_test.cpp) tests/main.cpp))

build/rbm: $(command_objects) build/link_flags ## the rbm command (what plain `make` builds)
	@echo "link      $@"
	@$(link)

demo: ## from real digits to a reconstruction on a device, in under a minute
	+@MAKE="$(MAKE)" tools/scripts/demo.sh

bench: build/rbm build/bench ## how fast, by phase and beside PyTorch and scikit-learn; about three minutes
	@tools/bench/run.sh

test: build/rbm build/unit_tests build/bench ## run every test; the last line counts them
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

exhaustive: build/unit_tests ## sweep exp, log, sigmoid, softplus, square_root and Bernoulli draws over all 2^32 floats
	@RBM_EXHAUSTIVE=1 build/unit_tests -tc="*over all floats*,*every normal number*,*square root at its limits*,*whatever float*"

# The core is covered by the tests of its headers, not by those of the command that happen to run through it.
core_tests := tests/main.cpp $(wildcard tests/library/*_test.cpp)
core_objects = $(patsubst %.cpp,build/$(1)/%.o,$(core_tests) platform/desktop/threads.cpp tools/data/digits.cpp)

coverage: build/coverage/core_tests ## lines and branches of rbm/ that the core's tests reach, by file (needs clang and llvm)
	@tests/lab/coverage.py build/coverage

build/coverage/core_tests: $(call core_objects,coverage)
	@echo "link      $@"
	@clang++ -fprofile-instr-generate -pthread $^ -o $@

build/coverage/%.o: %.cpp | build/digits.inc build/quantized.inc
	@echo "compile   $< for coverage"
	@mkdir -p $(@D)
	@clang++ -std=c++17 -O1 $(native) -ffp-contract=off -fprofile-instr-generate -fcoverage-mapping $(broken_contract) \
	    -I. -Ibuild -pthread -MMD -MP -c $< -o $@

# Raises what RBM_ASSERT's trap does, but clang takes no line after it for one that may never be reached.
broken_contract := -include csignal -D'RBM_ASSERT(condition)=((condition) ? (void)0 : (void)raise(SIGILL))'

mutation: build/rbm build/unit_tests ## break the library in small ways, each of which a test must notice
	@tests/lab/mutation.py

# One libFuzzer program for each parser, tests/fuzz/NAME.cpp; what it finds is left in build/fuzz. Inputs are short, as all
# that the parsers know fits in few bytes: up to ten times as many a second. So does not keeping the stacks of allocations.
FUZZ_SECONDS := 600
fuzz_targets := $(patsubst tests/fuzz/%.cpp,%,$(wildcard tests/fuzz/*.cpp))
fuzz_flags := -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=undefined,float-cast-overflow

fuzz: $(addprefix fuzz/,$(fuzz_targets)) ## feed broken files and command lines to each parser, FUZZ_SECONDS=600 each (needs clang)

fuzz/%: fuzz_length = 1024
fuzz/arguments fuzz/csv fuzz/idx: fuzz_length = 256
fuzz/%: build/fuzz/%
	@mkdir -p build/fuzz/found/$*
	@ASAN_OPTIONS=malloc_context_size=0 $< -max_total_time=$(FUZZ_SECONDS) -max_len=$(fuzz_length) -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
	    -artifact_prefix=build/fuzz/$*- build/fuzz/found/$* tests/fuzz/corpus/$* >build/fuzz/$*.log 2>&1 || \
	    { tail -n 40 build/fuzz/$*.log; echo "fuzz $*: FOUND A FAULT"; exit 1; }
	@sed -n 's/stat::number_of_executed_units: *\(.*\)/fuzz $*: \1 inputs, no fault found/p' build/fuzz/$*.log

build/fuzz/%: build/fuzz/objects/tests/fuzz/%.o $(patsubst build/%,build/fuzz/%,$(filter-out %/main.o,$(command_objects)))
	@echo "link      $@"
	@clang++ -fsanitize=fuzzer $(fuzz_flags) -pthread $^ -o $@

build/fuzz/objects/%.o: %.cpp | build/digits.inc build/quantized.inc
	@echo "compile   $< for fuzzing"
	@mkdir -p $(@D)
	@clang++ -std=c++17 -O2 -gline-tables-only -ffp-contract=off -fsanitize=fuzzer-no-link $(fuzz_flags) $(WARNINGS) -I. -Ibuild \
	    -pthread -MMD -MP -c $< -o $@

.PRECIOUS: build/fuzz/objects/%.o build/fuzz/%

sanitize: ## run the tests under the address, undefined and thread sanitizers and valgrind; about an hour
	@tests/lab/sanitize.sh

stack: ## the most stack that each public function takes on a Cortex-M, rbm/stack.md (needs arm-none-eabi-g++, python3)
	$(call need,arm-none-eabi-g++ python3)
	@tests/boards/stack.py

random-battery: ## hold the random numbers against dieharder; about ten minutes
	@tests/lab/random_battery.sh

cppcheck_flags := --quiet --enable=warning,performance,portability --error-exitcode=1 --max-configs=1 \
    --suppress=passedByValue --suppress=invalidPointerCast

# The runtime is C; arguments of its macros are numbers. Of cppcheck's findings two are no fault here: views are passed by
# value (kernels keep them in registers), and an Arena hands out its bytes as floats. The table of digits takes it minutes.
lint_sources = tests/packages/link_proof.cpp $(command_objects:build/objects/%.o=%.cpp)

lint: build/digits.inc build/quantized.inc ## clang-tidy and cppcheck over the library, the command and its platform
	$(call need,clang-tidy cppcheck)
	@echo $(lint_sources) | xargs -n 1 -P $$(nproc) sh -c \
	    'clang-tidy --quiet $$1 -- -std=c++17 -I. -Ibuild -pthread 2>/dev/null' --
	@clang-tidy --quiet --checks=-bugprone-macro-parentheses rbm/quantized.h -- -x c -std=c99 2>/dev/null
	@cppcheck $(cppcheck_flags) --std=c++17 --language=c++ -I. -Ibuild $(filter-out tools/data/digits.cpp,$(lint_sources))
	@cppcheck $(cppcheck_flags) --std=c99 --language=c rbm/quantized.h
	@echo "lint: clean"

format: ## lay out all C and C++ with clang-format
	find rbm platform tools tests -name '*.[ch]' -o -name '*.[ch]pp' | xargs clang-format -i

install: ## install headers, command and package files below PREFIX=/usr/local (needs CMake)
	$(call need,cmake)
	cmake -S . -B build/install -DRBM_TESTS=OFF -DRBM_PORTABLE=$(if $(PORTABLE),ON,OFF)
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
	@awk -F ':.*## ' '/^[a-z\/-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

build/unit_tests: $(test_objects) $(filter-out %/main.o,$(command_objects)) build/link_flags
	@echo "link      $@"
	@$(link)

build/bench: $(bench_objects) $(filter-out %/main.o,$(command_objects)) build/link_flags
	@echo "link      $@"
	@$(link)

# Tests spend longer in the compiler than in running.
$(test_objects): private CXXFLAGS := $(CXXFLAGS) -O2
$(test_objects): | test_tools

test_tools:
	@tools/scripts/setup.sh test

build/objects/%.o: %.cpp build/flags | build/digits.inc build/quantized.inc
	@echo "compile   $<"
	@mkdir -p $(@D)
	@$(compile) -MMD -MP -c $< -o $@

# The digits as lines of a C array.
build/digits.inc: tools/data/digits.csv
	@mkdir -p $(@D)
	@sed 's/$$/,/' $< >$@

# The runtime as a C++ string, for stand-alone headers.
build/quantized.inc: rbm/quantized.h
	@mkdir -p $(@D)
	@{ printf 'R"runtime('; cat $<; printf ')runtime"\n'; } >$@

# The digits that are never trained on, a row each of a C array with two dimensions.
build/demo/digits_held_out.inc: tools/data/digits.csv
	@mkdir -p $(@D)
	@tail -n 297 $< | sed 's/.*/{&},/' >$@

# Change when the compiler or its flags change, and with them everything compiled, or linked.
build/flags: content = $(compile)
build/link_flags: content = $(LDFLAGS)
build/flags build/link_flags: always
	@mkdir -p $(@D)
	@echo '$(content)' | cmp -s - $@ || echo '$(content)' >$@

.DELETE_ON_ERROR:
.PHONY: demo bench test dist boards sizes exhaustive coverage mutation fuzz sanitize stack random-battery lint format \
    install deb reference clean help test_tools always

-include $(patsubst %.o,%.d,$(call core_objects,coverage)) $(shell find build/fuzz/objects -name '*.d' 2>/dev/null)
-include $(command_objects:.o=.d) $(bench_objects:.o=.d) $(test_objects:.o=.d)
