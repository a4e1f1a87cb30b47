// Does everything that promises the same bits everywhere and prints a hash of each stage, to be compared with
// golden.txt. Freestanding, so that it runs on a board as on a desktop; tests/boards/golden_test.sh runs it
// on both.

#include "rbm/pack.hpp"
#include "rbm/quantized.h"
#include "rbm/rbm.hpp"
#include "tests/boards/golden_hash.hpp"
#include "tests/boards/golden_label_learning.hpp"
#include "tests/boards/golden_labels.hpp"
#include "tests/boards/golden_real_integers.hpp"
#include "tests/boards/golden_small.hpp"

namespace {

// No size is a multiple of a vector register, so that every kind of rest is met.
constexpr size_t visible = 61, hidden = 45, batch = 10, samples = 37;
constexpr rbm::TrainerShape binary{visible, hidden, batch, false}, real{visible, hidden, batch, true};

rbm::Rbm<visible, hidden> model;
rbm::Memory<rbm::trainer_bytes<rbm::Adam>(real)> memory;
rbm::Matrix<samples, visible> intensities;

rbm::VectorView<const float> sample(size_t n) {
  return rbm::MatrixView<const float>(intensities).row(n % samples);
}

/// Four random pictures under noise; a third of the values is exactly 0 or 1.
void make_intensities() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(7);
  rbm::Bits<visible> pictures[4];
  for (rbm::Bits<visible>& picture : pictures)
    for (size_t j = 0; j < visible; ++j) picture.set(j, random.next() >> 31);
  for (size_t n = 0; n < samples; ++n)
    for (size_t j = 0; j < visible; ++j) {
      const uint32_t draw = random.next();
      const float noise = draw % 3 == 0 ? 0.0f : 0.4f * static_cast<float>(draw >> 8) * 0x1p-24f;
      intensities.values[n * visible + j] = pictures[n % 4][j] ? 1.0f - noise : noise;
    }
}

void draw_numbers() {
  Hash hash;
  rbm::Xorshift32 xorshift32{2463534242u};
  rbm::Xorshift128 xorshift128{123456789u, 362436069u, 521288629u, 88675123u};
  rbm::Xoshiro128 xoshiro128 = rbm::Xoshiro128::seeded(1);
  for (uint32_t n = 1; n <= 200; ++n) {
    hash.add(xorshift32.next());
    hash.add(xorshift128.next());
    hash.add(xoshiro128.next());
    hash.add(rbm::draw_below(1000 * n, xoshiro128));
    hash.add(rbm::draw_normal(xoshiro128));
  }
  rbm::RandomStream stream = rbm::RandomStream::keyed(1, 2, 3);
  uint32_t bits[rbm::words_for(visible)];
  for (size_t n = 0; n < samples; ++n) {
    rbm::draw_units(bits, sample(n).data, visible, stream);
    hash.add_integers(bits, rbm::words_for(visible));
  }
  report("random", hash);
}

/// Wide enough for the widest block of every machine, and a rest.
void multiply_wide() {
  constexpr size_t rows = 23, columns = 157;
  static rbm::Matrix<rows, columns> a;
  static rbm::Matrix<columns, rows> transposed;
  rbm::Vector<columns> start, out;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(3);
  for (float& x : a.values) x = rbm::draw_normal(random);
  for (float& x : start.values) x = rbm::draw_normal(random);
  rbm::transpose(transposed, a, 0, rows);
  rbm::Unit units[rows];
  float factors[rows];
  size_t count = 0;
  for (size_t i = 0; i < rows; ++i)
    if (random.next() >> 31) {
      units[count] = static_cast<rbm::Unit>(i);
      factors[count++] = rbm::draw_normal(random);
    }
  Hash hash;
  const rbm::ActiveUnits states[] = {{units, nullptr, count}, {units, factors, count}};
  for (const rbm::ActiveUnits x : states) {
    rbm::multiply_transposed(out, start, a, x);
    hash.add(out);
    rbm::multiply(out, start, transposed, x);
    hash.add(out);
  }
  report("products", hash);
}

void initialize_model() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(11);
  rbm::initialize(model, 0.1f, random);
}

rbm::VectorView<const float> without_padding(rbm::VectorView<float> hidden_columns) {
  return {hidden_columns.data, hidden};
}

template <class Optimizer>
void train(const char* stage, Optimizer optimizer, rbm::TrainerShape shape, rbm::TrainOptions options) {
  initialize_model();
  rbm::Trainer<Optimizer> trainer(model, memory, shape, options, optimizer);
  Hash hash;
  for (int epoch = 0; epoch < 6; ++epoch)
    for (size_t first = 0; first < samples; first += batch) {
      const size_t size = samples - first < batch ? samples - first : batch;
      const rbm::BatchReport result = rbm::train(trainer, {sample(first).data, size, visible, visible});
      hash.add(result.loss);
      hash.add(result.reconstruction);
    }
  hash.add(model);
  for (size_t slot = 0; slot < Optimizer::slot_count; ++slot) {
    rbm::Vector<hidden> row;
    for (size_t j = 0; j < visible; ++j) {
      trainer.weight_slots[slot].copy_row(j, row);
      hash.add(row);
    }
    hash.add(trainer.visible_slots[slot]);
    hash.add(without_padding(trainer.hidden_slots[slot]));
  }
  report(stage, hash);
}

/// Estimates of the gradient besides the plain one.
void train_in_all_ways() {
  rbm::TrainOptions options{5, rbm::VisibleUnits::sampled, 2};
  options.persistent = true;
  train("persistent", rbm::Adam{}, binary, options);
  options.persistent = false;
  options.centring = 0.05f;
  options.sparsity_cost = 0.1f;
  options.sparsity_target = 0.2f;
  train("centred", rbm::Sgd{0.1f, 0.5f, 0.001f}, binary, options);
  options.mean_reconstructions = true;
  options.centring = options.sparsity_cost = 0.0f;
  train("means", rbm::Adam{}, real, options);
}

void average_models() {
  static rbm::Rbm<visible, hidden> mean;
  initialize_model();
  for (size_t j = 0; j < visible; ++j) {
    float sum = 0.0f;
    for (size_t n = 0; n < samples; ++n) sum += sample(n)[j];
    model.visible_bias.values[j] = rbm::bias_for_mean(sum / static_cast<float>(samples));
  }
  rbm::Trainer<rbm::Sgd> trainer(model, memory, binary);
  for (size_t step = 1; step <= 9; ++step) {
    (void)rbm::train(trainer, {sample(3 * step).data, batch, visible, visible});
    rbm::add_to_mean(mean, model, step);
  }
  Hash hash;
  hash.add(mean);
  report("averaged", hash);
}

void learn_online(const char* stage, rbm::VisibleUnits kind) {
  initialize_model();
  rbm::OnlineOptions options;
  options.visible_units = kind;
  options.gibbs_steps = 2;
  rbm::Online online(model, memory, {visible, hidden, kind == rbm::VisibleUnits::means}, options);
  Hash hash;
  for (size_t n = 0; n < 3 * samples; ++n) hash.add(rbm::learn(online, sample(n)));
  hash.add(model);
  report(stage, hash);
}

void learn_in_fixed_point() {
  static rbm::FixedPointRbm<visible, hidden> integers;
  rbm::FixedPointOnlineOptions options;
  options.gibbs_steps = 2;
  rbm::FixedPointOnline online(integers, memory, {visible, hidden}, options);
  rbm::initialize(integers, 6554, online.random);
  Hash hash;
  for (size_t n = 0; n < 3 * samples; ++n) {
    uint8_t bytes[visible];
    for (size_t j = 0; j < visible; ++j) bytes[j] = static_cast<uint8_t>(255.0f * sample(n)[j]);
    online.options.visible_units = n % 5 == 0 ? rbm::VisibleUnits::thresholded : rbm::VisibleUnits::sampled;
    hash.add(static_cast<uint32_t>(rbm::learn(online, {bytes, visible})));
  }
  rbm::convert(model, integers);
  hash.add(model);
  rbm::convert(integers, model);
  hash.add_integers(integers.weights, hidden * visible);
  report("online-integer", hash);
}

void walk_chain() {
  rbm::Chain chain(memory, {visible, hidden});
  rbm::RandomStream random = rbm::RandomStream::keyed(5);
  rbm::set_visible(chain.visible, sample(0), rbm::VisibleUnits::thresholded, random);
  Hash hash;
  for (int step = 0; step < 50; ++step) {
    rbm::gibbs_step(chain, model, random);
    hash.add(chain.hidden_probability);
    hash.add(chain.hidden);
    hash.add(chain.visible_probability);
    hash.add(chain.visible);
  }
  report("chain", hash);
}

void judge() {
  rbm::Chain chain(memory, {visible, hidden});
  rbm::RandomStream random = rbm::RandomStream::keyed(6);
  rbm::Vector<hidden> inputs, scratch;
  Hash hash;
  for (size_t n = 0; n < samples; ++n) {
    rbm::set_visible(chain.visible, sample(n), rbm::VisibleUnits::sampled, random);
    hash.add(rbm::free_energy(inputs, model, chain.visible));
    const size_t j = n % visible;
    bool on = false;
    for (size_t k = 0; k < chain.visible.count; ++k) on = on || chain.visible.units[k] == j;
    hash.add(rbm::log_conditional(scratch, model, inputs, j, on));
    rbm::hidden_probabilities(chain.hidden_probability, model, chain.visible);
    rbm::draw_units(chain.hidden, chain.hidden_probability, random);
    hash.add(rbm::energy(model, chain.visible, chain.hidden));
  }
  report("energies", hash);
}

/// log Z of a part of the model: its first hidden units, or its first visible ones.
void enumerate(rbm::ConstRbmView part, Hash& hash) {
  rbm::Enumeration enumeration(part, memory, {part.visible(), part.hidden()});
  for (size_t n = 0; n < enumeration.parts; ++n) rbm::enumerate(enumeration, n, n + 1);
  hash.add(rbm::log_partition(enumeration));
}

void find_log_partition() {
  constexpr size_t chains = 7, temperatures = 20;
  const rbm::ConstRbmView whole = model;
  Hash hash;
  enumerate({{whole.weights.data, 11, visible, visible}, whole.visible_bias, {whole.hidden_bias.data, 11}},
            hash);
  enumerate({{whole.weights.data, hidden, 9, visible}, {whole.visible_bias.data, 9}, whole.hidden_bias},
            hash);
  rbm::Annealing annealing(model, memory, {visible, hidden, chains}, {1, temperatures});
  rbm::set_base(annealing, sample(0), samples);
  rbm::start_forward(annealing, 0, chains);
  rbm::anneal_forward(annealing, 0, temperatures, 0, chains);
  const rbm::Estimate forward = rbm::forward_log_partition(annealing);
  for (size_t n = 0; n < chains; ++n) {
    hash.add(annealing.log_ratios[n].value());
    const rbm::Unit units[] = {static_cast<rbm::Unit>(n), static_cast<rbm::Unit>(3 * n + 1), 60};
    rbm::start_reverse(annealing, n, {units, nullptr, 3});
  }
  rbm::anneal_reverse(annealing, 0, temperatures, 0, chains);
  const rbm::Estimate reverse = rbm::reverse_log_partition(annealing);
  for (size_t n = 0; n < chains; ++n) hash.add(annealing.log_ratios[n].value());
  const rbm::Estimate estimates[] = {forward, reverse};
  for (const rbm::Estimate& estimate : estimates) {
    hash.add(estimate.value);
    hash.add(estimate.standard_error);
    hash.add(estimate.effective_chains);
  }
  report("partition", hash);
}

/// From a model to one that is a little different.
void find_partition_ratio() {
  constexpr size_t chains = 7, temperatures = 20;
  constexpr rbm::AnnealingShape all{visible, hidden, chains};
  static rbm::Rbm<visible, hidden> changed;
  changed = model;
  for (size_t n = 0; n < hidden * visible; ++n) changed.weights.values[n] *= n % 2 == 0 ? 0.75f : 1.125f;
  rbm::Arena arena = memory;
  rbm::Annealing annealing(
      model, {arena.take<unsigned char>(rbm::annealing_bytes(all)), 0, rbm::annealing_bytes(all)}, all,
      {1, temperatures});
  rbm::set_base(annealing, sample(0), samples);
  rbm::start_forward(annealing, 0, chains);
  rbm::anneal_forward(annealing, 0, temperatures, 0, chains);
  rbm::PartitionRatio ratio(annealing, changed, arena, all, {1, temperatures});
  rbm::start(ratio, 3, 0, chains);
  rbm::anneal(ratio, 0, temperatures, 0, chains);
  Hash hash;
  for (size_t n = 0; n < chains; ++n) {
    hash.add(ratio.log_ratios[n].value());
    hash.add(ratio.changes[n]);
  }
  const rbm::Estimate estimates[] = {rbm::log_partition_change(ratio), rbm::divergence(ratio)};
  for (const rbm::Estimate& estimate : estimates) {
    hash.add(estimate.value);
    hash.add(estimate.standard_error);
    hash.add(estimate.effective_chains);
  }
  report("partition-ratio", hash);
}

void run_quantized(const rbm::QuantizedModelView& made) {
  static uint32_t words[rbm::packed_words(visible, hidden, 8)], scratch[RBM_SCRATCH_WORDS(visible, hidden)];
  const rbm_quantized quantized = rbm::pack({words, rbm::packed_words(visible, hidden, made.bits)}, made);
  uint8_t state[RBM_STATE_BYTES(visible)] = {}, means[visible], features[hidden];
  constexpr rbm_hidden_mode modes[] = {RBM_THRESHOLD, RBM_SAMPLE, RBM_MEAN};
  rbm_random random;
  rbm_random_seed(&random, 9);
  Hash hash;
  hash.add(rbm_checksum(&quantized));
  for (size_t n = 0; n < samples; ++n) {
    for (size_t j = 0; j < visible; ++j) rbm_set_unit(state, j, sample(n)[j] >= 0.5f);
    const rbm_input input = rbm_from_bits(state);
    for (const rbm_hidden_mode mode : modes) {
      rbm_reconstruct(&quantized, input, mode, &random, means, scratch);
      hash.add_integers(means, visible);
    }
    rbm_features(&quantized, input, features, scratch);
    hash.add_integers(features, hidden);
    hash.add(static_cast<uint32_t>(rbm_free_energy(&quantized, input, scratch)));
    rbm_gibbs_step(&quantized, state, nullptr, &random, scratch);
    hash.add_integers(state, sizeof state);
  }
  report("integers", hash);
  Hash of_labels;
  labels::run<visible, hidden>(quantized, of_labels);
  report("labels", of_labels);
}

void quantize() {
  static uint8_t codes[hidden * visible], shifts[hidden];
  static int16_t visible_bias[visible], hidden_bias[hidden];
  static float visible_means[visible], hidden_means[hidden];
  static rbm::Memory<rbm::chain_bytes({visible, hidden})> chain_memory;
  rbm::Chain chain(chain_memory, {visible, hidden});
  const rbm::Means means =
      rbm::sample_means({visible_means, visible}, {hidden_means, hidden}, chain, model, 10);
  constexpr unsigned widths[] = {8, 4, 2, 1};
  for (const unsigned bits : widths) {
    rbm::QuantizedModelView made{bits, 0, visible, hidden, codes, shifts, visible_bias, hidden_bias};
    rbm::quantize(made, model, means);
    Hash hash;
    hash.add_integers(codes, hidden * visible);
    hash.add_integers(shifts, hidden);
    hash.add_integers(visible_bias, visible);
    hash.add_integers(hidden_bias, hidden);
    hash.add(static_cast<uint32_t>(made.fraction));
    report(bits == 8   ? "quantize-8"
           : bits == 4 ? "quantize-4"
           : bits == 2 ? "quantize-2"
                       : "quantize-1",
           hash);
    run_quantized(made);
  }
}

}  // namespace

int main() {
  make_intensities();
  probe_fusion();
  draw_numbers();
  sweep_functions();
  multiply_wide();
  train("sgd", rbm::Sgd{0.1f, 0.5f, 0.001f}, binary, {2, rbm::VisibleUnits::thresholded, 2});
  train("adam", rbm::Adam{}, binary, {3, rbm::VisibleUnits::sampled, 1});
  rbm::Adam decayed;
  decayed.weight_decay = 0.001f;
  train("adam-in-real", rbm::Adam{}, real, {3, rbm::VisibleUnits::sampled, 1});
  train("real", decayed, real, {4, rbm::VisibleUnits::means, 2});
  learn_online("online-real", rbm::VisibleUnits::means);
  learn_online("online", rbm::VisibleUnits::sampled);
  walk_chain();
  judge();
  find_log_partition();
  find_partition_ratio();
  quantize();
  train_in_all_ways();
  average_models();
  train_small();
  learn_in_fixed_point();
  learn_small_in_fixed_point();
  readings::learn();
  readings::walk();
  readings::learn_online();
  learn_small_readings_in_fixed_point();
  watch_small_readings();
  learn_small_choice();
  readings::quantize();
  label_learning::learn();
  return 0;
}
