#include "tools/output/page.hpp"

#include "tools/output/axis.hpp"
#include "tools/output/markup.hpp"
#include "tools/output/page_style.hpp"

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

std::string grid(const std::string& content) {
  return content.empty() ? "" : element("div", of_class("grid"), "\n" + content);
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

// The lines' names, each with its last figure.
std::string legend(const Chart& chart) {
  constexpr int digits = 4;
  std::string list;
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    const std::vector<Point>& points = chart.series[n].points;
    std::size_t last = points.size();
    while (last > 0 && !is_drawn(points[last - 1])) --last;
    if (last == 0) continue;
    const std::string name = chart.series[n].name;
    list += element("li", of_class("s" + std::to_string(n % 4)),
                    escaped(name) + (name.empty() ? "" : " ") +
                        element("b", "", shown_number(points[last - 1].y, digits)));
  }
  return element("ul", of_class("legend"), list) + "\n";
}

std::string charts(const std::vector<Chart>& all) {
  std::string content;
  for (const Chart& chart : all)
    if (has_data(chart))
      content += figure("chart", chart.title, chart.caption, legend(chart) + drawing(chart));
  return grid(content);
}

std::string histograms(const std::vector<Histogram>& all) {
  std::string content;
  for (const Histogram& histogram : all)
    if (has_data(histogram))
      content += figure("chart", histogram.title, histogram.caption, drawing(histogram));
  return grid(content);
}

std::string pictures(const std::vector<PagePicture>& all) {
  std::string content;
  for (const PagePicture& entry : all) {
    const Picture& picture = entry.picture;
    if (picture.pixels.empty()) continue;
    const bool wide = picture.width > 720 || 2 * picture.width > 3 * picture.height;
    content += figure(wide ? "picture wide" : "picture", entry.title, entry.caption,
                      "<img alt=\"" + escaped(entry.title) + "\" width=\"" + std::to_string(picture.width) +
                          "\" height=\"" + std::to_string(picture.height) +
                          "\" src=\"data:image/png;base64," + base64(encode_png(picture)) + "\">");
  }
  return grid(content);
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
      element("title", "", escaped(page.title)) + "\n" + element("style", "", page_style) + "\n";
  const std::string body =
      element("header", "",
              element("h1", "", escaped(page.title)) + optional_text("p", of_class("lead"), page.subtitle)) +
      "\n" + summary(page.summary) + section("Learning curves", charts(page.charts)) +
      section("Weights and activities", histograms(page.histograms)) +
      section("Readings", charts(page.readings)) + section("Pictures", pictures(page.pictures)) +
      section("Options", options(page.options)) + section("To repeat it", command(page.command)) +
      optional_text("footer", "", page.footer);
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
