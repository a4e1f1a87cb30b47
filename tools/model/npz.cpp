#include "tools/model/npz.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "tools/base/bytes.hpp"
#include "tools/base/checksum.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/npy.hpp"

namespace tool {
namespace {

using Bytes = std::vector<unsigned char>;

constexpr std::size_t local_size = 30;    // of a file's header, before its name
constexpr std::size_t central_size = 46;  // of its line in the directory, before its name
constexpr std::size_t end_size = 22;      // of what closes the archive, before its comment
constexpr std::size_t longest_comment = 65535;

/// A file of the archive, as the directory describes it.
struct Member {
  std::string name;
  unsigned flags, method;
  std::uint32_t checksum;
  std::size_t size;      // as stored, and unpacked
  std::size_t unpacked;  // the same where it is not compressed
  std::size_t header_at;
};

bool has(const Bytes& bytes, std::size_t at, std::string_view magic) {
  return magic.size() <= bytes.size() && at <= bytes.size() - magic.size() &&
         std::memcmp(bytes.data() + at, magic.data(), magic.size()) == 0;
}

/// Where what closes the archive begins: its comment ends with the file.
std::size_t find_end(const Bytes& bytes, const std::string& name) {
  if (bytes.size() >= end_size) {
    const std::size_t last = bytes.size() - end_size;
    for (std::size_t at = last;; --at) {
      if (has(bytes, at, "PK\5\6") && load_little(&bytes[at + 20], 2) == last - at) return at;
      if (at == 0 || last - at == longest_comment) break;
    }
  }
  throw Failure(name + ": is a ZIP archive that is cut short or damaged");
}

std::vector<Member> read_directory(const Bytes& bytes, const std::string& name) {
  const std::size_t end = find_end(bytes, name);
  const auto number = [&bytes](std::size_t at, std::size_t size) {
    return static_cast<std::size_t>(load_little(&bytes[at], size));
  };
  const std::size_t count = number(end + 10, 2);
  std::size_t at = number(end + 16, 4);
  if (count == 0xffff || at == 0xffffffff)
    throw Failure(name + ": is a ZIP archive of the 64-bit kind; save as safetensors instead");
  std::vector<Member> members;
  for (std::size_t i = 0; i < count; ++i) {
    if (at > end || end - at < central_size || !has(bytes, at, "PK\1\2"))
      throw Failure(name + ": has a ZIP directory that is damaged");
    const std::size_t name_size = number(at + 28, 2);
    const std::size_t size = central_size + name_size + number(at + 30, 2) + number(at + 32, 2);
    if (size > end - at) throw Failure(name + ": has a ZIP directory that is damaged");
    members.push_back({std::string(reinterpret_cast<const char*>(&bytes[at + central_size]), name_size),
                       static_cast<unsigned>(number(at + 8, 2)), static_cast<unsigned>(number(at + 10, 2)),
                       static_cast<std::uint32_t>(number(at + 16, 4)), number(at + 20, 4), number(at + 24, 4),
                       number(at + 42, 4)});
    at += size;
  }
  return members;
}

/// Where the bytes of a member begin. The header before them repeats the directory, but has a length of its
/// own.
std::size_t find_content(const Bytes& bytes, const Member& member, const std::string& subject) {
  constexpr unsigned encrypted = 1;
  if (member.method != 0) throw Failure(subject + ": is compressed: save by numpy.savez instead");
  if ((member.flags & encrypted) != 0) throw Failure(subject + ": is encrypted");
  const std::size_t header = member.header_at;
  if (header > bytes.size() || bytes.size() - header < local_size || !has(bytes, header, "PK\3\4"))
    throw Failure(subject + ": is not where the ZIP directory says");
  const auto content = header + local_size + static_cast<std::size_t>(load_little(&bytes[header + 26], 2)) +
                       static_cast<std::size_t>(load_little(&bytes[header + 28], 2));
  if (member.size != member.unpacked || content > bytes.size() || member.size > bytes.size() - content)
    throw Failure(subject + ": is longer than the file");
  if (cyclic_redundancy_check(bytes.data() + content, member.size) != member.checksum)
    throw Failure(subject + ": is damaged: its checksum is another");
  return content;
}

Tensor read_array(const unsigned char* file, std::size_t size, const std::string& array_name,
                  const std::string& subject) {
  if (size < 6 || std::memcmp(file, "\x93NUMPY", 6) != 0) throw Failure(subject + ": is no NPY array");
  const NpyArray array = parse_npy(file, size, subject);
  if (array.type.kind != NumberType::Kind::float_number)
    throw Failure(subject + ": holds elements of type " + quoted(array.type_name) +
                  ", not float16, float32 or float64");

  // What the elements may take is known before memory is asked for.
  std::uint64_t left = (size - array.offset) / array.type.size;
  const bool whole = (size - array.offset) % array.type.size == 0;
  std::uint64_t count = 1;
  for (const std::uint64_t extent : array.extents) {
    if (extent != 0 && count > left / extent) throw Failure(subject + ": is shorter than its shape");
    count *= extent;
  }
  if (!whole || count != left) throw Failure(subject + ": is longer than its shape");

  Tensor tensor{array_name, {}, std::vector<float>(static_cast<std::size_t>(count))};
  for (const std::uint64_t extent : array.extents) tensor.shape.push_back(static_cast<std::size_t>(extent));
  const bool transposed = array.fortran_order && tensor.shape.size() == 2;
  const std::size_t rows = transposed ? tensor.shape[0] : 1,
                    columns = tensor.values.size() / std::max(rows, std::size_t{1});
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    // The element at (i / columns, i % columns), which a transposed table holds column by column.
    const std::size_t place = transposed ? i % columns * rows + i / columns : i;
    const double value = array.type.decode(file + array.offset + place * array.type.size);
    tensor.values[i] = static_cast<float>(value);
    if (!std::isfinite(tensor.values[i]))
      throw Failure(subject + ": holds NaN, infinity or what float32 cannot hold");
  }
  return tensor;
}

}  // namespace

bool is_npz(const std::vector<unsigned char>& bytes) {
  return has(bytes, 0, "PK\3\4");
}

TensorFile parse_npz(const std::vector<unsigned char>& bytes, const std::string& name, const Wanted& wanted) {
  constexpr std::string_view extension = ".npy", pickle = "/data.pkl";
  TensorFile content;
  for (const Member& member : read_directory(bytes, name)) {
    const std::string_view file = member.name;
    if (file.size() > pickle.size() && file.substr(file.size() - pickle.size()) == pickle)
      throw Failure(name +
                    ": is what torch.save writes; save the state dict as safetensors or by numpy.savez");
    if (file.size() <= extension.size() || file.substr(file.size() - extension.size()) != extension) continue;
    const std::string array_name(file.substr(0, file.size() - extension.size()));
    if (!wanted(array_name)) {
      content.others.push_back(array_name);
      continue;
    }
    const std::string subject = name + ": array " + quoted(array_name);
    if (content.find(array_name) != nullptr) throw Failure(subject + ": is there twice");
    const std::size_t begin = find_content(bytes, member, subject);
    content.tensors.push_back(read_array(bytes.data() + begin, member.size, array_name, subject));
  }
  return content;
}

}  // namespace tool
