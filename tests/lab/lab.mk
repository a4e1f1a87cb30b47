# The laboratory, a part of the Makefile: targets for developers of the library, none of which `make test` needs. They take
# from minutes to hours; `tools/scripts/setup.sh all` installs what they need.

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

build/fuzz/objects/%.o: %.cpp | build/digits.inc build/quantized.inc build/source_checksum.inc
	@echo "compile   $< for fuzzing"
	@mkdir -p $(@D)
	@clang++ -std=c++17 -O2 -gline-tables-only -ffp-contract=off -fsanitize=fuzzer-no-link $(fuzz_flags) $(WARNINGS) -I. -Ibuild \
	    -pthread -MMD -MP -c $< -o $@

.PRECIOUS: build/fuzz/objects/%.o build/fuzz/%

sanitize: ## run the tests under the address, undefined and thread sanitizers and valgrind; about an hour
	@tests/lab/sanitize.sh

random-battery: ## hold the random numbers against dieharder; about ten minutes
	@tests/lab/random_battery.sh

cppcheck_flags := --quiet --enable=warning,performance,portability --error-exitcode=1 --max-configs=1 \
    --suppress=passedByValue --suppress=invalidPointerCast

# The runtime is C; arguments of its macros are numbers. Of cppcheck's findings two are no fault here: views are passed by
# value (kernels keep them in registers), and an Arena hands out its bytes as floats. The table of digits takes it minutes.
lint_sources = tests/packages/link_proof.cpp $(command_objects:build/objects/%.o=%.cpp)

# How many states of a function clang-tidy's analyzer looks at, by default as many as Clang itself: most of the time.
LINT_NODES := 225000

lint: build/digits.inc build/quantized.inc build/source_checksum.inc ## clang-tidy and cppcheck over the library, the command and its platform
	$(call need,clang-tidy cppcheck)
	@echo $(lint_sources) | xargs -n 1 -P $$(nproc) sh -c \
	    'clang-tidy --quiet $$1 -- -std=c++17 -I. -Ibuild -pthread \
	    -Xclang -analyzer-config -Xclang max-nodes=$(LINT_NODES) 2>/dev/null' --
	@clang-tidy --quiet --checks=-bugprone-macro-parentheses rbm/quantized.h -- -x c -std=c99 2>/dev/null
	@cppcheck -j $$(nproc) $(cppcheck_flags) --std=c++17 --language=c++ -I. -Ibuild $(filter-out tools/data/digits.cpp,$(lint_sources))
	@cppcheck $(cppcheck_flags) --std=c99 --language=c rbm/quantized.h
	@echo "lint: clean"

.PHONY: exhaustive coverage mutation fuzz sanitize random-battery lint

-include $(patsubst %.o,%.d,$(call core_objects,coverage)) $(shell find build/fuzz/objects -name '*.d' 2>/dev/null)
