// The golden hashes of golden.txt for a board that has no room for the whole of golden.cpp.

#include "tests/boards/golden_small.hpp"

int main() {
  probe_fusion();
  sweep_functions();
  train_small();
  learn_small_in_fixed_point();
  learn_small_readings_in_fixed_point();
  watch_small_readings();
  learn_small_choice();
  return 0;
}
