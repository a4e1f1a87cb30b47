/// The truth that the library is compared with: a restricted Boltzmann machine in double precision, written
/// term by term as the equations are, and exact enumeration of tiny models. States are plain vectors of
/// values.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "rbm/model.hpp"

namespace reference {

using State = std::vector<double>;

/// W (flat, [hidden][visible]), b and c of a model, or the gradient with respect to them.
struct Parameters {
  std::size_t visible, hidden;
  std::vector<double> weights, visible_bias, hidden_bias;

  Parameters(std::size_t visible_units, std::size_t hidden_units)
      : visible(visible_units),
        hidden(hidden_units),
        weights(visible_units * hidden_units),
        visible_bias(visible_units),
        hidden_bias(hidden_units) {}

  explicit Parameters(rbm::ConstRbmView model) : Parameters(model.visible(), model.hidden()) {
    for (std::size_t i = 0; i < hidden; ++i)
      for (std::size_t j = 0; j < visible; ++j) weights[i * visible + j] = model.weights.row(i)[j];
    for (std::size_t j = 0; j < visible; ++j) visible_bias[j] = model.visible_bias[j];
    for (std::size_t i = 0; i < hidden; ++i) hidden_bias[i] = model.hidden_bias[i];
  }

  double weight(std::size_t i, std::size_t j) const { return weights[i * visible + j]; }

  /// Calls body(parameter of this, parameter of other, whether it is a weight) for all of them.
  template <class Body>
  void for_each(const Parameters& other, const Body& body) {
    for (std::size_t n = 0; n < weights.size(); ++n) body(weights[n], other.weights[n], true);
    for (std::size_t j = 0; j < visible; ++j) body(visible_bias[j], other.visible_bias[j], false);
    for (std::size_t i = 0; i < hidden; ++i) body(hidden_bias[i], other.hidden_bias[i], false);
  }

  void add(double factor, const Parameters& other) {
    for_each(other, [&](double& mine, double its, bool) { mine += factor * its; });
  }

  double worst_difference(const Parameters& other) {
    double worst = 0;
    for_each(other, [&](double& mine, double its, bool) {
      const double difference = std::abs(mine - its);
      if (!(difference <= worst)) worst = difference;  // NaN too
    });
    return worst;
  }
};

/// The state of `units` binary units with the given number: unit u is bit u.
inline State to_state(std::size_t number, std::size_t units) {
  State state(units);
  for (std::size_t u = 0; u < units; ++u) state[u] = static_cast<double>((number >> u) & 1);
  return state;
}

inline double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

inline double softplus(double x) {
  return std::fmax(x, 0) + std::log1p(std::exp(-std::abs(x)));
}

inline double hidden_input(const Parameters& rbm, const State& v, std::size_t i) {
  double sum = rbm.hidden_bias[i];
  for (std::size_t j = 0; j < rbm.visible; ++j) sum += rbm.weight(i, j) * v[j];
  return sum;
}

inline State hidden_probabilities(const Parameters& rbm, const State& v) {
  State p(rbm.hidden);
  for (std::size_t i = 0; i < rbm.hidden; ++i) p[i] = sigmoid(hidden_input(rbm, v, i));
  return p;
}

inline State visible_probabilities(const Parameters& rbm, const State& h) {
  State p(rbm.visible);
  for (std::size_t j = 0; j < rbm.visible; ++j) {
    double sum = rbm.visible_bias[j];
    for (std::size_t i = 0; i < rbm.hidden; ++i) sum += rbm.weight(i, j) * h[i];
    p[j] = sigmoid(sum);
  }
  return p;
}

/// E(v,h) = -b'v - c'h - h'Wv.
inline double energy(const Parameters& rbm, const State& v, const State& h) {
  double sum = 0;
  for (std::size_t j = 0; j < rbm.visible; ++j) sum += rbm.visible_bias[j] * v[j];
  for (std::size_t i = 0; i < rbm.hidden; ++i) sum += hidden_input(rbm, v, i) * h[i];
  return -sum;
}

/// -log sum_h exp(-E(v,h)), the sum over h in closed form.
inline double free_energy(const Parameters& rbm, const State& v) {
  double sum = 0;
  for (std::size_t j = 0; j < rbm.visible; ++j) sum += rbm.visible_bias[j] * v[j];
  for (std::size_t i = 0; i < rbm.hidden; ++i) sum += softplus(hidden_input(rbm, v, i));
  return -sum;
}

/// p(v,h) of every joint state of a tiny model, [number of v][number of h], from energies alone.
inline std::vector<State> joint_probabilities(const Parameters& rbm) {
  std::vector<State> joint(std::size_t{1} << rbm.visible, State(std::size_t{1} << rbm.hidden));
  double partition = 0;
  for (std::size_t v = 0; v < joint.size(); ++v)
    for (std::size_t h = 0; h < joint[v].size(); ++h)
      partition += joint[v][h] = std::exp(-energy(rbm, to_state(v, rbm.visible), to_state(h, rbm.hidden)));
  for (State& row : joint)
    for (double& p : row) p /= partition;
  return joint;
}

/// log Z, by enumeration of the visible states.
inline double log_partition(const Parameters& rbm) {
  double partition = 0;
  for (std::size_t v = 0; v < std::size_t{1} << rbm.visible; ++v)
    partition += std::exp(-free_energy(rbm, to_state(v, rbm.visible)));
  return std::log(partition);
}

/// Mean of log p(v) over the states given, nats.
inline double log_likelihood(const Parameters& rbm, const std::vector<State>& data) {
  double sum = 0;
  for (const State& v : data) sum -= free_energy(rbm, v);
  return sum / static_cast<double>(data.size()) - log_partition(rbm);
}

/// -dF(v): p(h|v) v, v and p(h|v).
inline Parameters free_energy_descent(const Parameters& rbm, const State& v) {
  Parameters out(rbm.visible, rbm.hidden);
  out.visible_bias = v;
  out.hidden_bias = hidden_probabilities(rbm, v);
  for (std::size_t i = 0; i < rbm.hidden; ++i)
    for (std::size_t j = 0; j < rbm.visible; ++j)
      out.weights[i * rbm.visible + j] = out.hidden_bias[i] * v[j];
  return out;
}

/// The chance that a Gibbs step leads from one visible state to another, [number of v][number of next v].
inline std::vector<State> transition_matrix(const Parameters& rbm) {
  const std::size_t states = std::size_t{1} << rbm.visible;
  const std::vector<State> joint = joint_probabilities(rbm);
  State of_hidden(joint[0].size()), of_visible(states);
  for (std::size_t v = 0; v < states; ++v)
    for (std::size_t h = 0; h < of_hidden.size(); ++h)
      of_hidden[h] += joint[v][h], of_visible[v] += joint[v][h];
  std::vector<State> transition(states, State(states));
  for (std::size_t v = 0; v < states; ++v)
    for (std::size_t next = 0; next < states; ++next)
      for (std::size_t h = 0; h < of_hidden.size(); ++h)
        transition[v][next] += joint[v][h] / of_visible[v] * joint[next][h] / of_hidden[h];
  return transition;
}

/// The 14 pictures of 3x3 pixels that consist of whole rows or of whole columns.
inline std::vector<State> bars_and_stripes() {
  std::vector<State> pictures;
  for (std::size_t pattern = 0; pattern < 8; ++pattern)
    for (bool rows : {false, true}) {
      if (rows && (pattern == 0 || pattern == 7)) continue;  // the same as with columns
      State picture(9);
      for (std::size_t pixel = 0; pixel < 9; ++pixel)
        picture[pixel] = static_cast<double>((pattern >> (rows ? pixel / 3 : pixel % 3)) & 1);
      pictures.push_back(picture);
    }
  return pictures;
}

}  // namespace reference
