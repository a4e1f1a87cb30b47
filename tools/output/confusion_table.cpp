#include "tools/output/confusion_table.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tools/base/text.hpp"
#include "tools/output/svg.hpp"

namespace tool {
namespace {

constexpr double margin = 4, line_height = 18, gap = 10, share_width = 40;

// Text of at most so many letters (UTF-8).
std::string shortened(const std::string& text, std::size_t most) {
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;
    if (letters++ == most) return text.substr(0, at) + "\u2026";
  }
  return text;
}

std::string percent(std::size_t part, std::size_t whole) {
  if (whole == 0) return "\u2013";
  const double share = 100 * static_cast<double>(part) / static_cast<double>(whole);
  return fixed(share, part == whole || part == 0 ? 0 : 1) + " %";
}

// A table, laid out.
class Drawing {
 public:
  explicit Drawing(const ConfusionTable& drawn) : table_(drawn), labels_(drawn.names.size()) {
    const auto label_width = [&](const std::string& name) {
      return text_width(shortened(name, most_letters));
    };
    double widest = 0;
    for (const std::string& name : table_.names) widest = std::max(widest, label_width(name));
    const double count_width =
        text_width(grouped(*std::max_element(table_.counts.begin(), table_.counts.end())));
    with_text_ = labels_ <= most_labels_with_text;
    cell_width_ =
        with_text_
            ? std::max({count_width + 8, std::min(widest + 8, widest_cell), labels_ > 12 ? 26.0 : 34.0})
            : std::max(2.0, widest_table / static_cast<double>(labels_));
    // Where names do not fit above columns, numbers stand there and before the names.
    numbered_ = with_text_ && widest + 4 > cell_width_;
    cell_height_ = with_text_ ? 22 : cell_width_;
    names_width_ = with_text_ ? widest + (numbered_ ? text_width("24 ") : 0) + gap : text_width("256") + gap;
  }

  std::string draw() {
    for (std::size_t given = 0; given < labels_; ++given) draw_row(given);
    draw_lines();
    if (with_text_)
      draw_texts();
    else
      draw_numbers();
    double bottom = floor() + (with_text_ ? line_height + 4 : 4);
    // Lines stand beside the table where there is room, else below it.
    const double beside = right() + 2 * gap + (with_text_ ? share_width : 0);
    if (!table_.lines.empty() && beside + lines_width() <= page_width)
      bottom = std::max(bottom, draw_lines_of_text({beside, top() - 6}));
    else if (!table_.lines.empty())
      bottom = draw_lines_of_text({margin, bottom + line_height});
    const double width = std::max(right() + (with_text_ ? share_width : 0) + margin,
                                  is_wide(table_) ? page_width : column_width);
    return svg_.element_of(width, bottom, "Table: " + table_.title);
  }

 private:
  static constexpr std::size_t most_letters = 22;
  static constexpr double widest_cell = 64, widest_table = 512, column_width = 400, page_width = 860;

  double left() const { return margin + names_width_; }
  double top() const { return margin + line_height; }
  double x(std::size_t column) const { return left() + cell_width_ * static_cast<double>(column); }
  double y(std::size_t row) const { return top() + cell_height_ * static_cast<double>(row); }
  double right() const { return x(labels_); }
  double floor() const { return y(labels_); }

  std::size_t count(std::size_t given, std::size_t said) const {
    return table_.counts[given * labels_ + said];
  }
  std::size_t all_given(std::size_t given) const {
    const auto row = table_.counts.begin() + static_cast<std::ptrdiff_t>(given * labels_);
    return std::accumulate(row, row + static_cast<std::ptrdiff_t>(labels_), std::size_t{0});
  }
  std::size_t all_said(std::size_t said) const {
    std::size_t sum = 0;
    for (std::size_t given = 0; given < labels_; ++given) sum += count(given, said);
    return sum;
  }

  // Few mistakes are to be seen beside many that are none: the root of the share lifts them.
  static double darkness(std::size_t part, std::size_t whole, bool right) {
    const double share = static_cast<double>(part) / static_cast<double>(whole);
    return right ? 0.15 + 0.7 * share : 0.15 + 0.75 * std::sqrt(share);
  }

  void draw_row(std::size_t given) {
    const std::size_t all = all_given(given);
    for (std::size_t said = 0; said < labels_; ++said) {
      const std::size_t part = count(given, said);
      if (part == 0) continue;
      svg_.fill(given == said ? Ink::bars : Ink::odd, darkness(part, all, given == said),
                rectangle(x(said), y(given), x(said + 1), y(given + 1)));
      if (with_text_)
        svg_.write(Ink::title, {x(said) + cell_width_ / 2, baseline(given)}, Anchor::middle, grouped(part));
    }
  }

  double baseline(std::size_t row) const { return y(row) + cell_height_ / 2 + 4; }

  void draw_lines() {
    std::vector<Line> lines;
    const std::size_t step = with_text_ ? 1 : labels_;
    for (std::size_t n = 0; n <= labels_; n += step) {
      lines.push_back({{left(), y(n)}, {right(), y(n)}});
      lines.push_back({{x(n), top()}, {x(n), floor()}});
    }
    svg_.stroke(Ink::rule, lines);
  }

  void draw_texts() {
    for (std::size_t n = 0; n < labels_; ++n) {
      const std::string name = shortened(table_.names[n], most_letters), number = std::to_string(n + 1);
      std::string title = numbered_ ? number : "";
      if (numbered_) title += ' ';
      svg_.write(Ink::text, {left() - 6, baseline(n)}, Anchor::end, title += name);
      const double middle = x(n) + cell_width_ / 2;
      svg_.write(Ink::text, {middle, top() - 6}, Anchor::middle, numbered_ ? number : name);
      svg_.write(Ink::text, {right() + 6, baseline(n)}, Anchor::start, percent(count(n, n), all_given(n)));
      const std::size_t said = all_said(n);
      if (said > 0)
        svg_.write(Ink::text, {middle, floor() + 14}, Anchor::middle,
                   fixed(100 * static_cast<double>(count(n, n)) / static_cast<double>(said), 0));
    }
  }

  // Of a table without text, every tenth or fiftieth label by its number.
  void draw_numbers() {
    const std::size_t step = labels_ > 100 ? 50 : 10;
    for (std::size_t n = step; n <= labels_; n += step) {
      svg_.write(Ink::text, {left() - 6, y(n - 1) + 4}, Anchor::end, std::to_string(n));
      svg_.write(Ink::text, {x(n - 1), top() - 6}, Anchor::middle, std::to_string(n));
    }
  }

  double lines_width() const {
    double widest = 0;
    for (const std::string& line : table_.lines) widest = std::max(widest, text_width(line));
    return widest;
  }

  double draw_lines_of_text(Point at) {
    svg_.write(Ink::title, at, Anchor::start, table_.lines_title);
    for (const std::string& line : table_.lines) {
      at.y += line_height;
      svg_.write(Ink::text, at, Anchor::start, line);
    }
    return at.y + margin;
  }

  const ConfusionTable& table_;
  std::size_t labels_;
  bool with_text_ = true, numbered_ = false;
  double cell_width_ = 0, cell_height_ = 0, names_width_ = 0;
  Svg svg_;
};

}  // namespace

bool has_data(const ConfusionTable& table) {
  return std::any_of(table.counts.begin(), table.counts.end(), [](std::size_t count) { return count > 0; });
}

bool is_wide(const ConfusionTable& table) {
  constexpr std::size_t most_in_a_column = 8;
  return table.names.size() > most_in_a_column;
}

std::string drawing(const ConfusionTable& table) {
  return Drawing(table).draw();
}

}  // namespace tool
