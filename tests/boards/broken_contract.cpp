// Breaks a contract of the library on a board, which must say which one it was (tests/boards/board.sh).

#include "platform/assertion.hpp"
#include "rbm/rbm.hpp"

int main() {
  static rbm::Memory<16> too_small;
  rbm::Chain chain(too_small, {64, 24});
  return static_cast<int>(chain.bytes);
}
