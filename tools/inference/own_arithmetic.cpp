#include "tools/inference/own_arithmetic.hpp"

#include "rbm/arithmetic.hpp"

namespace tool {

bool own_arithmetic_is_exact() {
  return rbm::arithmetic_is_exact();
}

}  // namespace tool
