#include "rbm/matrix.hpp"

#include <doctest/doctest.h>

#include "tests/support/fixtures.hpp"

namespace {

using fixture::view;

struct Shape {
  std::size_t rows, columns;
};

/// Every number of columns to 70, so every mixture of blocks, and the shapes of use.
std::vector<Shape> shapes() {
  std::vector<Shape> all{{1, 1}, {1, 17}, {17, 1}, {500, 784}, {784, 500}, {9, 300}};
  for (std::size_t columns = 1; columns <= 70; ++columns) all.push_back({5 + columns % 7, columns});
  return all;
}

/// The values of units: none on, all on, or a third of them; real values of both signs, or 1.
std::vector<float> state(std::size_t units, int share, bool real, std::mt19937& random) {
  std::vector<float> values(units);
  for (float& value : values)
    if (share == 2 || (share == 1 && random() % 3 == 0)) value = real ? fixture::bell(random) : 1.0f;
  return values;
}

/// start_i + sum_j a(i,j) x_j in float, in ascending order, as the library promises to the bit.
template <class Entry>
std::vector<float> product(const std::vector<float>& start, const Entry& a, const std::vector<float>& x) {
  std::vector<float> out = start;
  for (std::size_t i = 0; i < out.size(); ++i)
    for (std::size_t j = 0; j < x.size(); ++j)
      if (x[j] != 0.0f) out[i] += x[j] * a(i, j);
  return out;
}

/// Whether each sum is within the worst that rounding can do of the sum in double precision.
template <class Entry>
bool near_exact(const std::vector<float>& out, const std::vector<float>& start, const Entry& a,
                const std::vector<float>& x) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    double sum = start[i], magnitude = std::abs(sum);
    for (std::size_t j = 0; j < x.size(); ++j) {
      sum += static_cast<double>(x[j]) * a(i, j);
      magnitude += std::abs(static_cast<double>(x[j]) * a(i, j));
    }
    if (!(std::abs(out[i] - sum) <= static_cast<double>(x.size() + 1) * 0x1p-24 * magnitude)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("fixed-size types give views of their own storage") {
  rbm::Matrix<3, 5> matrix = {};
  const rbm::MatrixView<float> view_of_matrix = matrix;
  CHECK(view_of_matrix.data == matrix.values);
  CHECK(view_of_matrix.rows == 3);
  CHECK(view_of_matrix.columns == 5);
  CHECK(view_of_matrix.stride == 5);
  view_of_matrix.row(2)[1] = 7;
  CHECK(matrix.values[11] == 7);
  CHECK(view_of_matrix.row(1).size == 5);
  rbm::Vector<4> vector = {};
  CHECK(rbm::VectorView<const float>(vector).data == vector.values);
  CHECK(rbm::VectorView<float>(vector).size == 4);
  static_assert(alignof(rbm::Matrix<3, 5>) == 4 * rbm::vector_lanes);
  static_assert(sizeof(rbm::Matrix<16, 16>) == 1024 && sizeof(rbm::Vector<32>) == 128);
}

TEST_CASE("both products equal a plain loop to the bit, and double precision within rounding") {
  std::mt19937 random(1);
  for (const Shape& shape : shapes())
    for (bool real : {false, true})
      for (int share : {0, 1, 2}) {
        CAPTURE(shape.rows);
        CAPTURE(shape.columns);
        const fixture::Matrix a(shape.rows, shape.columns, random() % 4, 0.3f, random);
        const auto entry = [&](std::size_t i, std::size_t j) { return a.at(i, j); };
        const auto transposed_entry = [&](std::size_t i, std::size_t j) { return a.at(j, i); };

        const std::vector<float> x = state(shape.columns, share, real, random);
        const std::vector<float> start = fixture::random_vector(shape.rows, 1, random);
        std::vector<float> out(shape.rows, fixture::nan);
        rbm::multiply(view(out), view(start), a, fixture::Listed(x, real));
        CHECK(fixture::same_bits(out, product(start, entry, x)));
        CHECK(near_exact(out, start, entry, x));

        const std::vector<float> y = state(shape.rows, share, real, random);
        const std::vector<float> start_of_columns = fixture::random_vector(shape.columns, 1, random);
        std::vector<float> out_of_columns(shape.columns + 1, fixture::nan);
        rbm::multiply_transposed({out_of_columns.data(), shape.columns}, view(start_of_columns), a,
                                 fixture::Listed(y, real));
        CHECK(std::isnan(out_of_columns.back()));
        out_of_columns.pop_back();
        CHECK(fixture::same_bits(out_of_columns, product(start_of_columns, transposed_entry, y)));
        CHECK(near_exact(out_of_columns, start_of_columns, transposed_entry, y));
      }
}

TEST_CASE("multiplying by A and by the transposed of A' gives the same bits") {
  std::mt19937 random(2);
  for (const Shape& shape : shapes())
    for (bool real : {false, true}) {
      const fixture::Matrix a(shape.rows, shape.columns, 1, 0.3f, random);
      fixture::Matrix transposed(shape.columns, shape.rows, 2, 0, random);
      rbm::transpose(transposed, a, 0, shape.rows);
      const fixture::Listed x(state(shape.columns, 1, real, random), real);
      const std::vector<float> start = fixture::random_vector(shape.rows, 1, random);
      std::vector<float> gathered(shape.rows), added(shape.rows);
      rbm::multiply(view(gathered), view(start), a, x);
      rbm::multiply_transposed(view(added), view(start), transposed, x);
      CHECK(fixture::same_bits(gathered, added));
    }
}

namespace {

/// States for a batch, one list each: none of the units on in every fifth, else so many in a hundred.
struct Batch {
  std::vector<rbm::Unit> units, counts;
  std::vector<float> factors;
  rbm::UnitLists lists;

  Batch(std::size_t states, std::size_t size, unsigned percent, bool real, std::mt19937& random)
      : units(states * size),
        counts(states),
        factors(states * size),
        lists{units.data(), real ? factors.data() : nullptr, counts.data(), states, size} {
    for (std::size_t n = 0; n < states; ++n)
      for (std::size_t u = 0; u < size; ++u) {
        if (n % 5 == 3 || random() % 100 >= percent) continue;
        units[n * size + counts[n]] = static_cast<rbm::Unit>(u);
        factors[n * size + counts[n]++] = real ? fixture::bell(random) : 1.0f;
      }
  }
  Batch(const Batch&) = delete;
};

/// Whether states `begin` up to `end` of a batch give what each gives alone, and nothing else is written.
bool batch_as_each_alone(const Shape& shape, const Batch& batch, std::size_t begin, std::size_t end,
                         std::mt19937& random) {
  const fixture::Matrix a(shape.rows, shape.columns, 3, 0.3f, random);
  const std::vector<float> start = fixture::random_vector(shape.columns, 1, random);
  fixture::Matrix out(batch.lists.rows, shape.columns, 2, 0, random), expected = out;
  for (std::size_t n = begin; n < end; ++n)
    rbm::multiply_transposed(rbm::MatrixView<float>(expected).row(n), view(start), a, batch.lists.row(n));
  rbm::multiply_transposed(out, view(start), a, batch.lists, begin, end);
  return fixture::same_bits(out.values, expected.values);
}

}  // namespace

TEST_CASE("the states of a batch are multiplied as each alone, in the range asked for") {
  // How many rows take turns goes by how many units are on.
  std::mt19937 random(3);
  for (bool real : {false, true})
    for (unsigned percent : {0u, 1u, 13u, 50u, 100u}) {
      CAPTURE(percent);
      for (const Shape& shape : shapes())
        CHECK(batch_as_each_alone(shape, Batch(7, shape.rows, percent, real, random), 2, 6, random));
      // Longer than the groups of states, and the groups of rows, that take turns.
      for (std::size_t rows : {1u, 63u, 64u, 65u, 127u, 128u, 129u, 200u, 256u, 257u, 1025u, 4000u})
        CHECK(batch_as_each_alone({rows, 37}, Batch(150, rows, percent, real, random), 1, 150, random));
    }
}

TEST_CASE("blocks cover every column once, the widest first, and add, scale and load as a plain loop") {
  std::mt19937 random(4);
  for (std::size_t columns = 1; columns <= 300; ++columns) {
    const fixture::Matrix a(6, columns, 1, 1, random);
    const std::vector<float> values = state(6, 2, true, random);
    const std::vector<float> start = fixture::random_vector(columns, 1, random);
    for (bool real : {false, true}) {
      const fixture::Listed x(values, real);
      std::vector<float> got(columns), loaded(columns), expected(columns), expected_loaded(columns);
      std::size_t next = 0, width = 1000;
      rbm::detail::for_each_block(columns, [&](auto& block, std::size_t column) {
        CHECK_UNARY(column == next);
        CHECK_UNARY(block.columns <= width);
        CHECK_UNARY(block.columns == block.registers * block.lanes);
        next = column + block.columns;
        width = block.columns;
        block.add_rows(a.values.data() + column, a.stride, x);
        block.scale(0.3f);
        block.store(got.data() + column);
        block.load(start.data() + column);
        block.add_rows(a.values.data() + column, a.stride, x);
        block.store(loaded.data() + column);
      });
      CHECK(next == columns);
      for (std::size_t j = 0; j < columns; ++j) {
        float sum = 0, from_start = start[j];
        for (std::size_t i = 0; i < 6; ++i) sum += (real ? values[i] : 1) * a.at(i, j);
        for (std::size_t i = 0; i < 6; ++i) from_start += (real ? values[i] : 1) * a.at(i, j);
        expected[j] = 0.3f * sum;
        expected_loaded[j] = from_start;
      }
      CHECK(fixture::same_bits(got, expected));
      CHECK(fixture::same_bits(loaded, expected_loaded));
    }
  }
}

TEST_CASE("parts of views are the elements asked for") {
  std::mt19937 random(6);
  fixture::Matrix a(5, 7, 2, 1, random);
  const rbm::MatrixView<float> whole = a;
  const rbm::MatrixView<float> part = whole.part(1, 4).columns_from(2, 7);
  CHECK(part.rows == 3);
  CHECK(part.columns == 5);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 5; ++j) CHECK(part.row(i)[j] == a.at(i + 1, j + 2));
  const rbm::VectorView<float> of_row = whole.row(4).part(3, 6);
  CHECK(of_row.size == 3);
  for (std::size_t j = 0; j < 3; ++j) CHECK(of_row[j] == a.at(4, j + 3));
  CHECK(whole.part(5, 5).rows == 0);
}

TEST_CASE("a range of rows is transposed, without padding, and nothing else is touched") {
  std::mt19937 random(5);
  for (const Shape& shape : {Shape{1, 1}, Shape{17, 1}, Shape{16, 16}, Shape{33, 17}, Shape{40, 50}})
    for (std::size_t padding : {0u, 3u}) {
      const fixture::Matrix in(shape.rows, shape.columns + padding, 2, 1, random);
      for (std::size_t begin : {std::size_t{0}, shape.rows / 3, shape.rows})
        for (std::size_t end : {begin, (begin + shape.rows + 1) / 2, shape.rows}) {
          fixture::Matrix out(shape.columns, shape.rows, 1, 1, random);
          const fixture::Matrix before = out;
          rbm::transpose(out, in, begin, end);
          bool right = true;
          for (std::size_t j = 0; j < out.rows; ++j)
            for (std::size_t i = 0; i < out.columns; ++i)
              right = right && out.at(j, i) == (i >= begin && i < end ? in.at(i, j) : before.at(j, i));
          CHECK(right);
        }
    }
}

TEST_CASE("a product with a state sums the entries listed") {
  const std::vector<float> y{1, 10, 100, 1000};
  CHECK(rbm::dot(view(y), fixture::Listed(std::vector<float>{0, 1, 0, 1})) == 1010);
  CHECK(rbm::dot(view(y), fixture::Listed(std::vector<float>{2, 0, 0.5f, 0}, true)) == 52);
  CHECK(rbm::dot(view(y), fixture::Listed(std::vector<float>{0, 0, 0, 0})) == 0);
  CHECK(rbm::multiply_row(5, y.data(), fixture::Listed(std::vector<float>{1, 1, 0, 0})) == 16);
}

TEST_CASE("a product of two vectors agrees with double precision and adds in 16 partial sums") {
  std::mt19937 random(7);
  for (std::size_t size : {0u, 1u, 15u, 16u, 17u, 31u, 32u, 33u, 500u, 784u}) {
    CAPTURE(size);
    const std::vector<float> x = fixture::random_vector(size, 1, random),
                             y = fixture::random_vector(size, 1, random);
    double exact = 0, magnitude = 0;
    float sum[16] = {};
    for (std::size_t n = 0; n < size; ++n) {
      exact += static_cast<double>(x[n]) * y[n];
      magnitude += std::abs(static_cast<double>(x[n]) * y[n]);
      sum[n % 16] += x[n] * y[n];
    }
    for (std::size_t width : {8u, 4u, 2u, 1u})
      for (std::size_t n = 0; n < width; ++n) sum[n] += sum[n + width];
    const float got = rbm::dot(view(x), view(y));
    CHECK(std::abs(got - exact) <= (static_cast<double>(size) / 16 + 6) * 0x1p-24 * magnitude);
    CHECK(rbm::to_bits(got) == rbm::to_bits(sum[0]));
  }
}

TEST_CASE("the values of a state are summed") {
  CHECK(rbm::sum_values(fixture::Listed(std::vector<float>{0, 1, 0, 1, 1})) == 3);
  CHECK(rbm::sum_values(fixture::Listed(std::vector<float>{0.5f, 0, -2, 4}, true)) == 2.5f);
  CHECK(rbm::sum_values(fixture::Listed(std::vector<float>{0, 0}, true)) == 0);
  CHECK(rbm::sum_values(fixture::Listed(std::vector<float>{0, 0})) == 0);
}
