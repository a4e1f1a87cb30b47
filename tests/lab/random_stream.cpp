// The numbers that the library draws its units from, without end on standard output, for a statistical
// battery: tests/lab/random_battery.sh. The streams are those of neighbouring keys, as training uses them.
#include <unistd.h>

#include <cstdint>

#include "rbm/random.hpp"

int main() {
  constexpr std::size_t draws_of_a_layer = 512;
  std::uint32_t draws[draws_of_a_layer];
  for (std::uint64_t step = 0;; ++step)
    for (std::uint64_t sample = 0; sample < 64; ++sample) {
      rbm::RandomStream stream = rbm::RandomStream::keyed(1, step, sample);
      for (int layer = 0; layer < 2; ++layer) {
        stream.next(draws, draws_of_a_layer);
        if (write(STDOUT_FILENO, draws, sizeof draws) != sizeof draws) return 0;
      }
    }
}
