#include "tools/model/visible_groups.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

constexpr const char* key = "visible_groups";
constexpr std::string_view between = ", ", kind_names[] = {"binary", "real", "choice"};

/// One item, `real 64`, as a group that begins at `begin`; an empty one where it is none.
rbm::VisibleGroup read_group(std::string_view item, std::size_t begin) {
  for (const rbm::VisibleKind kind :
       {rbm::VisibleKind::binary, rbm::VisibleKind::real, rbm::VisibleKind::choice}) {
    const std::string_view word = kind_names[static_cast<std::size_t>(kind)];
    if (item.substr(0, word.size()) != word || item.substr(word.size(), 1) != " ") continue;
    const std::string_view number = item.substr(word.size() + 1);
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
    const bool whole = error == std::errc{} && end == number.data() + number.size();
    if (whole && count <= rbm::most_units) return {kind, begin, begin + count};
  }
  return {rbm::VisibleKind::binary, begin, begin};
}

double product(const rbm::ConstVisibleLayer& layer, std::size_t first, std::size_t second) {
  double sum = 0;
  for (std::size_t j = 0; j < layer.loadings.columns; ++j)
    sum += static_cast<double>(layer.loadings.row(first)[j]) *
           static_cast<double>(layer.loadings.row(second)[j]);
  return sum;
}

// Binary units and labels.
void check_plain(const rbm::ConstVisibleLayer& layer, std::size_t unit, const char* what,
                 const std::string& name) {
  bool plain = layer.offset[unit] == 0 && layer.scale[unit] == 1;
  for (std::size_t k = 0; k < layer.factors(); ++k) plain = plain && layer.loadings.row(k)[unit] == 0;
  if (!plain)
    throw Failure(name + ": visible unit " + std::to_string(unit + 1) + " is " + what +
                  ": its offset and loadings must be 0, its scale 1");
}

}  // namespace

std::string to_text(const std::vector<rbm::VisibleGroup>& groups) {
  std::string text;
  for (const rbm::VisibleGroup& group : groups)
    text += std::string(text.empty() ? "" : between) +
            std::string(kind_names[static_cast<std::size_t>(group.kind)]) + " " +
            std::to_string(group.end - group.begin);
  return text;
}

bool has_real(const std::vector<rbm::VisibleGroup>& groups) {
  return std::any_of(groups.begin(), groups.end(),
                     [](const rbm::VisibleGroup& group) { return group.kind == rbm::VisibleKind::real; });
}

bool has_choice(const std::vector<rbm::VisibleGroup>& groups) {
  return !groups.empty() && groups.back().kind == rbm::VisibleKind::choice;
}

bool tells_groups(const std::map<std::string, std::string>& metadata) {
  return metadata.count(key) != 0;
}

void describe(const std::vector<rbm::VisibleGroup>& groups, std::map<std::string, std::string>& metadata) {
  metadata[key] = to_text(groups);
}

std::vector<rbm::VisibleGroup> groups_in(const std::map<std::string, std::string>& metadata,
                                         std::size_t visible, const std::string& name) {
  const auto entry = metadata.find(key);
  if (entry == metadata.end()) return {{rbm::VisibleKind::real, 0, visible}};
  const std::string subject = name + ": metadata " + quoted(key) + " is " + quoted(entry->second);
  std::vector<rbm::VisibleGroup> groups;
  std::string_view rest = entry->second;
  std::size_t begin = 0, choices = 0;
  bool known = true;
  while (known && !rest.empty()) {
    const std::size_t end = rest.find(between);
    const rbm::VisibleGroup group = read_group(rest.substr(0, end), begin);
    known = group.end > begin && group.end <= visible;
    choices += group.kind == rbm::VisibleKind::choice;
    begin = group.end;
    groups.push_back(group);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + between.size());
    known = known && (end == std::string_view::npos || !rest.empty());
  }
  if (!known || begin != visible || (choices == 0 && !has_real(groups)))
    throw Failure(subject + ", which does not say what each of " + std::to_string(visible) +
                  " visible units is");
  const std::size_t last = groups.back().end - groups.back().begin;
  if (choices > 0 && (choices > 1 || !has_choice(groups) || groups.size() == 1 || last < fewest_labels ||
                      last > most_labels))
    throw Failure(subject + ": labels are one choice of 2 to 256, behind all other units");
  return groups;
}

void check_layer(const rbm::ConstVisibleLayer& layer, const std::string& name) {
  for (std::size_t j = 0; j < layer.scale.size; ++j)
    if (!(layer.scale[j] > 0))
      throw Failure(name + ": v_scale of visible unit " + std::to_string(j + 1) + " is " +
                    shortest(layer.scale[j]) + ": scales are above 0");
  if (layer.scale.size == 0) return;
  rbm::for_each_group(layer, layer.scale.size, [&](const rbm::VisibleGroup& group) {
    const char* const what = group.kind == rbm::VisibleKind::binary ? "binary" : "a label";
    for (std::size_t j = group.begin; group.kind != rbm::VisibleKind::real && j < group.end; ++j)
      check_plain(layer, j, what, name);
  });
  constexpr double rounding = 1e-3;  // learning keeps rows orthogonal but for roundings
  for (std::size_t first = 0; first < layer.factors(); ++first)
    for (std::size_t second = 0; second < first; ++second) {
      // Beside the units' own variance of 1, so that the angle of a row near 0 does not matter.
      const double sizes = (1 + product(layer, first, first)) * (1 + product(layer, second, second));
      if (std::fabs(product(layer, first, second)) > rounding * std::sqrt(sizes))
        throw Failure(name + ": rows " + std::to_string(second + 1) + " and " + std::to_string(first + 1) +
                      " of v_loadings are not orthogonal");
    }
}

}  // namespace tool
