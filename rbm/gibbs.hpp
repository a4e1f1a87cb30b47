/// The conditional distribution of each layer given the other, draws from it, and Gibbs chains.
///
///     p(h_i = 1 | v) = sigma(c_i + W_i v)        p(v_j = 1 | h) = sigma(b_j + W_j' h)
///
/// So it is for binary visible units. Kinds of visible units differ in set_visible(), visible_means() and
/// draw_visible() only (visible.hpp).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "math.hpp"
#include "memory.hpp"
#include "model.hpp"

namespace rbm {

/// How intensities from 0 to 1 become the state of visible units.
enum class VisibleUnits : uint8_t {
  sampled,      ///< each unit is on with its intensity as probability, drawn afresh each time
  thresholded,  ///< each unit is on where its intensity is at least 1/2
  means,        ///< intensities are the states, as means of bits, and reconstructions are probabilities
  real          ///< no intensities: readings, for real units
};

/// Turns inputs into probabilities, in place.
inline void sigmoid(VectorView<float> x) {
  for (size_t n = 0; n < x.size; ++n) x[n] = sigmoid(x[n]);
}

/// p(h = 1 | v), [hidden].
inline void hidden_probabilities(VectorView<float> out, ConstRbmView rbm, ActiveUnits visible) {
  multiply(out, rbm.hidden_bias, rbm.weights, visible);
  sigmoid(out);
}

/// The inputs b + W' h of the visible units, [visible].
inline void visible_inputs(VectorView<float> out, ConstRbmView rbm, ActiveUnits hidden) {
  multiply_transposed(out, rbm.visible_bias, rbm.weights, hidden);
}

/// Turns inputs of visible units into their means given the hidden units, in place: probabilities of binary
/// units and choices; values x of real units, whose means their inputs are.
inline void visible_means(VectorView<float> inputs, const ConstVisibleLayer& layer) {
  if (layer.group_count == 0) return sigmoid(inputs);
  for (size_t g = 0; g != layer.group_count; ++g) {
    const VectorView<float> part = inputs.part(layer.groups[g].begin, layer.groups[g].end);
    if (layer.groups[g].kind == VisibleKind::binary) sigmoid(part);
    if (layer.groups[g].kind == VisibleKind::choice) softmax(part);
  }
}

/// The means of the visible units given the hidden ones, [visible]: p(v = 1 | h), or E[x | h] of real units.
inline void visible_probabilities(VectorView<float> out, ConstRbmView rbm, ActiveUnits hidden) {
  visible_inputs(out, rbm, hidden);
  visible_means(out, rbm.layer);
}

namespace detail {

/// Sets every listed unit to 1, where the list has factors.
inline void set_factors_to_one(UnitList& list) {
  for (size_t n = 0; list.factors != nullptr && n < list.count; ++n) list.factors[n] = 1.0f;
}

/// The room behind the listed units, as an empty list.
inline UnitList rest_of(const UnitList& list) {
  return {list.units + list.count, list.factors != nullptr ? list.factors + list.count : nullptr, 0};
}

/// Numbers listed units from `first` on in place of 0.
inline void number_from(UnitList& list, size_t first) {
  for (size_t n = 0; n < list.count; ++n) list.units[n] = static_cast<Unit>(list.units[n] + first);
}

}  // namespace detail

/// Draws units, each on with its probability (0 to 1). `list` must have room for all of them.
inline void draw_units(UnitList& list, VectorView<const float> probability, RandomStream& random) {
  constexpr size_t chunk = 1024;  // bounds the stack; a multiple of 32, so that it does not change the draws
  uint32_t bits[words_for(chunk)];
  list.count = 0;
  for (size_t base = 0; base < probability.size; base += chunk) {
    const size_t size = probability.size - base < chunk ? probability.size - base : chunk;
    draw_units(bits, probability.data + base, size, random);
    Unit* const added = list.units + list.count;
    const size_t count = list_units_on(added, bits, size);
    for (size_t n = 0; base > 0 && n < count; ++n)
      added[n] = static_cast<Unit>(added[n] + base);  // NOLINT: an Arena that only counts draws nothing
    list.count += count;
  }
  detail::set_factors_to_one(list);
}

/// Draws the units of one state of a batch.
inline void draw_units(const UnitLists& lists, size_t n, VectorView<const float> probability,
                       RandomStream& random) {
  lists.write_row(n, [&](UnitList& list) { draw_units(list, probability, random); });
}

/// Draws the visible units from their means of visible_means(), [visible], and lists their state. Real units
/// need a list with factors.
inline void draw_visible(UnitList& list, VectorView<const float> means, const ConstVisibleLayer& layer,
                         RandomStream& random) {
  if (layer.group_count == 0) return draw_units(list, means, random);
  RBM_ASSERT(list.factors != nullptr || !layer.has_real());
  float factor[most_factors];
  for_each_normal(layer.factors(), random, [&](size_t k, float deviate) { factor[k] = deviate; });
  list.count = 0;
  for_each_group(layer, means.size, [&](const VisibleGroup& group) {
    UnitList part = detail::rest_of(list);
    const VectorView<const float> mean = means.part(group.begin, group.end);
    if (group.kind == VisibleKind::binary) {
      draw_units(part, mean, random);
      detail::number_from(part, group.begin);
    } else if (group.kind == VisibleKind::choice) {
      const size_t chosen = draw_choice(mean, random);
      if (chosen < mean.size) part.add(group.begin + chosen);
    } else {
      part.count = mean.size;
      for_each_normal(mean.size, random, [&](size_t n, float deviate) {
        const size_t unit = group.begin + n;
        float x = mean[n] + deviate;
        for (size_t k = 0; k < layer.factors(); ++k) x += factor[k] * layer.loadings.row(k)[unit];
        part.units[n] = static_cast<Unit>(unit);
        part.factors[n] = x;
      });
    }
    list.count += part.count;
  });
  states_from_values(list, layer);
}

/// Lists the units that are not 0, with their values as factors.
inline void list_values(UnitList& list, VectorView<const float> values) {
  RBM_ASSERT(list.factors != nullptr);
  size_t count = 0;
  for (size_t j = 0; j < values.size; ++j) {
    list.units[count] = static_cast<Unit>(j);
    list.factors[count] = values[j];
    count += to_bits(values[j]) << 1 != 0;  // projects are warned of floats compared with !=
  }
  list.count = count;
}

/// Makes the means of visible_means() the state, in place of a draw from them. The list needs factors.
inline void list_means(UnitList& list, VectorView<const float> means, const ConstVisibleLayer& layer) {
  if (layer.factors() == 0) return list_values(list, means);
  RBM_ASSERT(list.factors != nullptr);
  // All units: where x is 0, factors make a state of it that is not.
  list.count = 0;
  for (size_t j = 0; j < means.size; ++j) {
    list.add(j);
    list.factors[j] = means[j];
  }
  states_from_values(list, layer);
}

/// Sets binary visible units from intensities (0 to 1). Only `sampled` draws.
inline void set_visible(UnitList& list, VectorView<const float> intensity, VisibleUnits kind,
                        RandomStream& random) {
  RBM_ASSERT(kind != VisibleUnits::real);
  if (kind == VisibleUnits::means) return list_values(list, intensity);
  if (kind == VisibleUnits::sampled) return draw_units(list, intensity, random);
  list.count = 0;
  for (size_t j = 0; j < intensity.size; ++j)
    if (intensity[j] >= 0.5f) list.add(j);
}

/// The same for any layer: with real units, from readings, without a draw. A choice is read as it is: at most
/// one of its units is 1, all others are 0.
inline void set_visible(UnitList& list, VectorView<const float> data, const ConstVisibleLayer& layer,
                        VisibleUnits kind, RandomStream& random) {
  if (layer.has_real()) return list_readings(list, data, layer);
  if (layer.group_count == 0) return set_visible(list, data, kind, random);
  list.count = 0;
  for (size_t g = 0; g != layer.group_count; ++g) {
    const VisibleGroup& group = layer.groups[g];
    const bool choice = group.kind == VisibleKind::choice;
    UnitList part = detail::rest_of(list);
    set_visible(part, data.part(group.begin, group.end), choice ? VisibleUnits::thresholded : kind, random);
    detail::number_from(part, group.begin);
    list.count += part.count;
  }
}

/// A Gibbs chain: the state of both layers and the means they were drawn from.
struct Chain {
  UnitList visible, hidden;
  VectorView<float> visible_probability, hidden_probability;

  size_t bytes;  ///< taken from the arena

  /// `real` makes room for a model with real units.
  constexpr Chain(Arena arena, ModelShape shape, bool real = false)
      : visible(arena.list(shape.visible, real)),
        hidden(arena.list(shape.hidden)),
        visible_probability(arena.vector(shape.visible)),
        hidden_probability(arena.vector(shape.hidden)),
        bytes(arena.used) {
    RBM_ASSERT(shape.is_valid());
  }
};

/// Bytes that a chain takes from its arena.
constexpr size_t chain_bytes(ModelShape shape, bool real = false) {
  return Chain(Arena{}, shape, real).bytes;
}

/// Units that keep their values: the ones that are on, and the ones that are off.
struct Clamped {
  ActiveUnits on, off;
};

/// Sets the probabilities of clamped units to 1 or 0, so that draw_units() gives them their values.
inline void clamp(VectorView<float> probability, const Clamped& clamped) {
  for (size_t n = 0; n < clamped.on.count; ++n) probability[clamped.on.units[n]] = 1.0f;
  for (size_t n = 0; n < clamped.off.count; ++n) probability[clamped.off.units[n]] = 0.0f;
}

/// The same in any layer. If a unit of a choice is clamped on, its others are off; if units are clamped off,
/// one of the others is drawn, and none where all are.
inline void clamp(VectorView<float> probability, const ConstVisibleLayer& layer, const Clamped& clamped) {
  for (size_t g = 0; g != layer.group_count; ++g) {
    const VisibleGroup& group = layer.groups[g];
    const bool chosen = group.kind == VisibleKind::choice &&
                        units_below(clamped.on, group.begin) != units_below(clamped.on, group.end);
    for (size_t j = group.begin; chosen && j < group.end; ++j) probability[j] = 0.0f;
  }
  clamp(probability, clamped);
}

/// One full step of a chain with clamped visible units, binary or of choices: h ~ p(h | v), then v ~ p(v |
/// h). After many steps the other units follow their distribution given the clamped ones.
inline void gibbs_step(Chain& chain, ConstRbmView rbm, const Clamped& clamped, RandomStream& random) {
  hidden_probabilities(chain.hidden_probability, rbm, chain.visible);
  draw_units(chain.hidden, chain.hidden_probability, random);
  visible_probabilities(chain.visible_probability, rbm, chain.hidden);
  clamp(chain.visible_probability, rbm.layer, clamped);
  draw_visible(chain.visible, chain.visible_probability, rbm.layer, random);
}

/// One full step of a chain: h ~ p(h | v), then v ~ p(v | h).
inline void gibbs_step(Chain& chain, ConstRbmView rbm, RandomStream& random) {
  gibbs_step(chain, rbm, Clamped{}, random);
}

/// The number of states that sample_states() visits.
inline constexpr size_t sampled_states = 1000;

/// Calls visit() for each of sampled_states states of the model, while `chain` holds the state: the last 50
/// of 100 Gibbs steps of 20 chains. A chain begins with v drawn from the visible biases alone. The chains are
/// few and short, for means that may be rough.
template <class Visit>
void sample_states(Chain& chain, ConstRbmView rbm, uint64_t seed, const Visit& visit) {
  constexpr size_t chains = 20, steps = 100, counted = sampled_states / chains;
  for (size_t n = 0; n < chains; ++n) {
    RandomStream random = RandomStream::keyed(seed, n);
    chain.hidden.count = 0;
    visible_probabilities(chain.visible_probability, rbm, chain.hidden);
    draw_visible(chain.visible, chain.visible_probability, rbm.layer, random);
    for (size_t step = 0; step < steps; ++step) {
      gibbs_step(chain, rbm, random);
      if (step >= steps - counted) visit();
    }
  }
}

}  // namespace rbm
