#pragma once

#include <string_view>

namespace tool {

/// The style sheet of pages, which stands behind drawing_style() of svg.hpp: light or dark as the reader's
/// system, one column on a phone and two on a desktop, only the system's fonts.
inline constexpr std::string_view page_style = R"css(
:root {
  --paper: #fcfcfa; --ink: #1b1e23; --soft: #5c636e; --rule: #dcdcd6; --grid: #e9e9e4; --panel: #f3f3ef;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Palatino Linotype", Cambria, Georgia, serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --ink: #e4e5e2; --soft: #9ba2ad; --rule: #33373e; --grid: #262a30; --panel: #1c1f25;
  }
  .text { color: #9ba2ad; } .title { color: #e4e5e2; } .rule { color: #262a30; } .axis { color: #9ba2ad; }
  .s0 { color: #74b0f0; } .s1 { color: #f0a062; } .s2 { color: #6cc79c; } .s3 { color: #c39be6; }
  .bars { color: #4f7cae; } .odd { color: #d08a3e; } .limit, .alarm { color: #f0655c; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--serif); }
main { max-width: 62rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
h1 { margin: 0; font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.15; font-weight: 600;
  letter-spacing: -0.01em; overflow-wrap: anywhere; }
.lead { margin: 0.5rem 0 0; color: var(--soft); font-size: 1.1rem; max-width: 46rem; }
h2 { margin: 3.25rem 0 1.25rem; padding-top: 0.7rem; border-top: 1px solid var(--rule); font-size: 1.25rem;
  font-weight: 600; }
.note { margin: -0.6rem 0 1.6rem; color: var(--soft); max-width: 46rem; }
h3 { margin: 0; font-size: 1.02rem; font-weight: 600; }
figure { margin: 0; min-width: 0; display: flex; flex-direction: column; }
.chart figcaption { margin-bottom: auto; }
figcaption p { margin: 0.2rem 0 0; color: var(--soft); font-size: 0.9rem; line-height: 1.42; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr));
  gap: 2.5rem 3rem; }
.wide { grid-column: 1 / -1; }

.summary { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 12.5rem), 1fr));
  gap: 1.5rem 2rem; margin: 2rem 0 0; padding: 1.5rem 0 0; border-top: 1px solid var(--rule); }
.summary dt { color: var(--soft); font: 0.8rem/1.4 var(--sans); }
.summary dd { margin: 0; font-size: 1.55rem; line-height: 1.25; font-variant-numeric: lining-nums; }
.summary small { font-size: 0.95rem; color: var(--soft); }
.summary .remark { font-size: 0.88rem; line-height: 1.4; color: var(--soft); margin-top: 0.15rem; }

.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.1rem 1.25rem; margin: 0.6rem 0 0.4rem;
  padding: 0; font: 0.82rem/1.5 var(--sans); color: var(--soft); font-variant-numeric: tabular-nums; }
.legend i { display: inline-block; width: 1.1em; height: 0.17em; border-radius: 1px; margin-right: 0.45em;
  vertical-align: 0.26em; background: currentColor; }
.legend .odd, .legend .bars { height: 0.7em; vertical-align: -0.05em; }
.legend .alarm { width: 0.45em; height: 0.45em; border-radius: 50%; vertical-align: 0.1em; }
.legend b { font-weight: 600; color: var(--ink); }
svg { display: block; width: 100%; height: auto; overflow: visible; }
figcaption + svg { padding-top: 0.7rem; }

img { display: block; max-width: 100%; height: auto; margin-top: 0.9rem; border-radius: 2px; }
.small { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.4rem, 1fr)); gap: 1.1rem 0.9rem; }
.small img { width: 100%; margin: 0 0 0.35rem; image-rendering: pixelated; }
.small b { font-weight: 600; }
.options { columns: 17rem; column-gap: 3rem; margin: 0; font: 0.88rem/1.5 var(--sans); }
.options div { display: flex; justify-content: space-between; gap: 1rem; padding: 0.25rem 0;
  border-bottom: 1px solid var(--grid); break-inside: avoid; }
.options dt { color: var(--soft); }
.options dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
pre { margin: 0; padding: 0.9rem 1.1rem; background: var(--panel); border-radius: 4px; overflow-x: auto; }
code { font: 0.88rem/1.55 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
footer { margin-top: 3rem; color: var(--soft); font: 0.8rem/1.5 var(--sans); }
@media (max-width: 40rem) {
  main { padding-top: 1.75rem; }
  .chart.wide { overflow-x: auto; }
  .chart.wide svg { width: 46rem; overflow: hidden; }
  .summary { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem 1.25rem; }
}
@media print { main { max-width: none; padding: 0; } figure { break-inside: avoid; } }
)css";

}  // namespace tool
