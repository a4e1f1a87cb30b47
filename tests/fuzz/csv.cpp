#include "tools/data/csv.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](std::vector<unsigned char> bytes) {
    fuzz::check(tool::read_csv(bytes, "file", {}));
  });
}
