#include <charconv>
#include <cstdlib>
#include <iostream>

#include "tools/base/failure.hpp"
#include "tools/bench/tables.hpp"
#include "tools/bench/training.hpp"
#include "tools/data/data_file.hpp"

namespace bench {
namespace {

float number(const std::string& text) {
  char* end = nullptr;
  const float value = std::strtof(text.c_str(), &end);
  if (text.empty() || *end != '\0') throw tool::Misuse(text + ": is no number");
  return value;
}

// Calls take(key, value) for each word KEY=VALUE; it returns whether it knows the key.
template <class Take>
void parse(const std::vector<std::string>& words, const Take& take) {
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || !take(word.substr(0, equals), word.substr(equals + 1)))
      throw tool::Misuse(word + ": what is that?");
  }
}

struct Asked {
  Work work;
  tool::Dataset data;
};

Asked read_work(const std::vector<std::string>& words) {
  Work work;
  std::string name = "digits";
  parse(words, [&](const std::string& key, const std::string& value) {
    if (key == "data") return name = value, true;
    if (key == "optimizer") return work.optimizer = value, true;
    if (key == "hidden") return work.hidden = static_cast<std::size_t>(number(value)), true;
    if (key == "batch") return work.batch = static_cast<std::size_t>(number(value)), true;
    if (key == "rate") return work.rate = number(value), true;
    if (key == "momentum") return work.momentum = number(value), true;
    if (key == "persistent") return work.persistent = value == "1", true;
    return false;
  });
  return {work, tool::open_dataset(name, {})};
}

// Gradient and products as sums of rows: the lists of a batch, and for each visible unit the list of the
// samples in which it is on.
class Products {
 public:
  Products(std::size_t visible, std::size_t hidden, std::size_t batch, double share, bool real)
      : states_(synthetic(2 * batch, visible, share, real)),
        hidden_states_(synthetic(batch, hidden, share, real)),
        batch_(batch),
        memory_(Buffers({}, visible, hidden, batch, real).bytes),
        buffers_({memory_.data(), 0, memory_.size()}, visible, hidden, batch, real) {
    fill(buffers_.visible, states_);
    fill(buffers_.hidden, hidden_states_);
    rbm::append_transposed(buffers_.by_unit, buffers_.visible, 2 * batch, 0, 0, visible);
  }

  void up() {
    rbm::multiply_transposed(buffers_.probabilities, buffers_.zeros.part(0, buffers_.probabilities.columns),
                             buffers_.transposed, buffers_.visible, 0, batch_);
  }
  void down() {
    rbm::multiply_transposed(buffers_.reconstruction, buffers_.zeros.part(0, buffers_.reconstruction.columns),
                             buffers_.weights, buffers_.hidden, 0, batch_);
  }
  void gradient() {
    rbm::multiply_transposed(buffers_.gradient, buffers_.zeros.part(0, buffers_.gradient.columns),
                             buffers_.probabilities, buffers_.by_unit, 0, buffers_.gradient.rows);
  }

 private:
  struct Buffers {
    Buffers(rbm::Arena arena, std::size_t v, std::size_t h, std::size_t batch, bool real)
        : weights(arena.matrix(h, v)),
          transposed(arena.matrix(v, rbm::padded(h))),
          gradient(arena.matrix(v, rbm::padded(h))),
          probabilities(arena.matrix(2 * batch, rbm::padded(h))),
          reconstruction(arena.matrix(batch, v)),
          zeros(arena.vector(rbm::padded(std::max(v, h)))),
          visible(arena.lists(2 * batch, v, real)),
          hidden(arena.lists(batch, h, real)),
          by_unit(arena.lists(v, 2 * batch, real)),
          bytes(arena.used) {}

    rbm::MatrixView<float> weights, transposed, gradient, probabilities, reconstruction;
    rbm::VectorView<float> zeros;
    rbm::UnitLists visible, hidden, by_unit;
    std::size_t bytes;
  };

  static void fill(const rbm::UnitLists& lists, const tool::Dataset& data) {
    std::vector<float> row(data.columns);
    rbm::RandomStream random = rbm::RandomStream::keyed(1);
    for (std::size_t n = 0; n < data.rows; ++n) {
      data.row(n, row.data());
      const bool real = lists.factors != nullptr;
      lists.write_row(n, [&](rbm::UnitList& list) {
        rbm::set_visible(list, {row.data(), row.size()},
                         real ? rbm::VisibleUnits::means : rbm::VisibleUnits::sampled, random);
      });
    }
  }

  const tool::Dataset states_, hidden_states_;
  const std::size_t batch_;
  tool::AlignedVector<unsigned char> memory_;  // all 0 at first
  Buffers buffers_;
};

}  // namespace

void serve_training(const std::vector<std::string>& words) {
  const Asked asked = read_work(words);
  Training training(asked.work, asked.data);
  for (unsigned epochs; std::cin >> epochs;) {
    double loss = 0;
    const Spent start = spent();
    for (unsigned n = 0; n < epochs; ++n) loss += training.epoch();
    const Spent end = spent();
    std::cout << (end.user - start.user) / epochs << ' ' << (end.kernel - start.kernel) / epochs << ' '
              << (end.wall - start.wall) / epochs << ' ' << loss / epochs << std::endl;
  }
}

void serve_step(const std::vector<std::string>& words) {
  const Asked asked = read_work(words);
  print_step(asked.work, asked.data);
}

void serve_products(const std::vector<std::string>& words) {
  std::size_t visible = 784, hidden = 500, batch = 64;
  double share = 0.5, time = 0.03;
  bool real = false;
  parse(words, [&](const std::string& key, const std::string& value) {
    if (key == "visible") return visible = static_cast<std::size_t>(number(value)), true;
    if (key == "hidden") return hidden = static_cast<std::size_t>(number(value)), true;
    if (key == "batch") return batch = static_cast<std::size_t>(number(value)), true;
    if (key == "share") return share = static_cast<double>(number(value)), true;
    if (key == "real") return real = value == "1", true;
    if (key == "seconds") return time = static_cast<double>(number(value)), true;
    return false;
  });
  Products products(visible, hidden, batch, share, real);
  const auto seconds = [&](const auto& call) {
    const unsigned count = repetitions_for(time, call);
    return processor_seconds([&] { repeat(count, call); }) / count;
  };
  for (std::string line; std::getline(std::cin, line);)
    std::cout << seconds([&] { products.up(); }) << ' ' << seconds([&] { products.down(); }) << ' '
              << seconds([&] { products.gradient(); }) << std::endl;
}

}  // namespace bench
