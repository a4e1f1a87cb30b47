#include "tools/output/page.hpp"

#include "tools/output/axis.hpp"
#include "tools/output/markup.hpp"
#include "tools/output/page_style.hpp"
#include "tools/output/svg.hpp"

namespace tool {
namespace {

std::string of_class(std::string_view name) {
  return "class=\"" + std::string(name) + "\"";
}

// The element, unless the text is empty.
std::string optional_text(std::string_view name, std::string_view attributes, const std::string& text) {
  return text.empty() ? "" : element(name, attributes, escaped(text));
}

// The section, unless there is nothing in it.
std::string section(const std::string& title, const std::string& content) {
  return content.empty() ? "" : element("section", "", element("h2", "", title) + "\n" + content) + "\n";
}

std::string figure(const std::string& kind, const std::string& title, const std::string& caption,
                   const std::string& content) {
  const std::string text = optional_text("h3", "", title) + optional_text("p", "", caption);
  return element("figure", of_class(kind),
                 (text.empty() ? "" : element("figcaption", "", text)) + "\n" + content) +
         "\n";
}

std::string summary(const std::vector<Figure>& figures) {
  std::string list;
  for (const Figure& entry : figures) {
    const std::string unit = entry.unit.empty() ? "" : " " + element("small", "", escaped(entry.unit));
    list += element("div", "",
                    element("dt", "", escaped(entry.what)) + element("dd", "", escaped(entry.value) + unit) +
                        optional_text("dd", of_class("remark"), entry.remark)) +
            "\n";
  }
  return list.empty() ? "" : element("dl", of_class("summary"), "\n" + list) + "\n";
}

std::string legend_entry(const char* ink, const std::string& content) {
  return element("li", "", element("i", of_class(ink), "") + content);
}

std::string legend_list(const std::string& entries) {
  return entries.empty() ? "" : element("ul", of_class("legend"), entries) + "\n";
}

// The lines' names, each with its last figure where that tells something.
std::string legend(const Chart& chart) {
  constexpr int digits = 4;
  std::string list;
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    const std::vector<Point>& points = chart.series[n].points;
    std::size_t last = points.size();
    while (last > 0 && !is_drawn(points[last - 1])) --last;
    const std::string name = escaped(chart.series[n].name);
    if (last == 0 || (name.empty() && !chart.last_values)) continue;
    const std::string figure =
        chart.last_values ? element("b", "", shown_number(points[last - 1].y, digits)) : "";
    std::string words = name;
    if (!name.empty() && !figure.empty()) words += " ";
    words += figure;
    list += legend_entry(ink_class(series_ink(n)), words);
  }
  if (chart.limit)
    list += legend_entry("limit", "limit " + element("b", "", shown_number(*chart.limit, digits)));
  if (!chart.spans.empty() && !chart.spans_name.empty())
    list += legend_entry("odd", escaped(chart.spans_name));
  if (!chart.alarms.empty() && !chart.alarms_name.empty())
    list += legend_entry("alarm", escaped(chart.alarms_name));
  return legend_list(list);
}

std::string legend(const Histogram& histogram) {
  if (histogram.odd_counts.empty()) return "";
  std::string list =
      legend_entry("bars", escaped(histogram.name)) + legend_entry("odd", escaped(histogram.odd_name));
  if (histogram.limit) list += legend_entry("limit", "limit");
  return legend_list(list);
}

std::string image(const PagePicture& entry) {
  const Picture& pixels = entry.picture;
  return "<img alt=\"" + escaped(entry.title) + "\" width=\"" + std::to_string(pixels.width) +
         "\" height=\"" + std::to_string(pixels.height) + "\" src=\"data:image/png;base64," +
         base64(encode_png(pixels)) + "\">";
}

std::string picture(const PagePicture& entry) {
  const Picture& pixels = entry.picture;
  const bool wide = pixels.width > 720 || 2 * pixels.width > 3 * pixels.height;
  return figure(wide ? "picture wide" : "picture", entry.title, entry.caption, image(entry));
}

std::string small_pictures(const std::vector<PagePicture>& all) {
  std::string content;
  for (const PagePicture& entry : all)
    content += element("figure", "",
                       image(entry) + element("figcaption", "",
                                              element("b", "", escaped(entry.title)) +
                                                  optional_text("p", "", entry.caption))) +
               "\n";
  return content.empty() ? "" : element("div", of_class("small wide"), "\n" + content) + "\n";
}

std::string section(const Section& part) {
  std::string content;
  for (const ConfusionTable& table : part.tables)
    if (has_data(table))
      content += figure(is_wide(table) ? "chart wide" : "chart", table.title, table.caption, drawing(table));
  for (const Chart& chart : part.charts)
    if (has_data(chart))
      content += figure(chart.wide ? "chart wide" : "chart", chart.title, chart.caption,
                        legend(chart) + drawing(chart));
  for (const Histogram& histogram : part.histograms)
    if (has_data(histogram))
      content += figure("chart", histogram.title, histogram.caption, legend(histogram) + drawing(histogram));
  for (const PagePicture& entry : part.pictures)
    if (!entry.picture.pixels.empty()) content += picture(entry);
  content += small_pictures(part.small_pictures);
  for (const ChartGrid& grid : part.grids)
    if (!grid.charts.empty()) content += figure("chart wide", grid.title, grid.caption, drawing(grid));
  if (content.empty()) return "";
  return section(part.title, optional_text("p", of_class("note"), part.caption) +
                                 element("div", of_class("grid"), "\n" + content));
}

std::string options(const Report& all) {
  std::string list;
  for (const auto& [name, value] : all)
    list += element("div", "", element("dt", "", escaped(name)) + element("dd", "", escaped(value))) + "\n";
  return list.empty() ? "" : element("dl", of_class("options"), "\n" + list);
}

std::string command(const std::string& line) {
  return line.empty() ? "" : element("pre", "tabindex=\"0\"", element("code", "", escaped(line)));
}

}  // namespace

std::string to_html(const Page& page) {
  const std::string head =
      "<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n" +
      element("title", "", escaped(page.title)) + "\n" +
      element("style", "", "\n" + drawing_style() + std::string(page_style)) + "\n";
  std::string sections;
  for (const Section& part : page.sections) sections += section(part);
  const std::string body =
      element("header", "",
              element("h1", "", escaped(page.title)) + optional_text("p", of_class("lead"), page.subtitle)) +
      "\n" + summary(page.summary) + sections + section("Options", options(page.options)) +
      section("To repeat it", command(page.command)) + optional_text("footer", "", page.footer);
  return "<!DOCTYPE html>\n" +
         element("html", "lang=\"en\"",
                 "\n" + element("head", "", "\n" + head) + "\n" +
                     element("body", "", "\n" + element("main", "", "\n" + body + "\n") + "\n") + "\n") +
         "\n";
}

void write_page(platform::OutputFile& file, const Page& page) {
  file.write(to_html(page));
}

}  // namespace tool
