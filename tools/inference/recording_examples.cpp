#include "tools/inference/recording_examples.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "tools/base/text.hpp"
#include "tools/inference/curves.hpp"
#include "tools/inference/recorded_times.hpp"
#include "tools/inference/shares.hpp"

namespace tool {
namespace {

// The examples of some numbers, as data.
Examples picked(const RecordingPage& page, const std::vector<std::size_t>& numbers) {
  Examples examples{{}, page.examples->kind, page.examples->seed};
  Dataset& data = examples.data;
  const Dataset& all = page.examples->data;
  data.name = all.name;
  data.kind = all.kind;
  data.rows = numbers.size();
  data.columns = data.width = all.columns;
  data.height = 1;
  data.values.resize(data.rows * data.columns);
  for (std::size_t n = 0; n < numbers.size(); ++n) all.row(numbers[n], data.values.data() + n * data.columns);
  return examples;
}

std::vector<float> reconstructions_of(const Model& model, const Examples& examples, const Workers& workers) {
  std::vector<float> rows;
  run_over(
      model, examples, examples.data.rows, workers,
      [](Inference& inference, std::size_t, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        inference.hidden_probabilities(begin, end);
        inference.reconstruct(begin, end);
      },
      [&](Inference& inference, std::size_t, std::size_t count) {
        for (std::size_t n = 0; n < count; ++n)
          rows.insert(rows.end(), inference.visible_values(n).data,
                      inference.visible_values(n).data + model.visible);
      });
  return rows;
}

void append(std::vector<Chart>& charts, std::vector<Chart> more) {
  std::move(more.begin(), more.end(), std::back_inserter(charts));
}

// The numbers of the examples with the highest scores that have no row in common.
std::vector<std::size_t> oddest(const RecordingPage& page, std::size_t most) {
  const Dataset& data = page.examples->data;
  const std::size_t span = data.ends.empty() ? 1 : data.windows.rows();
  const RecordedTimes times(page.examples->data);
  std::vector<std::size_t> order(page.scores.size()), found;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return page.scores[a] > page.scores[b]; });
  for (const std::size_t example : order) {
    const std::size_t row = times.row(example);
    const bool apart = std::all_of(found.begin(), found.end(), [&](std::size_t other) {
      const std::size_t there = times.row(other);
      return std::max(row, there) - std::min(row, there) >= span;
    });
    if (apart) found.push_back(example);
    if (found.size() == most) break;
  }
  return found;
}

// Shares as darkness: the largest is 1, and what makes an example more usual is not shaded.
std::vector<double> darkness(std::vector<double> shares) {
  const double largest = *std::max_element(shares.begin(), shares.end());
  for (double& share : shares) share = largest > 0 ? std::max(share, 0.0) / largest : 0;
  return shares;
}

Curves::Named beside(const Examples& examples, const std::vector<float>& reconstructions, std::size_t n) {
  const std::size_t place = n * examples.data.columns;
  return {{"example", examples.data.values.data() + place},
          {"reconstruction", reconstructions.data() + place}};
}

}  // namespace

Section oddest_section(const RecordingPage& page, const Workers& workers) {
  constexpr std::size_t most = 6;
  constexpr int digits = 4;
  const Model& model = *page.model;
  const std::vector<std::size_t> numbers = oddest(page, most);
  const Examples examples = picked(page, numbers);
  const std::vector<float> reconstructions = reconstructions_of(model, examples, workers);
  const Curves curves(model);
  const Shares shares(model);
  const RecordedTimes times(page.examples->data);
  Section section{"The oddest"};
  section.caption =
      "Shaded readings make the example odd: the darker, the larger the reading's share of the free energy "
      "that the "
      "example has above that of the mean of what was learned.";
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    std::vector<Chart> charts =
        curves.charts(shown_number(page.scores[numbers[n]], digits) + " nats, " + times.words(numbers[n]),
                      beside(examples, reconstructions, n));
    curves.shade(charts, darkness(shares.of(examples.data.values.data() + n * model.units())));
    for (Chart& chart : charts) chart.spans_name = "makes it odd";
    append(section.charts, std::move(charts));
  }
  return section;
}

Section usual_section(const RecordingPage& page, const Workers& workers) {
  constexpr std::size_t most = 4, steps = 1000;
  const Model& model = *page.model;
  std::vector<std::size_t> normal, numbers;
  for (std::size_t n = 0; n < page.scores.size(); ++n)
    if (!is_odd(page.examples->data, n)) normal.push_back(n);
  for (std::size_t n = 0; n < std::min(most, normal.size()); ++n)
    numbers.push_back(normal[n * normal.size() / std::min(most, normal.size())]);
  Section section{"Examples and what the model makes of them"};
  if (numbers.empty()) return section;
  const Examples examples = picked(page, numbers);
  const std::vector<float> reconstructions = reconstructions_of(model, examples, workers);
  const Curves curves(model);
  const RecordedTimes times(page.examples->data);
  for (std::size_t n = 0; n < numbers.size(); ++n)
    append(section.charts,
           curves.charts("Example " + times.words(numbers[n]), beside(examples, reconstructions, n)));
  Inference inference(model, numbers.size(), examples.kind == rbm::VisibleUnits::means);
  inference.start_from(examples, 0, numbers.size());
  const std::vector<rbm::Unit> none;
  ClampedChains free(none);
  for (std::size_t n = 0; n < numbers.size(); ++n) free.add(inference.visible(n));
  inference.gibbs_steps(0, numbers.size(), steps, free);
  Curves::Named made;
  for (std::size_t n = 0; n < numbers.size(); ++n)
    made.emplace_back(std::to_string(n + 1), inference.visible_values(n).data);
  std::vector<Chart> samples = curves.charts("Made up", made);
  samples[0].caption = "What the model makes up by itself, at the end of chains of 1,000 Gibbs steps.";
  append(section.charts, std::move(samples));
  return section;
}

}  // namespace tool
