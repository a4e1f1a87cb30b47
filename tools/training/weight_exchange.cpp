#include "tools/training/weight_exchange.hpp"

#include <algorithm>

#include "tools/base/aligned.hpp"

namespace tool {
namespace {

// As many as travel at a time, so that no rank needs room for all.
constexpr std::size_t rows_at_once = 64;

// Copies rows of visible units, or of hidden ones, from row `top` on, out of the whole.
void take(const WholeWeights& from, bool by_visible, std::size_t top, const rbm::MatrixView<float>& rows) {
  const std::size_t count = from.by_visible ? from.visible : from.hidden,
                    width = from.by_visible ? from.hidden : from.visible;
  const rbm::MatrixView<const float> whole{from.values, count, width, width};
  if (by_visible == from.by_visible)
    std::copy_n(whole.row(top).data, rows.rows * rows.columns, rows.data);
  else
    rbm::transpose(rows, whole.columns_from(top, top + rows.rows), 0, rows.columns);
}

// Rows of all units of a layer, which the first rank has, and of own ones: as many as travel at once.
class Rows {
 public:
  Rows(platform::Team& team, std::size_t units)
      : team_(team),
        units_(units),
        own_(team.here(rbm::granules(units)).units(units)),
        all_values_(team.is_first() ? rows_at_once * units : 0),
        own_values_(rows_at_once * own_.size()) {}

  rbm::MatrixView<float> all(std::size_t count) { return {all_values_.data(), count, units_, units_}; }
  rbm::MatrixView<float> own(std::size_t count) {
    return {own_values_.data(), count, own_.size(), own_.size()};
  }

  // Calls keep(row, values of own units) for each row of visible units, or of hidden ones.
  template <class Keep>
  void deal(const WholeWeights& from, bool by_visible, const Keep& keep) {
    const std::size_t count = by_visible ? from.visible : from.hidden;
    for (std::size_t top = 0; top < count; top += rows_at_once) {
      const std::size_t rows = std::min(rows_at_once, count - top);
      if (team_.is_first()) take(from, by_visible, top, all(rows));
      team_.deal(all(rows), own(rows));
      for (std::size_t n = 0; n < rows; ++n) keep(top + n, own(rows).row(n));
    }
  }

 private:
  platform::Team& team_;
  std::size_t units_;
  rbm::Share own_;
  AlignedVector<float> all_values_, own_values_;
};

// Every rank has all labels, so that it gets those of other hidden units too.
void deal_labels(platform::Team& team, const WholeWeights& from, const KeptWeights& to) {
  const std::size_t labels = to.labels[0].rows;
  AlignedVector<float> values(labels * from.hidden);
  const rbm::MatrixView<float> rows{values.data(), labels, from.hidden, from.hidden};
  if (team.is_first()) take(from, true, from.visible - labels, rows);
  team.broadcast({values.data(), values.size()});
  for (const rbm::PanelView<float>& panels : to.labels)
    for (std::size_t y = 0; y < labels; ++y) panels.set_row(y, rows.row(y));
}

rbm::Share own_hidden(platform::Team& team, std::size_t hidden) {
  return team.here(rbm::granules(hidden)).units(hidden);
}

}  // namespace

void deal(platform::Team& team, const WholeWeights& from, const KeptWeights& to) {
  const rbm::Share hidden = own_hidden(team, from.hidden);
  Rows(team, from.hidden).deal(from, true, [&](std::size_t row, const rbm::VectorView<float>& own) {
    to.panels.for_each_panel(hidden.begin, hidden.end,
                             [&](const rbm::MatrixView<float>& part, std::size_t at) {
                               std::copy_n(own.data + (at - hidden.begin), part.columns, part.row(row).data);
                             });
  });
  if (team.is_alone()) return;
  const bool without_own = to.columns.rows < from.hidden;
  Rows(team, from.visible).deal(from, false, [&](std::size_t row, const rbm::VectorView<float>& own) {
    const bool is_own = row >= hidden.begin && row < hidden.end;
    if (without_own && is_own) return;
    const std::size_t left_out = without_own && row >= hidden.end ? hidden.size() : 0;
    std::copy_n(own.data, own.size, to.columns.row(row - left_out).data);
  });
  deal_labels(team, from, to);
}

void collect(platform::Team& team, const KeptWeights& from, std::size_t hidden, const RowSink& take) {
  const rbm::Share units = own_hidden(team, hidden);
  Rows rows(team, hidden);
  for (std::size_t top = 0; top < from.panels.rows; top += rows_at_once) {
    const std::size_t count = std::min(rows_at_once, from.panels.rows - top);
    const rbm::MatrixView<float> own = rows.own(count), all = rows.all(count);
    for (std::size_t n = 0; n < count; ++n)
      from.panels.for_each_panel(
          units.begin, units.end, [&](const rbm::MatrixView<float>& part, std::size_t at) {
            std::copy_n(part.row(top + n).data, part.columns, own.row(n).data + (at - units.begin));
          });
    team.collect(own, all);
    if (team.is_first()) take(top, all);
  }
}

}  // namespace tool
