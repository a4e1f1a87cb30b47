#include "tools/data/npy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/array_columns.hpp"

namespace tool {
namespace {

/// What the header's dictionary says.
struct Header {
  std::string type;
  bool fortran_order = false;
  std::vector<std::uint64_t> extents;
};

/// Reads the literal of a Python dictionary that NumPy writes:
/// {'descr': '<f4', 'fortran_order': False, 'shape': (60000, 784), }
class HeaderParser {
 public:
  HeaderParser(std::string_view header, const std::string& file_name) : text(header), name(file_name) {}

  Header parse() {
    Header header;
    bool has_type = false, has_order = false, has_shape = false;
    expect("{");
    while (!accept("}")) {
      const std::string key = string();
      expect(":");
      if (key == "descr" && !has_type) {
        has_type = true;
        if (accept("["))
          throw Failure(name + ": holds records of named fields: save an array of one type of numbers");
        header.type = string();
      } else if (key == "fortran_order" && !has_order) {
        has_order = true;
        header.fortran_order = accept("True");
        if (!header.fortran_order) expect("False");
      } else if (key == "shape" && !has_shape) {
        has_shape = true;
        header.extents = extents();
      } else {
        fail();
      }
      if (!accept(",")) {
        expect("}");
        break;
      }
    }
    skip_space();
    if (!text.empty() || !has_type || !has_order || !has_shape) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const { throw Failure(name + ": has an NPY header that cannot be read"); }

  void skip_space() { text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size())); }

  bool accept(std::string_view token) {
    skip_space();
    if (text.substr(0, token.size()) != token) return false;
    text.remove_prefix(token.size());
    return true;
  }

  void expect(std::string_view token) {
    if (!accept(token)) fail();
  }

  std::string string() {
    const char quote = accept("'") ? '\'' : '"';
    if (quote == '"') expect("\"");
    const std::size_t end = text.find(quote);
    if (end == std::string_view::npos) fail();
    std::string value(text.substr(0, end));
    text.remove_prefix(end + 1);
    return value;
  }

  std::vector<std::uint64_t> extents() {
    constexpr std::size_t most_dimensions = 32;
    std::vector<std::uint64_t> values;
    expect("(");
    while (!accept(")")) {
      skip_space();
      std::uint64_t value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || values.size() == most_dimensions) fail();
      text.remove_prefix(static_cast<std::size_t>(end - text.data()));
      values.push_back(value);
      if (!accept(",")) {
        expect(")");
        break;
      }
    }
    return values;
  }

  std::string_view text;
  const std::string& name;
};

using Kind = NumberType::Kind;

/// A kind of elements, and the sizes that it comes in.
struct KnownKind {
  char letter;
  Kind kind;
  std::string_view sizes;
};
constexpr std::array<KnownKind, 4> known_kinds = {{{'b', Kind::boolean, "1"},
                                                   {'u', Kind::unsigned_integer, "1248"},
                                                   {'i', Kind::signed_integer, "1248"},
                                                   {'f', Kind::float_number, "248"}}};

/// The type that NumPy calls so: the order of bytes, a letter, the size.
NumberType find_type(const std::string& type, const std::string& name) {
  constexpr std::string_view orders = "<>|";
  if (type.size() == 3 && orders.find(type[0]) != orders.npos)
    for (const auto& [letter, kind, sizes] : known_kinds)
      if (type[1] == letter && sizes.find(type[2]) != sizes.npos)
        return {kind, static_cast<std::size_t>(type[2] - '0'), type[0] == '>'};
  throw Failure(name + ": holds elements of type " + quoted(type) +
                ": booleans, integers, and floats of 2, 4 and 8 bytes can be read");
}

/// The elements of an array that is stored column by column, now stored row by row.
std::vector<unsigned char> to_row_order(const NpyArray& array, const platform::FileBytes& file,
                                        const Dataset& shape) {
  // Where each value of the first example lies. Its neighbours are those of the other examples.
  std::vector<std::size_t> places(shape.columns);
  for (std::size_t j = 0; j < shape.columns; ++j) {
    std::size_t stride = shape.rows * shape.columns, rest = j;
    for (std::size_t dimension = array.extents.size(); dimension-- > 1;) {
      const auto extent = static_cast<std::size_t>(array.extents[dimension]);
      stride /= extent;
      places[j] += rest % extent * stride;
      rest /= extent;
    }
  }
  const std::size_t size = array.type.size;
  std::vector<unsigned char> elements(shape.rows * shape.columns * size);
  unsigned char* to = elements.data();
  for (std::size_t n = 0; n < shape.rows; ++n)
    for (const std::size_t place : places)
      to = std::copy_n(&file[array.offset + (place + n) * size], size, to);
  return elements;
}

}  // namespace

// NPY: the magic, two bytes of version, the header's length, the header, the elements.
NpyArray parse_npy(const unsigned char* file, std::size_t size, const std::string& name) {
  constexpr std::size_t version_at = 6;
  constexpr std::size_t length_at = 8;
  constexpr std::size_t longest_header = 1 << 20;
  if (size < length_at + 4) throw Failure(name + ": is cut short within its header");
  const unsigned version = file[version_at];
  if (version < 1 || version > 3 || file[version_at + 1] != 0) {
    throw Failure(name + ": is of an NPY version other than 1.0, 2.0 and 3.0");
  }
  const std::size_t length_size = version == 1 ? 2 : 4;
  const std::size_t header_at = length_at + length_size;
  const std::uint64_t length = load_little(file + length_at, length_size);
  if (length > longest_header) throw Failure(name + ": announces an NPY header above 1 MB");
  if (length > size - header_at) throw Failure(name + ": is cut short within its header");

  const auto header_size = static_cast<std::size_t>(length);
  const std::string_view text(reinterpret_cast<const char*>(file + header_at), header_size);
  Header header = HeaderParser(text, name).parse();
  return {find_type(header.type, name), header.type, std::move(header.extents), header.fortran_order,
          header_at + header_size};
}

Dataset read_npy(platform::FileBytes file, const std::string& name, const Reading& reading) {
  NpyArray array = parse_npy(file.data(), file.size(), name);
  const NumberType type = array.type;
  if (array.extents.size() == 1) array.extents.push_back(1);  // a recording of one channel
  Dataset dataset = shaped_dataset(name, array.extents, type.size, file.size() - array.offset);
  Elements elements{std::move(file), array.offset, type, dataset.columns};
  if (array.fortran_order) {
    if (elements.bytes.size() > most_decoded)
      dataset.notes.push_back(name +
                              ": is stored column by column, and is held in memory as a whole; "
                              "numpy.ascontiguousarray puts rows together, of which only those are read that "
                              "are needed");
    elements.bytes = to_row_order(array, elements.bytes, dataset);
    elements.offset = 0;
  }
  keep_columns(dataset, reading, array.extents.size(), elements);
  const bool bytes = type.kind == Kind::unsigned_integer && type.size == 1;
  keep_elements(dataset, std::move(elements), reading, bytes ? 255.0f : 1.0f);
  return dataset;
}

void write_npy_header(platform::OutputFile& file, std::size_t rows, std::size_t columns) {
  constexpr std::size_t preamble_size = 10;
  constexpr std::size_t alignment = 64;
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                       std::to_string(columns) + "), }";
  const std::size_t unpadded = preamble_size + header.size() + 1;
  header.append((alignment - unpadded % alignment) % alignment, ' ');
  header += '\n';
  unsigned char preamble[preamble_size] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  store_little(preamble + 8, header.size(), 2);
  file.write(preamble, sizeof preamble);
  file.write(header);
}

}  // namespace tool
