// Uses every public name of the library, so that tests/packages/link_test.sh can hold what all of it needs
// from outside against a list. Functions here have external linkage and take what they work on: a compiler
// must keep them.

#include "rbm/pack.hpp"
#include "rbm/quantized.h"
#include "rbm/rbm.hpp"
#include "rbm/unpack.hpp"

static_assert(rbm::vector_lanes >= 1 && sizeof(RBM_VERSION) >= sizeof "0.0.0");

namespace proof {

constexpr size_t visible = 61, hidden = 44, batch = 10;
constexpr rbm::TrainerShape shape{visible, hidden, batch, true};
constexpr rbm::ModelShape model_shape = shape.model();
using Model = rbm::Rbm<visible, hidden>;
using TrainerMemory = rbm::Memory<rbm::trainer_bytes<rbm::Adam>(shape) + rbm::trainer_bytes<rbm::Sgd>(shape)>;
using SmallMemory =
    rbm::Memory<rbm::chain_bytes({visible, hidden}) + rbm::online_bytes({visible, hidden, true})>;

template <class Generator>
void draw(Generator generator, float* values, uint32_t* words, rbm::RbmView model) {
  words[0] = generator.next();
  words[1] = rbm::draw_below(words[0] | 1u, generator);
  values[0] = rbm::draw_normal(generator);
  rbm::initialize(model, generator);
}

void draw_numbers(uint64_t seed, float* values, uint32_t* words, rbm::RbmView model) {
  words[4] = static_cast<uint32_t>(rbm::SplitMix64{seed}.next());
  draw(rbm::Xorshift32{words[4]}, values, words, model);
  draw(rbm::Xorshift128{words[0], words[1], words[2], words[3]}, values, words, model);
  draw(rbm::Xoshiro128::seeded(seed), values, words, model);
  rbm::RandomStream stream = rbm::RandomStream::keyed(seed, words[0], words[1]);
  stream.next(words, rbm::RandomStream::lanes);
  words[0] = rbm::bernoulli(words[1], values[0]);
  rbm::draw_units(words, values, visible, stream);
}

void call_functions(float* x) {
  x[0] = rbm::from_bits(rbm::to_bits(x[0]) + 1);
  x[1] = rbm::absolute(x[1]);
  x[2] = rbm::positive_part(x[2]);
  x[3] = rbm::exp(x[3]);
  x[4] = rbm::log(x[4]);
  x[5] = rbm::sigmoid(x[5]);
  x[6] = rbm::softplus(x[6]);
  x[7] = rbm::square_root(x[7]);
  x[8] = rbm::arithmetic_is_exact() ? 1.0f : 0.0f;
}

size_t list_states(rbm::Bits<visible>& bits, rbm::Unit* units, const rbm::UnitLists& by_unit,
                   const rbm::UnitLists& by_sample) {
  static_assert(visible <= rbm::most_units && batch <= rbm::most_samples &&
                batch <= rbm::most_labelled_samples);
  static_assert(sizeof bits.words == 4 * rbm::words_for(visible));
  bits.set(3, !bits[4]);
  rbm::append_transposed(by_unit, by_sample, batch, 0, 0, visible);
  by_sample.write_row(0, [](rbm::UnitList& list) { list.add(5); });
  by_sample.assign(1, by_sample.row(0));
  rbm::Arena counting;
  rbm::PackedStates packed = counting.packed_states(1, visible);
  packed.words = bits.words;
  const rbm::Parts parts = rbm::Parts::of(packed, visible);
  const rbm::Share share{rbm::share_begin(parts.count, 0, 2), rbm::share_begin(parts.count, 1, 2)};
  if (share.units(visible) == rbm::Share{0, visible}) rbm::OneMemory<rbm::Serial>::exchange(parts);
  rbm::UnitList listed{units, nullptr, 0};
  rbm::list_state(listed, packed, 0, rbm::granule * rbm::granules(visible));
  return rbm::list_units_on(units, bits.words, visible) + rbm::units_below(by_unit.row(0), 3);
}

float multiply(rbm::Vector<visible>& out, rbm::Vector<hidden>& start, rbm::Matrix<hidden, visible>& a,
               rbm::Matrix<visible, hidden>& transposed, rbm::MatrixView<float> many,
               const rbm::UnitLists& states, rbm::ActiveUnits x) {
  rbm::multiply(start, start, a, x);
  rbm::multiply_transposed(out, out, a, x);
  rbm::multiply_transposed(many.part(0, batch).columns_from(0, visible), out, a, states, 0, batch);
  rbm::transpose(transposed, a, 0, hidden);
  return rbm::multiply_row(x.factor(0), a.values, x) + rbm::dot(out, x.part(0, 1)) + rbm::dot(out, out) +
         rbm::sum_values(x) + rbm::sum_terms(visible, [&](size_t n) { return out.values[n]; });
}

rbm::UnitLists take_memory(SmallMemory& memory, rbm::VectorView<float>& vector,
                           rbm::MatrixView<float>& matrix, rbm::UnitList& list) {
  rbm::Arena arena = memory;
  vector = arena.vector(visible);
  matrix = arena.matrix(3, rbm::padded(visible));
  list = arena.list(visible, true);
  vector[0] = arena.take<float>(1)[0] + matrix.row(2)[0];
  return arena.lists(batch, visible, true);
}

void sample(const Model& model, SmallMemory& memory, rbm::VectorView<float> intensity, rbm::UnitList& real,
            rbm::VisibleUnits kind, rbm::RandomStream& random) {
  rbm::Chain chain(memory, model_shape);
  rbm::set_visible(chain.visible, intensity, kind, random);
  rbm::gibbs_step(chain, model, random);
  const rbm::Clamped clamped{rbm::ActiveUnits(chain.visible).part(0, 1), {nullptr, nullptr, 0}};
  rbm::gibbs_step(chain, model, clamped, random);
  rbm::clamp(chain.visible_probability, clamped);
  rbm::hidden_probabilities(chain.hidden_probability, model, chain.visible);
  rbm::visible_probabilities(chain.visible_probability, model, chain.hidden);
  rbm::draw_units(chain.hidden, chain.hidden_probability, random);
  rbm::list_values(real, intensity);
  rbm::sigmoid(intensity);
  size_t visited = 0;
  rbm::sample_states(chain, model, 1, [&] { ++visited; });
  RBM_ASSERT(visited == rbm::sampled_states);
}

float judge(rbm::BasicRbmView<const float> model, rbm::VectorView<float> inputs,
            rbm::VectorView<float> scratch, rbm::ActiveUnits seen, rbm::ActiveUnits active) {
  return rbm::energy(model, seen, active) + rbm::free_energy(inputs, model, seen) +
         rbm::free_energy(model, seen, rbm::VectorView<const float>(inputs)) + rbm::sum_softplus(inputs) +
         rbm::free_energy_of_flip(scratch, model, inputs, 5, true) +
         rbm::log_conditional(scratch, model, inputs, 5, false) + rbm::squared_error(seen, scratch);
}

float change(rbm::VectorView<const float> inputs) {
  return rbm::softplus_change(inputs, 0.25f, 0.5f) + rbm::softplus_change(inputs, inputs, 0.25f, 0.5f);
}

constexpr size_t few = 9;
using SmallLayer = rbm::Rbm<visible, few>;
using JudgeMemory =
    rbm::Memory<rbm::enumeration_bytes({visible, few}) + rbm::annealing_bytes({visible, few, batch}) +
                rbm::partition_ratio_bytes({visible, few, batch})>;

float log_partition(const SmallLayer& model, JudgeMemory& memory) {
  static_assert(few <= rbm::most_enumerated_units);
  rbm::Enumeration enumeration(model, memory, {visible, few});
  rbm::enumerate(enumeration, 0, enumeration.parts);
  return rbm::log_partition(enumeration);
}

rbm::Estimate anneal(const SmallLayer& model, JudgeMemory& memory, rbm::VectorView<const float> means,
                     rbm::ActiveUnits seen, bool reverse) {
  constexpr rbm::AnnealingShape all{visible, few, batch};
  static_assert(all.model().is_valid());
  const rbm::AnnealingOptions options{1, 1000};
  rbm::Annealing annealing(model, memory, all, options);
  rbm::set_base(annealing, means, 100);
  if (!reverse) {
    rbm::start_forward(annealing, 0, batch);
    rbm::anneal_forward(annealing, 0, annealing.options.temperatures, 0, batch);
    rbm::Arena rest = memory;
    rest.take<unsigned char>(annealing.bytes);
    rbm::PartitionRatio ratio(annealing, model, rest, all);
    rbm::start(ratio, 1, 0, batch);
    rbm::anneal(ratio, 0, ratio.options.temperatures, 0, batch);
    const rbm::Estimate change = rbm::log_partition_change(ratio), lost = rbm::divergence(ratio);
    const bool same = rbm::same_units(annealing.weights.rbm.layer, ratio.target.rbm.layer);
    return {rbm::forward_log_partition(annealing).value + ratio.hidden_row(1, 0)[0], change.value,
            same ? lost.value : 0.0f};
  }
  for (size_t n = 0; n < batch; ++n) rbm::start_reverse(annealing, n, seen);
  rbm::anneal_reverse(annealing, 0, annealing.options.temperatures, 0, batch);
  const rbm::Estimate estimate = rbm::reverse_log_partition(annealing);
  return {estimate.value - rbm::base_log_partition(annealing), rbm::inverse_temperature(annealing, 1),
          annealing.hidden_row(0)[0]};
}

float add_up(rbm::VectorView<const float> terms) {
  rbm::Sum sum;
  rbm::LogSum all, part;
  for (size_t n = 0; n < terms.size; ++n) sum.add(terms[n]);
  for (size_t n = 0; n < terms.size; ++n) part.add(terms[n], 2.0f);
  all.add(part);
  return sum.value() + all.value();
}

/// Begins a model, and leaves the mean of it and another.
float begin(rbm::RbmView model, rbm::ConstRbmView other, rbm::VectorView<float> hidden_inputs,
            rbm::ActiveUnits seen, uint64_t count) {
  model.visible_bias[0] = rbm::bias_for_mean(hidden_inputs[0]);
  rbm::add_to_mean(model, other, count);
  rbm::flip_hidden(model, 0);
  return rbm::sum_softplus_and_sigmoid({hidden_inputs.data, 1, hidden_inputs.size, hidden_inputs.size}) +
         rbm::free_energy(model, seen, hidden_inputs);
}

/// What a pool of threads does, in two turns.
struct Halves : rbm::OneMemory<Halves> {
  template <class Body>
  void operator()(size_t count, const Body& body) const {
    body(size_t{0}, count / 2);
    body(count / 2, count);
  }
  template <class Body>
  void operator()(size_t count, size_t other, const Body& body) const {
    body(size_t{0}, count / 2, size_t{0}, other / 2);
    body(count / 2, count, other / 2, other);
  }
};

/// One of several memories, which does the work of all.
struct OneOfSeveral {
  static constexpr bool is_one_memory = false;
  static rbm::Share here(size_t count) { return {0, count}; }

  template <class Body>
  void operator()(size_t count, const Body& body) const {
    body(size_t{0}, count);
  }
  template <class Body>
  void in_each_memory(size_t count, const Body& body) const {
    body(size_t{0}, count);
  }
  template <class Body>
  void in_each_memory(size_t count, size_t other, const Body& body) const {
    body(size_t{0}, count, size_t{0}, other);
  }
  template <class... More>
  static void exchange(const More&...) {}
};

template <class Optimizer>
float train_with(Model& model, TrainerMemory& memory, Optimizer optimizer, const rbm::TrainOptions& options,
                 rbm::MatrixView<const float> intensities) {
  rbm::Trainer<Optimizer> trainer(model, memory, shape, options, optimizer);
  const rbm::TwoWayWeights& weights = trainer.weights;
  weights.load();
  Halves halves;
  rbm::start_chains(trainer.phases);
  rbm::contrastive_divergence(trainer.phases, weights, intensities, options, trainer.step, halves);
  rbm::start_centring(trainer.centring, weights.rbm);
  rbm::pull_to_sparsity(trainer.phases, trainer.activity, options, batch, 0, hidden);
  rbm::centre(trainer.centring, trainer.phases, trainer.phases.samples_on, trainer.all_rows, options.centring,
              1.0f, halves);
  trainer.optimizer.begin_step(trainer.counters);
  const rbm::BatchReport serial = rbm::train(trainer, intensities, rbm::Serial{});
  const rbm::BatchReport split = rbm::train(trainer, intensities, Halves{});
  (void)rbm::train(trainer, intensities, OneOfSeveral{});
  trainer.begin(OneOfSeveral{});
  return serial.loss + split.reconstruction;
}

float train(Model& model, TrainerMemory& memory, const rbm::TrainOptions& options,
            rbm::MatrixView<const float> intensities) {
  return train_with(model, memory, rbm::Sgd{}, options, intensities) +
         train_with(model, memory, rbm::Adam{}, options, intensities);
}

rbm::Phases take_phases(rbm::Arena& arena, float& sum) {
  const rbm::Phases phases(arena, shape);
  sum = phases.data_hidden().row(phases.batch() - 1)[0] + phases.model_hidden().row(0)[0];
  rbm::hidden_inputs(phases.hidden_probabilities, rbm::TwoWayWeights({}, arena, shape.model()), phases.data,
                     0, batch);
  return phases;
}

rbm::Centring take_centring(rbm::Arena& arena) {
  return rbm::Centring(arena, shape);
}

float update(const rbm::Sgd& sgd, const rbm::Adam& adam, rbm::Adam::Counters& counters, float gradient,
             float (&sgd_slots)[rbm::Sgd::slot_count], float (&adam_slots)[rbm::Adam::slot_count]) {
  adam.begin_step(counters);
  return sgd.update({}, 0.5f, gradient, sgd_slots, sgd.weight_decay) +
         adam.update(counters, 0.5f, gradient, adam_slots, adam.weight_decay);
}

float learn(Model& model, SmallMemory& memory, bool real, rbm::VectorView<const float> intensities) {
  const rbm::OnlineShape all{visible, hidden, real};
  RBM_ASSERT(rbm::ConstRbmView(model).has_shape(all.model()));
  rbm::Online online(model, memory, all, rbm::OnlineOptions{});
  return rbm::learn(online, intensities);
}

using FixedPointModel = rbm::FixedPointRbm<visible, hidden>;
using FixedPointMemory = rbm::Memory<rbm::fixed_point_online_bytes({visible, hidden})>;

int32_t learn(FixedPointModel& model, FixedPointMemory& memory, rbm::VectorView<const uint8_t> intensities,
              rbm::Xoshiro128& random) {
  rbm::initialize(model, random);
  rbm::FixedPointOnline online(model, memory, {visible, hidden}, rbm::FixedPointOnlineOptions{});
  return rbm::learn(online, intensities);
}

int32_t reconstruct(const FixedPointModel& model, rbm::VectorView<const uint8_t> intensities,
                    rbm::VectorView<rbm::Probability> seen, rbm::VectorView<rbm::Probability> answers,
                    rbm::UnitList& list, rbm::Xoshiro128& random) {
  rbm::set_visible(list, intensities, rbm::VisibleUnits::sampled, random);
  rbm::hidden_probabilities(answers, model, list);
  const int32_t energy = rbm::free_energy(answers, model, list);
  rbm::draw_units(list, answers, random);
  rbm::visible_probabilities(seen, model, list);
  return energy + rbm::fixed_point_sigmoid(energy);
}

void convert(rbm::ConstRbmView from, rbm::FixedPointRbmView integers, rbm::RbmView to) {
  static_assert(rbm::largest_parameter >> rbm::parameter_fraction == 15 && sizeof(rbm::Parameter) == 2);
  rbm::convert(integers, from);
  rbm::convert(to, rbm::ConstFixedPointRbmView(integers));
}

using FixedPointRealModel = rbm::FixedPointRealRbm<visible, hidden>;
using FixedPointRealMemory = rbm::Memory<rbm::fixed_point_real_online_bytes({visible, hidden})>;

int32_t learn(FixedPointRealModel& model, FixedPointRealMemory& memory,
              rbm::VectorView<const int16_t> readings) {
  const rbm::FixedPointRealRbmView view = model;
  static_assert(visible <= rbm::most_real_units && rbm::least_scale < rbm::largest_scale);
  rbm::FixedPointRealOnline online(view, memory, {view.visible(), view.hidden()},
                                   rbm::FixedPointRealOnlineOptions{});
  rbm::initialize(view, 2, online.random);
  return rbm::learn(online, readings);
}

bool follow(rbm::RunningQuantile& quantile, int32_t x) {
  return rbm::follow(quantile, x, rbm::QuantileOptions{});
}

struct Flash {
  uint32_t* words;

  void erase(unsigned slot) { words[slot * rbm::saved_detector_words({visible, hidden})] = UINT32_MAX; }
  void write(unsigned slot, size_t word, uint32_t value) {
    words[slot * rbm::saved_detector_words({visible, hidden}) + word] = value;
  }
  uint32_t read(unsigned slot, size_t word) const {
    return words[slot * rbm::saved_detector_words({visible, hidden}) + word];
  }
};

unsigned watch(FixedPointRealModel& model, FixedPointRealMemory& memory,
               rbm::VectorView<const int16_t> readings, Flash& flash) {
  rbm::FixedPointDetector detector(model, memory, {visible, hidden}, {655, 1, 1000, 1},
                                   rbm::FixedPointDetectorOptions{});
  if (!rbm::restore(flash, detector)) rbm::restore(flash, detector.online);
  const unsigned status = rbm::watch(detector, readings, rbm::readings_missing | rbm::readings_saturated);
  if (status &
      (rbm::readings_out_of_range | rbm::readings_wrapped | rbm::readings_stuck | rbm::readings_flat |
       rbm::faulty_readings | rbm::window_learned | rbm::detector_learning | rbm::window_odd))
    rbm::save(flash, detector.online);
  if (status & rbm::world_changed) rbm::learn_anew(detector);
  unsigned parts = 0;
  rbm::for_each_saved(detector, [&](auto) { ++parts; });
  rbm::save(flash, detector);
  return parts + static_cast<unsigned>(detector.limit());
}

int32_t reconstruct(const FixedPointRealModel& model, rbm::VectorView<int16_t> readings,
                    rbm::VectorView<rbm::RealState> x, rbm::VectorView<rbm::Probability> answers,
                    rbm::UnitList& list, rbm::Xoshiro128& random) {
  static_assert(rbm::largest_state >> rbm::state_fraction == 32 && rbm::reading_fraction == 16);
  rbm::set_visible(x, model, rbm::VectorView<const int16_t>(readings));
  rbm::hidden_probabilities(answers, model, rbm::VectorView<const rbm::RealState>(x));
  const int32_t energy = rbm::free_energy(answers, model, rbm::VectorView<const rbm::RealState>(x));
  rbm::draw_units(list, answers, random);
  rbm::visible_means(x, model, list);
  rbm::draw_visible(x, random);
  rbm::to_readings(readings, model, x);
  return energy;
}

void convert(rbm::ConstRbmView from, rbm::FixedPointRealRbmView integers, rbm::RbmView to) {
  static_assert(sizeof(rbm::BasicFixedPointRealRbmView<rbm::Parameter, int32_t>) == sizeof integers);
  rbm::convert(integers, from, 0.005f);
  rbm::convert(to, rbm::ConstFixedPointRealRbmView(integers), 0.005f);
}

constexpr rbm::Choice labels{1, 11};
constexpr rbm::ChoiceShape choice_shape{visible, hidden, labels};
static_assert(choice_shape.model().is_valid() && labels.size() == 10);

float choose(Model& model, rbm::Memory<rbm::choice_online_bytes<float>(choice_shape)>& memory,
             rbm::VectorView<rbm::ChoiceScore<float>> probability,
             rbm::VectorView<rbm::ChoiceInput<float>> inputs, rbm::ActiveUnits rest, size_t label) {
  rbm::ChoiceOnline online(model, memory, choice_shape, rbm::ChoiceStep<float>{0.1f});
  rbm::choice_probabilities(probability, inputs, model, labels, rest);
  online.step.to_listed(online.rbm.visible_bias.data, rest, 0.5f);
  return rbm::choice_surprise(probability, inputs, model, labels, rest, label) + rbm::softmax(probability) +
         rbm::learn(online, rest, label);
}

int32_t choose(FixedPointModel& model,
               rbm::Memory<rbm::choice_online_bytes<rbm::Parameter>(choice_shape)>& memory,
               rbm::VectorView<int32_t> probability, rbm::VectorView<int32_t> inputs, rbm::ActiveUnits rest,
               size_t label) {
  static_assert(sizeof(rbm::BasicChoiceOnline<rbm::Parameter>) == sizeof(rbm::FixedPointChoiceOnline));
  rbm::FixedPointChoiceOnline online(model, memory, choice_shape);
  rbm::choice_probabilities(probability, inputs, model, labels, rest);
  online.step.to_listed(online.rbm.visible_bias.data, rest, online.step.steps(1));
  return rbm::choice_surprise(probability, inputs, model, labels, rest, label) + rbm::softmax(probability) +
         rbm::learn(online, rest, label);
}

int32_t choose(FixedPointModel& model,
               rbm::Memory<rbm::choice_online_bytes<rbm::Parameter>(choice_shape)>& memory,
               rbm::VectorView<int32_t> probability, rbm::VectorView<int32_t> inputs,
               rbm::VectorView<const rbm::RealState> rest, size_t label) {
  rbm::FixedPointChoiceOnline online(model, memory, choice_shape);
  rbm::choice_probabilities(probability, inputs, model, labels, rest);
  online.step.to_listed(online.rbm.visible_bias.data, rest, online.step.steps(1));
  return rbm::choice_surprise(probability, inputs, model, labels, rest, label) +
         rbm::learn(online, rest, label);
}

void unpack(rbm::FixedPointRealRbm<visible, hidden>& model, const rbm_classifier& of_bits,
            const rbm_real_classifier& of_readings) {
  rbm::unpack(model.rbm, of_bits.base);
  rbm::unpack(model.rbm, of_bits);
  rbm::unpack(model, of_readings.base);
  rbm::unpack(model, of_readings);
}

/// Weights in panels, and what one of several memories keeps of them.
float use_panels(rbm::Arena& arena, const rbm::TwoWayWeights& weights, rbm::VectorView<float> row) {
  const rbm::OwnUnits own{true, {0, hidden / 2}, {0, visible}};
  const rbm::PanelView<float> panels = arena.panels(2, 0, rbm::panel_width + 1);
  panels.clear(0, panels.end);
  panels.set_row(0, row);
  panels.copy_row(1, row);
  panels.for_each_panel(
      0, row.size, [&](const rbm::MatrixView<float>& part, size_t first) { row[first] += part.row(1)[0]; });
  rbm::add_unit(row, weights, weights.first_label() - 1);
  const rbm::Share units = own.own_hidden(hidden).within(own.own_visible(visible));
  return panels.at(0, 0) + rbm::columns_of(weights.rbm, weights, units).row(0)[units.size() - 1];
}

/// What training, inference and the visible layer do with labels.
float label(const rbm::TwoWayWeights& weights, rbm::LabelGradient& gradient, rbm::Choice last,
            rbm::VectorView<float> probability, rbm::VectorView<float> scratch,
            rbm::VectorView<const float> inputs, rbm::ActiveUnits rest, rbm::RandomStream& random) {
  const float sum = rbm::label_probabilities(probability, scratch, weights, last, inputs);
  rbm::hidden_probabilities_of_all(scratch, weights, last, probability, inputs);
  const size_t drawn = rbm::draw_choice(probability, random) + gradient.loss.size;
  return rbm::free_energy_of_all(weights.rbm, rest, sum) + rbm::log_sum_exp(probability) +
         rbm::generative_share(gradient, {}) + static_cast<float>(drawn) +
         (rbm::ends_with(weights.rbm.layer, last) ||
                  rbm::kind_of(weights.rbm.layer, last.begin) == rbm::VisibleKind::choice
              ? 1.0f
              : 0.0f);
}

rbm::BatchReport train(rbm::RbmView model, rbm::Arena memory, rbm::VectorView<float> row) {
  rbm::TrainerShape of_labels{visible, hidden, 1};
  of_labels.labels = labels;
  rbm::TrainOptions options;
  options.label_weight = of_labels.row_blocks() == 3 ? 0.5f : 0.0f;
  rbm::Trainer<rbm::Sgd> trainer(model, memory, of_labels, options);
  trainer.phases.label_hidden().row(0)[0] = 0.0f;
  trainer.phases.data.add(0, labels.begin);
  RBM_ASSERT(trainer.phases.labels.is_on());
  return rbm::train(trainer, {row.data, 1, row.size, row.size});
}

/// Oddness of a reading whose score is that of its level.
template <class Reading>
uint32_t watch(rbm::Alarm<Reading>& alarm, rbm::ReadingLevels<Reading>& levels, Reading reading) {
  const rbm::AlarmOptions& options = alarm.options;
  rbm::ReadingSpan<Reading> span = levels.span;
  span.take_in(reading, false);
  rbm::follow(levels, reading);
  const auto score = static_cast<uint32_t>(rbm::level(levels, reading, 64)) << 10;
  const uint32_t surprise =
      rbm::fixed_point_log(score + 1) + rbm::fixed_point_exp_of_minus(score) + (span.size() > 0);
  const uint32_t mean = rbm::RunningMean{}.add(surprise, options.mean);
  const size_t bin = rbm::RunningTail::bin(static_cast<int32_t>(rbm::RunningTail{}.add(0, options.tail)));
  return rbm::follow(alarm, mean + static_cast<uint32_t>(bin), reading);
}
uint32_t watch(rbm::Alarm<int16_t>& alarm, rbm::ReadingLevels<int16_t>& levels, int16_t reading) {
  return watch<int16_t>(alarm, levels, reading);
}
uint32_t watch(rbm::Alarm<float>& alarm, rbm::ReadingLevels<float>& levels, float reading) {
  return watch<float>(alarm, levels, reading);
}

float quantize(rbm::QuantizedModelView& out, rbm::RbmView model, rbm::VectorView<float> visible_means,
               rbm::VectorView<float> hidden_means, rbm::Chain& chain) {
  static_assert(rbm::zero_point(8) == 128 && rbm::least_fraction <= rbm::most_fraction &&
                rbm::most_shift_span <= rbm::most_chosen_shift);
  const rbm::Means means = rbm::sample_means(visible_means, hidden_means, chain, model, 1);
  rbm::quantize(out, model, means);
  rbm::choose_scales(out, model);
  rbm::round_parameters(out, model, means);
  rbm::dequantize(model, out);
  return static_cast<float>(rbm::weight_in_steps(out, 0, 0)) +
         rbm::Levels(8).nearest(model.weights.data[0]) * rbm::scale_in_nats(0, out.fraction);
}

float use_readings(rbm::RealRbm<visible, hidden, 2>& real, rbm::UnitList& list, rbm::VectorView<float> values,
                   rbm::ScaleLearning& scales, rbm::Phases& phases, const rbm::UnitLists& samples_on,
                   const rbm::TwoWayWeights& weights, rbm::RandomStream& random) {
  const rbm::RbmView model = real;
  const rbm::VisibleLayer& layer = model.layer;
  const rbm::ConstVisibleLayer read = layer;
  static_assert(sizeof(rbm::BasicVisibleLayer<const float>) == sizeof read && rbm::farthest_value > 0.0f);
  rbm::Serial serial;
  serial.in_each_memory(visible, [&](size_t begin, size_t end) { values[begin] = values[end - 1]; });
  float sum = layer.has_real() ? rbm::factor_variance(read, layer.factors() - 1) : rbm::normal_deviate(1);
  rbm::for_each_group(layer, visible, [&](const rbm::VisibleGroup& group) {
    if (group.kind == rbm::VisibleKind::real) sum += static_cast<float>(group.end);
  });
  rbm::for_each_normal(visible, random, [&](size_t j, float deviate) { values[j] = deviate; });
  rbm::list_readings(list, values, read);
  rbm::list_means(list, values, read);
  rbm::states_from_values(list, read);
  rbm::values_from_states(values, read, list);
  rbm::readings_from_values(values, read);
  rbm::visible_inputs(values, model, list);
  values[0] += rbm::value_of_reading(read, 0, sum) + rbm::visible_quadratic(read, list) +
               rbm::visible_log_partition(read, values) + rbm::log_volume(read);
  rbm::start_scales(scales, model, 0.1f);
  if (scales.is_on()) rbm::set_scale_gradient(scales, phases, weights, samples_on, 1, serial);
  rbm::move_scales(scales, model, weights, {});
  rbm::orthogonalize(layer.loadings, {});
  return sum;
}

rbm_quantized pack(rbm::VectorView<uint32_t> words, const rbm::QuantizedModelView& model) {
  static_assert(rbm::packed_words(visible, hidden, 4) == 8 * hidden);
  return rbm::pack(words, model);
}

rbm_real pack(rbm::VectorView<uint32_t> words, rbm::VectorView<uint32_t> loadings,
              rbm::QuantizedModelView& model, rbm::RbmView floats) {
  const rbm::QuantizedLayerView& layer = model.layer;
  if (layer.is_real(0)) words[0] = rbm::FactorGains(1, 1).gain;
  static_assert(rbm::packed_loading_words(visible, 2) > 0 && rbm::most_state_for(visible) > 0 &&
                rbm::least_state_fraction < rbm::most_state_fraction && rbm::least_state_limit > 0);
  rbm::round_layer(model.layer, floats);
  rbm::dequantize(floats.layer, model.layer, visible);
  floats.layer.offset[0] = rbm::quantized_offset(model.layer, 0) + rbm::quantized_scale(model.layer, 0) +
                           rbm::state_step(model.layer.scales[0]) +
                           static_cast<float>(rbm::level_fraction(model.layer, 0));
  return rbm::pack(words, loadings, model);
}

void pack_labels(rbm_classifier& of_bits, rbm_real_classifier& of_readings,
                 const rbm::QuantizedModelView& model) {
  of_bits = rbm::with_labels(of_bits.base, model);
  of_readings = rbm::with_labels(of_readings.base, model);
}

void run_quantized(const rbm_real& model, rbm_random& random, int16_t* readings, const int8_t* bytes,
                   uint8_t* state, uint32_t* scratch) {
  static_assert(RBM_REAL_FORMAT > 0 && RBM_REAL_SCRATCH_WORDS(visible, hidden, 2) > 0 &&
                RBM_MOST_FACTORS == rbm::most_factors);
  readings[0] =
      static_cast<int16_t>(rbm_real_checksum(&model) + static_cast<uint32_t>(rbm_draw_normal(&random)));
  rbm_real_reconstruct(&model, rbm_from_int8(bytes), RBM_THRESHOLD, nullptr, readings, scratch);
  rbm_real_reconstruct(&model, rbm_from_int16(readings), RBM_SAMPLE, &random, readings, scratch);
  rbm_real_reconstruct(&model, rbm_from_int16(readings), RBM_MEAN, nullptr, readings, scratch);
  rbm_real_features(&model, rbm_from_int16(readings), state, scratch);
  rbm_real_gibbs_step(&model, readings, state, &random, scratch);
  rbm_real_fill(&model, readings, state, 4, &random, scratch);
  readings[0] = static_cast<int16_t>(rbm_real_free_energy(&model, rbm_from_int16(readings), scratch));
}

unsigned run_stream(const rbm_detector& detector, rbm_stream& stream, rbm_random& random, int16_t* readings,
                    uint32_t* memory, uint32_t* scratch) {
  static_assert(RBM_DETECTOR_FORMAT > 0 && RBM_STREAM_WORDS(2, 8, 2, RBM_DETREND_START, 1, hidden, 2) > 0 &&
                RBM_FILL_WORDS(visible, hidden, 2) > 0 && RBM_LONGEST_WINDOW > RBM_MOST_VOTES);
  rbm_stream_start(&stream, &detector, memory);
  if (rbm_stream_ready(&stream) == 0) readings[0] = RBM_MISSING;
  rbm_stream_push(&stream, readings);
  rbm_fill(&stream, 4, &random, readings, scratch);
  rbm_detrend(RBM_DETREND_TREND, readings, 8, readings);
  rbm_retrend(RBM_DETREND_LEVEL, readings, 8, readings + 8);
  return static_cast<unsigned>(rbm_score(&stream) + rbm_is_odd(&stream)) + rbm_stream_status(&stream);
}

size_t run_labels(const rbm_classifier& of_bits, const rbm_real_classifier& of_readings, rbm_stream& stream,
                  rbm_random& random, int32_t* scores, uint8_t* state, int16_t* readings, uint32_t* scratch) {
  static_assert(RBM_LABELS_FORMAT > 0 && RBM_LABEL_SCRATCH_WORDS(visible, hidden) > 0 &&
                RBM_REAL_LABEL_SCRATCH_WORDS(visible, hidden, 2) > 0);
  const size_t count = of_bits.labels.count;
  scores[0] =
      static_cast<int32_t>(rbm_classifier_checksum(&of_bits) - rbm_real_classifier_checksum(&of_readings));
  size_t label = rbm_classify(&of_bits, rbm_from_bits(state), scores, scratch);
  const rbm_quantized given = rbm_given_label(&of_bits, label);
  rbm_gibbs_step(&given, state, nullptr, &random, scratch);
  label += rbm_real_classify(&of_readings, rbm_from_int16(readings), scores, scratch);
  const rbm_real given_of_readings = rbm_real_given_label(&of_readings, label);
  rbm_real_gibbs_step(&given_of_readings, readings, nullptr, &random, scratch);
  label += rbm_stream_classify(&stream, &of_readings, scores, scratch);
  label += rbm_label_probability(&given, scores, count, 0) + rbm_draw_label(&given, scores, count, &random);
  return label + static_cast<size_t>(rbm_label_free_energy(&given, scores, count));
}

void run_quantized(const rbm_quantized& model, rbm_random& random, uint8_t* state, uint8_t* bytes,
                   uint32_t* scratch) {
  static_assert(RBM_STATE_BYTES(visible) > 0 && RBM_SCRATCH_WORDS(visible, hidden) > 0 &&
                RBM_QUANTIZED_FORMAT > 0);
  const rbm_input on_off = rbm_from_bits(state), grey = rbm_from_bytes(bytes);
  rbm_random_seed(&random, rbm_checksum(&model) + rbm_shared_checksum() + RBM_SHARED_CHECKSUM);
  rbm_pack(bytes, visible, 128, state);
  rbm_set_unit(state, 0, rbm_get_unit(state, rbm_random_next(&random) % visible));
  rbm_set_unit(state, 1,
               rbm_draw(&model, rbm_probability(&model, static_cast<int32_t>(scratch[0])), &random));
  rbm_reconstruct(&model, on_off, RBM_THRESHOLD, nullptr, bytes, scratch);
  rbm_reconstruct(&model, on_off, RBM_SAMPLE, &random, bytes, scratch);
  rbm_reconstruct(&model, grey, RBM_MEAN, nullptr, bytes, scratch);
  rbm_features(&model, on_off, bytes, scratch);
  rbm_gibbs_step(&model, state, bytes, &random, scratch);
  bytes[0] = static_cast<uint8_t>(rbm_free_energy(&model, on_off, scratch));
}

}  // namespace proof
