#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/inference/curves.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/model.hpp"
#include "tools/output/picture.hpp"

namespace tool {

/// The states of chains at some moments: what a picture of samples shows.
class Snapshots {
 public:
  /// At the end of `steps` steps of so many chains; unless `every` is 0, at their start and each `every`
  /// steps too.
  Snapshots(const Model& model, std::size_t chains, std::uint64_t steps, std::uint64_t every)
      : chains_(chains),
        every_(every),
        steps_(steps),
        visible_(model.units()),
        readings_(model.has_readings()),
        labels_(model.labels() > 0 ? chains : 0) {
    constexpr std::uint64_t most_pictures = 20000;
    const std::uint64_t moments = every_ == 0 ? 1 : 2 + (steps_ - 1) / every_;
    if (moments > most_pictures / chains_)
      throw Misuse("--every: " + counted(chains_, "chain") + " at " + grouped(moments) +
                   " moments are more than " + grouped(most_pictures) +
                   " pictures: fewer --count, a larger --every");
    moments_ = static_cast<std::size_t>(moments);
    values_.resize(chains_ * moments_ * visible_);
  }

  /// The next step after which take() is due.
  std::uint64_t next(std::uint64_t step) const {
    return every_ == 0 ? steps_ : std::min(steps_, (step / every_ + 1) * every_);
  }

  /// The states that the chains start from.
  void take_start(const Inference& inference) {
    if (every_ == 0) return;
    if (readings_) return take(inference);
    for (std::size_t n = 0; n < chains_; ++n) {
      const rbm::ActiveUnits state = inference.visible(n);
      for (std::size_t unit = 0; unit < state.count && state.units[unit] < visible_; ++unit)
        place(n)[state.units[unit]] = 1;
    }
    ++moment_;
  }

  /// p(v = 1 | h) as it is now, or the readings.
  void take(const Inference& inference) {
    for (std::size_t n = 0; n < chains_; ++n)
      std::copy_n(inference.visible_values(n).data, visible_, place(n));
    for (std::size_t n = 0; n < labels_.size(); ++n) labels_[n] = inference.label(n);
    ++moment_;
  }

  /// What a chain's last moment holds [visible].
  const float* end_of(std::size_t chain) const {
    return values_.data() + ((chain + 1) * moments_ - 1) * visible_;
  }

  /// The label of each chain's last moment; empty where the model has no labels.
  const std::vector<std::size_t>& labels() const { return labels_; }

  /// Writes the picture: curves of readings, SVG where `path` ends in .svg, else PNG.
  void draw(platform::OutputFile& file, const std::string& path, const Model& model) const {
    if (draws_curves(model)) return write_grid(file, path, samples_grid(model, values_, moments_));
    write_png(file, picture(model));
  }

 private:
  Picture picture(const Model& model) const {
    std::vector<float> values = values_;
    scale_for_picture(model, values);
    const GreyRange greys = readings_ ? range_of(values) : GreyRange{};
    if (every_ == 0) return tile(values, model.shape, Palette::grey, {}, greys);
    return tile(values, model.shape, Palette::grey, moments_, greys);
  }

  float* place(std::size_t chain) { return values_.data() + (chain * moments_ + moment_) * visible_; }

  std::size_t chains_, moments_;
  std::uint64_t every_, steps_;
  std::size_t visible_, moment_ = 0;  // visible_: units but the labels
  bool readings_;
  std::vector<std::size_t> labels_;  // [chains]
  std::vector<float> values_;        // [chains][moments][visible]
};

}  // namespace tool
