#include "tools/data/label_file.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/foreign_format.hpp"
#include "tools/base/text.hpp"
#include "tools/data/csv_number.hpp"
#include "tools/data/csv_rows.hpp"
#include "tools/data/idx.hpp"
#include "tools/data/label_collector.hpp"
#include "tools/data/npy.hpp"
#include "tools/data/text_encoding.hpp"

namespace tool {
namespace {

[[noreturn]] void refuse_count(const std::string& name, std::uint64_t count, const Dataset& data,
                               const std::string& why = "") {
  throw Failure(name + ": holds " + counted(count, "label") + ", but " + data.name + " has " +
                counted(data.rows, "row") + why);
}

/// Of a file from `offset` on; dimensions behind the first may have an extent of 1.
void add_array(const NumberType& type, const std::vector<std::uint64_t>& extents, std::size_t offset,
               const std::vector<unsigned char>& file, LabelCollector labels, Dataset& data,
               const std::string& name) {
  if (extents.empty() ||
      std::any_of(extents.begin() + 1, extents.end(), [](std::uint64_t extent) { return extent != 1; }))
    throw Failure(name + ": has " + counted(extents.size(), "dimension") + ": labels have one, of the " +
                  counted(data.rows, "row") + " of " + data.name);
  if (extents[0] != data.rows) refuse_count(name, extents[0], data);
  const std::size_t size = file.size() - offset;
  if (size / type.size != data.rows || size % type.size != 0)
    throw Failure(name + ": its header announces " + std::to_string(data.rows) + " x " +
                  std::to_string(type.size) + " bytes, " + std::to_string(size) + " follow");
  for (std::size_t n = 0; n < data.rows; ++n) {
    const double value = type.decode(&file[offset + n * type.size]);
    if (type.kind == NumberType::Kind::boolean)
      labels.add(value != 0 ? "true" : "false", false, "row", n + 1);
    else
      labels.add(value, n + 1);
  }
  labels.finish(data);
}

/// The only field of a row, without quotes.
std::string only_field(const std::vector<Cell>& cells, const CsvRows& rows, const std::string& name) {
  const bool plain = !cells[0].quoted && cells[0].text.find_first_of("\t;") != std::string_view::npos;
  if (cells.size() > 1 || plain)
    throw Failure(name + ": line " + std::to_string(rows.line()) +
                  " has more than one column: a file of labels has just that one");
  return cells[0].unquoted();
}

/// Whether the first row is a word that no other row holds.
bool begins_with_heading(CsvRows rows, const std::string& name) {
  std::vector<Cell> cells;
  rows.next(cells);
  const std::string first = only_field(cells, rows, name);
  if (kind_of(first, false) != CellKind::word) return false;
  while (rows.next(cells))
    if (only_field(cells, rows, name) == first) return false;
  return true;
}

void add_text(const std::vector<unsigned char>& file, LabelCollector labels, Dataset& data,
              const std::string& name) {
  std::string converted;
  CsvRows rows(decode_text(file, name, converted), name);
  std::vector<Cell> cells;
  std::size_t count = 0;
  for (CsvRows all = rows; all.next(cells); ++count) only_field(cells, all, name);
  if (count == data.rows + 1 && begins_with_heading(rows, name)) {
    rows.next(cells);
    --count;
  }
  if (count < data.rows)
    refuse_count(name, count, data, "; NA stands for a label that is missing, an empty line for nothing");
  if (count > data.rows)
    refuse_count(name, count, data, count == data.rows + 1 ? "; a heading is a word that is no label" : "");
  while (rows.next(cells)) labels.add(only_field(cells, rows, name), false, "line", rows.line());
  labels.finish(data);
}

}  // namespace

void add_labels(const std::vector<unsigned char>& file, const std::string& name, const Reading& reading,
                Dataset& data) {
  if (file.empty()) throw Failure(name + ": is empty");
  const std::string foreign = describe_foreign(file, name, "save one array by numpy.save");
  if (!foreign.empty()) throw Failure(name + ": " + foreign);
  LabelCollector labels({name}, reading);
  if (begins_with(file, std::string_view("\0\0", 2))) {
    const IdxArray array = parse_idx(file.data(), file.size(), name);
    return add_array(array.type, array.extents, array.offset, file, std::move(labels), data, name);
  }
  if (begins_with(file, "\x93NUMPY")) {
    const NpyArray array = parse_npy(file.data(), file.size(), name);
    return add_array(array.type, array.extents, array.offset, file, std::move(labels), data, name);
  }
  if (!is_utf16(file) && !looks_like_text(file))
    throw Failure(name + ": is neither an IDX, an NPY nor a text file of labels");
  add_text(file, std::move(labels), data, name);
}

}  // namespace tool
