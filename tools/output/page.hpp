#pragma once

#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/output/chart.hpp"
#include "tools/output/chart_grid.hpp"
#include "tools/output/confusion_table.hpp"
#include "tools/output/histogram.hpp"
#include "tools/output/png.hpp"
#include "tools/output/report.hpp"

namespace tool {

/// A figure of a page's summary.
struct Figure {
  std::string what;    ///< "Log-likelihood, test"
  std::string value;   ///< "−86.3 ± 0.2"
  std::string unit;    ///< "nats"; may be empty
  std::string remark;  ///< how it was found; may be empty
};

/// A picture with a caption.
struct PagePicture {
  std::string title;
  std::string caption;
  Picture picture;
};

/// A part of a page, under a heading; nothing of it where it shows nothing.
struct Section {
  std::string title;
  std::vector<Chart> charts{};
  std::vector<Histogram> histograms{};
  std::vector<PagePicture> pictures{};
  std::vector<ChartGrid> grids{};
  std::string caption{};  ///< how to read all of it; may be empty
  std::vector<ConfusionTable> tables{};
  std::vector<PagePicture> small_pictures{};  ///< many to a row, each above its title
};

/// A report as people read it in a browser. All texts are plain UTF-8; what is empty is left out.
struct Page {
  std::string title;
  std::string subtitle;
  std::vector<Figure> summary;
  std::vector<Section> sections;
  Report options;       ///< option and value
  std::string command;  ///< what a shell repeats the run with
  std::string footer;
};

/// The page: one HTML file with all that it shows inside it, no script and nothing from elsewhere. The same
/// page gives the same bytes everywhere.
std::string to_html(const Page& page);

/// Writes the page.
void write_page(platform::OutputFile& file, const Page& page);

}  // namespace tool
