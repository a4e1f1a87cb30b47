// Whether the command itself computes as the library promises.
#pragma once

namespace tool {

/// rbm::arithmetic_is_exact() of an object that is compiled like those that train and infer: the command's
/// start is optimized less, and would not see what only the optimizer does.
bool own_arithmetic_is_exact();

}  // namespace tool
