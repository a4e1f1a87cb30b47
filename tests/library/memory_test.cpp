#include "rbm/memory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "rbm/fixed_point_online.hpp"
#include "rbm/gibbs.hpp"
#include "rbm/online.hpp"
#include "rbm/trainer.hpp"
#include "tests/support/fixtures.hpp"

namespace {

constexpr std::size_t alignment = 4 * rbm::vector_lanes;

/// Arrays handed out of some memory: each aligned, all inside, none over another.
class Regions {
 public:
  Regions(const unsigned char* memory, std::size_t bytes) : memory_(memory), owner_(bytes) {}

  template <class T>
  void add(const T* taken, std::size_t count) {
    const std::size_t first =
        static_cast<std::size_t>(reinterpret_cast<const unsigned char*>(taken) - memory_);
    CHECK(reinterpret_cast<std::uintptr_t>(taken) % alignment == 0);
    REQUIRE(first + count * sizeof(T) <= owner_.size());
    ++regions_;
    const auto begin = owner_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(count * sizeof(T));
    CHECK(std::all_of(begin, end, [](int owner) { return owner == 0; }));
    std::fill(begin, end, regions_);
  }
  void add(rbm::VectorView<float> vector) { add(vector.data, vector.size); }
  void add(rbm::MatrixView<float> matrix) {
    CHECK(matrix.stride % rbm::vector_lanes == 0);
    CHECK(matrix.stride >= matrix.columns);
    add(matrix.data, matrix.rows * matrix.stride);
  }
  void add(rbm::PanelView<float> panels) {
    CHECK((panels.end - panels.begin) % rbm::vector_lanes == 0);
    add(panels.data, panels.size());
  }
  void add(rbm::UnitList list, std::size_t units, bool real) {
    add(list.units, units);
    CHECK((list.factors != nullptr) == real);
    if (real) add(list.factors, units);
  }
  void add(rbm::UnitLists lists, bool real) {
    add(lists.units, lists.rows * lists.capacity);
    add(lists.counts, lists.rows);
    CHECK((lists.factors != nullptr) == real);
    if (real) add(lists.factors, lists.rows * lists.capacity);
  }
  /// Nothing but gaps for alignment is left over.
  void check_little_left() const {
    std::size_t left = 0;
    for (int owner : owner_) left += owner == 0;
    CHECK(left < static_cast<std::size_t>(regions_) * alignment);
  }

 private:
  const unsigned char* memory_;
  std::vector<int> owner_;
  int regions_ = 0;
};

template <class Optimizer>
void check_trainer(rbm::TrainerShape shape) {
  std::vector<float> parameters(shape.visible * shape.hidden + shape.visible + shape.hidden);
  rbm::RbmView model{{parameters.data(), shape.hidden, shape.visible, shape.visible},
                     {parameters.data(), shape.visible},
                     {parameters.data(), shape.hidden}};
  const rbm::VisibleGroup groups[] = {{rbm::VisibleKind::binary, 0, shape.labels.begin},
                                      {rbm::VisibleKind::choice, shape.labels.begin, shape.labels.end}};
  const std::size_t labels = shape.labels.size(), blocks = labels > 0 ? 3 : 2;
  if (labels > 0) model.layer.groups = groups, model.layer.group_count = 2;
  const std::size_t bytes = rbm::trainer_bytes<Optimizer>(shape);
  fixture::Memory memory(bytes);
  rbm::Trainer<Optimizer> trainer(model, memory, shape);
  CHECK(trainer.bytes == bytes);

  Regions regions(memory.bytes(), bytes);
  regions.add(trainer.weights.transposed);
  regions.add(trainer.weights.hidden_bias);
  for (std::size_t s = 0; s < Optimizer::slot_count; ++s) {
    regions.add(trainer.weight_slots[s]);
    regions.add(trainer.visible_slots[s]);
    regions.add(trainer.hidden_slots[s]);
    CHECK(trainer.weight_slots[s].rows == shape.visible);
    CHECK(trainer.weight_slots[s].end == trainer.weights.transposed.end);
    CHECK(trainer.visible_slots[s].size == shape.visible);
    CHECK(trainer.hidden_slots[s].size == trainer.weights.hidden_bias.size);
  }
  const rbm::Phases& phases = trainer.phases;
  for (const rbm::UnitLists& lists : {phases.data, phases.model}) {
    regions.add(lists, shape.real);
    CHECK(lists.rows == shape.batch);
    CHECK(lists.capacity == shape.visible);
  }
  regions.add(phases.hidden, false);
  CHECK(phases.hidden.capacity == shape.hidden);
  regions.add(phases.hidden_probabilities);
  CHECK(phases.hidden_probabilities.rows == blocks * shape.batch);
  CHECK(phases.hidden_probabilities.columns == trainer.weights.transposed.end);
  CHECK(phases.batch() == shape.batch);
  CHECK(phases.data_hidden().rows == shape.batch);
  CHECK(phases.data_hidden().data == phases.hidden_probabilities.data);
  CHECK(phases.model_hidden().rows == shape.batch);
  CHECK(phases.model_hidden().data == phases.hidden_probabilities.row(shape.batch).data);
  regions.add(phases.model_visible);
  CHECK(phases.model_visible.rows == shape.batch);
  CHECK(phases.model_visible.columns == shape.visible);
  regions.add(phases.drawn_visible.words, rbm::granules(shape.visible) * shape.batch);
  regions.add(phases.drawn_hidden.words, rbm::granules(shape.hidden) * shape.batch);
  regions.add(phases.visible_loss);
  regions.add(phases.hidden_loss);
  CHECK(phases.hidden_loss.size == rbm::granules(shape.hidden));
  regions.add(phases.reconstruction);
  regions.add(phases.random, shape.batch);
  regions.add(phases.samples_on, shape.real);
  CHECK(phases.samples_on.rows == shape.visible);
  CHECK(phases.samples_on.capacity == blocks * shape.batch);
  regions.add(trainer.all_rows, 2 * shape.batch, false);
  if (labels > 0) {
    CHECK(phases.label_hidden().data == phases.hidden_probabilities.row(2 * shape.batch).data);
    regions.add(trainer.label_rows, shape.batch, false);
    const rbm::LabelGradient& gradient = phases.labels;
    regions.add(gradient.label, shape.batch);
    for (const rbm::MatrixView<float>& matrix :
         {gradient.probabilities, gradient.errors, gradient.errors_of, gradient.sigmoids})
      regions.add(matrix);
    CHECK(gradient.sigmoids.rows == labels * shape.batch);
    CHECK(gradient.sigmoids.columns == trainer.weights.transposed.end);
    for (const rbm::VectorView<float>& vector : {gradient.loss, gradient.wrong}) {
      regions.add(vector);
      CHECK(vector.size == shape.batch);
    }
    regions.add(gradient.numbers, labels > shape.batch ? labels : shape.batch, false);
  }
  const rbm::Centring& centring = trainer.centring;
  for (const rbm::VectorView<float>& vector : {centring.visible_offset, centring.visible_difference}) {
    regions.add(vector);
    CHECK(vector.size == shape.visible);
  }
  for (const rbm::VectorView<float>& vector :
       {centring.hidden_offset, centring.hidden_difference, trainer.activity}) {
    regions.add(vector);
    CHECK(vector.size == trainer.weights.transposed.end);
  }
  for (const rbm::VectorView<float>& vector : {centring.visible_factors, centring.hidden_factors}) {
    regions.add(vector);
    CHECK(vector.size == 2 * shape.batch);
  }
  regions.check_little_left();
}

}  // namespace

TEST_CASE("columns are padded to whole registers") {
  CHECK(rbm::padded(0) == 0);
  for (std::size_t columns : {1u, 2u, 7u, 8u, 15u, 16u, 17u, 500u}) {
    CHECK(rbm::padded(columns) >= columns);
    CHECK(rbm::padded(columns) < columns + rbm::vector_lanes);
    CHECK(rbm::padded(columns) % rbm::vector_lanes == 0);
  }
}

TEST_CASE("an arena hands out aligned arrays one after the other") {
  static rbm::Memory<4096> memory;
  rbm::Arena arena = memory;
  Regions regions(memory.bytes, sizeof memory.bytes);
  regions.add(arena.take<unsigned char>(3), 3);
  regions.add(arena.vector(5));
  regions.add(arena.matrix(3, 17));
  regions.add(arena.list(9), 9, false);
  regions.add(arena.list(9, true), 9, true);
  regions.add(arena.lists(3, 11, false), false);
  regions.add(arena.lists(3, 11, true), true);
  CHECK(arena.used <= sizeof memory.bytes);
}

TEST_CASE("measuring without storage gives what the same steps take with storage") {
  constexpr auto measured = [] {
    rbm::Arena arena;
    (void)arena.matrix(3, 17);
    (void)arena.lists(2, 5, true);
    return arena.used;
  }();
  static rbm::Memory<measured> memory;
  rbm::Arena arena = memory;
  (void)arena.matrix(3, 17);
  CHECK(arena.lists(2, 5, true).row(1).factors != nullptr);
  CHECK(arena.used == measured);
  CHECK(rbm::Arena{}.take<float>(5) == nullptr);
}

TEST_CASE("a chain's buffers are its own and fill its memory") {
  constexpr std::size_t visible = 101, hidden = 70;
  static rbm::Memory<rbm::chain_bytes({visible, hidden})> memory;
  rbm::Chain chain(memory, {visible, hidden});
  CHECK(chain.bytes == rbm::chain_bytes({visible, hidden}));
  CHECK(chain.visible.count == 0);
  CHECK(chain.visible_probability.size == visible);
  CHECK(chain.hidden_probability.size == hidden);
  Regions regions(memory.bytes, chain.bytes);
  regions.add(chain.visible, visible, false);
  regions.add(chain.hidden, hidden, false);
  regions.add(chain.visible_probability);
  regions.add(chain.hidden_probability);
  regions.check_little_left();
}

TEST_CASE("online learning's buffers are its own and fill its memory") {
  constexpr std::size_t visible = 101, hidden = 70;
  static rbm::Rbm<visible, hidden> model;
  for (bool real : {false, true}) {
    static rbm::Memory<rbm::online_bytes({visible, hidden, true})> memory;
    rbm::Online online(model, memory, {visible, hidden, real});
    CHECK(online.bytes == rbm::online_bytes({visible, hidden, real}));
    Regions regions(memory.bytes, online.bytes);
    regions.add(online.data, visible, real);
    regions.add(online.model, visible, real);
    regions.add(online.hidden, hidden, false);
    regions.add(online.data_hidden);
    regions.add(online.model_hidden);
    regions.add(online.model_visible);
    regions.check_little_left();
    CHECK(online.data_hidden.size == hidden);
    CHECK(online.model_hidden.size == hidden);
    CHECK(online.model_visible.size == visible);
  }
}

TEST_CASE("fixed-point learning's buffers are its own and fill its memory") {
  constexpr std::size_t visible = 101, hidden = 70;
  static rbm::FixedPointRbm<visible, hidden> model;
  static rbm::Memory<rbm::fixed_point_online_bytes({visible, hidden})> memory;
  rbm::FixedPointOnline online(model, memory, {visible, hidden});
  CHECK(online.bytes == rbm::fixed_point_online_bytes({visible, hidden}));
  Regions regions(memory.bytes, online.bytes);
  for (const rbm::UnitList& list : {online.data, online.model, online.both})
    regions.add(list, visible, false);
  regions.add(online.hidden, hidden, false);
  for (const auto& vector : {online.data_hidden, online.model_hidden}) {
    CHECK(vector.size == hidden);
    regions.add(vector.data, hidden);
  }
  CHECK(online.model_visible.size == visible);
  regions.add(online.model_visible.data, visible);
  regions.check_little_left();
}

TEST_CASE("a trainer's buffers are its own and fill its memory") {
  for (bool real : {false, true})
    for (std::size_t hidden : {1u, 16u, 70u}) {
      check_trainer<rbm::Sgd>({101, hidden, 37, real});
      check_trainer<rbm::Adam>({101, hidden, 37, real});
      for (const std::size_t bits : {50u, 98u})  // more labels than samples, and fewer
        check_trainer<rbm::Adam>({101, hidden, 37, real, 0, false, {bits, 101}});
    }
}
