/// How the work of a batch is divided among workers that learn one model together: threads of one memory, or
/// of several, as processes on several machines have.
///
///     parallel(count, body)          body(begin, end) for shares, one a worker, at the same time; they are
///                                    0 up to count together. Returns when all of this memory are done
///     parallel.in_each_memory(count, body)           the same, but each memory's workers share all
///     parallel.in_each_memory(count, other, body)    body(begin, end, other_begin, other_end), a worker's
///                                                    shares of both
///     parallel.here(count)           the share of 0 up to count of this memory's workers, of several
///     parallel.exchange(parts, ...)  what other memories' workers have written of these arrays comes here
///     Parallel::is_one_memory        whether there is never another memory
///
/// A worker's share of the same count is always the same. Where units are counted in granules, a worker thus
/// owns its units: it alone computes their sums, draws their states, and updates their biases and the weights
/// of those that are hidden, from one section to the next and from batch to batch, so that these stay in its
/// cache. Each sum is made by one worker in the one fixed order, so that no number of workers changes a bit.
/// No gradient travels between memories: each updates all weights of its own hidden units, for the products
/// to hidden units, and all weights of its own visible units, for those to visible units.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "bits.hpp"
#include "matrix.hpp"

namespace rbm {

/// The first of `count` things that belong to `worker`; those of all workers follow each other and are as
/// equal as whole things allow.
constexpr size_t share_begin(size_t count, size_t worker, size_t workers) {
  const size_t least = count / workers, more = count % workers;
  return worker * least + (worker < more ? worker : more);
}

/// The things `begin` up to `end` of a row of things.
struct Share {
  size_t begin, end;

  /// The units of these granules, of a layer of `units` units.
  constexpr Share units(size_t count) const {
    return {granule * begin < count ? granule * begin : count, granule * end < count ? granule * end : count};
  }
  /// The part of it that lies in another one, which may be empty.
  constexpr Share within(const Share& other) const {
    const size_t from = begin > other.begin ? begin : other.begin, to = end < other.end ? end : other.end;
    return {from, from < to ? to : from};
  }
  constexpr size_t size() const { return end - begin; }
  constexpr bool operator==(const Share& other) const { return begin == other.begin && end == other.end; }
};

/// An array of `rows` rows, in which workers own things, such as granules: `each` bytes of every row.
struct Parts {
  unsigned char* data;
  size_t rows, stride;  ///< bytes from one row to the next
  size_t count, each;   ///< things, and bytes of each
  size_t bytes;         ///< of a row in use: the last thing may be smaller

  /// Parts of a matrix, by granules of its columns.
  template <class T>
  static Parts of(MatrixView<T> matrix) {
    return {reinterpret_cast<unsigned char*>(matrix.data),
            matrix.rows,
            matrix.stride * sizeof(T),
            granules(matrix.columns),
            granule * sizeof(T),
            matrix.columns * sizeof(T)};
  }
  static Parts of(const PackedStates& states, size_t units) {
    const size_t each = states.samples * sizeof(uint32_t), count = granules(units);
    return {reinterpret_cast<unsigned char*>(states.words), 1, count * each, count, each, count * each};
  }
  /// Parts of a vector with a number for each thing.
  static Parts of(VectorView<float> vector) {
    const size_t bytes = vector.size * sizeof(float);
    return {reinterpret_cast<unsigned char*>(vector.data), 1, bytes, vector.size, sizeof(float), bytes};
  }
};

/// The units of a model that belong to a memory.
struct OwnUnits {
  bool several = false;  ///< whether there are other memories; if not, all units belong to this one
  Share hidden{0, 0}, visible{0, 0};

  constexpr Share own_hidden(size_t units) const { return several ? hidden : Share{0, units}; }
  constexpr Share own_visible(size_t units) const { return several ? visible : Share{0, units}; }
};

/// What workers of one memory need not do, beside the calls of `Pool`.
template <class Pool>
struct OneMemory {
  static constexpr bool is_one_memory = true;
  template <class Body>
  void in_each_memory(size_t count, const Body& body) {
    static_cast<Pool&> (*this)(count, body);
  }
  template <class Body>
  void in_each_memory(size_t count, size_t other, const Body& body) {
    static_cast<Pool&> (*this)(count, other, body);
  }
  template <class... More>
  static void exchange(const More&...) {}
};

/// The one worker that owns all: the calling thread. A pool of threads that is called alike may take its
/// place, and gives the same bits.
struct Serial : OneMemory<Serial> {
  template <class Body>
  void operator()(size_t count, const Body& body) const {
    body(size_t{0}, count);
  }
  template <class Body>
  void operator()(size_t count, size_t other, const Body& body) const {
    body(size_t{0}, count, size_t{0}, other);
  }
};

}  // namespace rbm
