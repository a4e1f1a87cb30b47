// From a model of floats with labels to the device's integers, and packed.
#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "rbm/pack.hpp"
#include "rbm/quantizer.hpp"

namespace {

constexpr std::size_t units = 6, labels = 3, visible = units + labels, hidden = 4;

/// Units of one kind and three labels, with their integers.
struct Labelled {
  std::vector<rbm::VisibleGroup> groups;
  std::vector<float> weights, bias, hidden_bias, offset, scale, loadings;
  std::vector<std::uint8_t> codes, shifts, levels;
  std::vector<std::int16_t> device_bias, device_hidden, device_label, offsets;
  std::vector<std::uint16_t> scales, gains;
  std::vector<float> steps, origin;
  rbm::QuantizedModelView view{};

  explicit Labelled(bool real)
      : groups{{real ? rbm::VisibleKind::real : rbm::VisibleKind::binary, 0, units},
               {rbm::VisibleKind::choice, units, visible}},
        weights(hidden * visible),
        bias(visible),
        hidden_bias(hidden),
        offset(real ? visible : 0),
        scale(real ? visible : 0, 1.0f),
        loadings(real ? visible : 0),
        codes(hidden * units),
        shifts(hidden),
        levels(units),
        device_bias(units),
        device_hidden(labels * hidden),
        device_label(labels),
        offsets(units),
        scales(units),
        gains(3),
        steps(units, 1.0f),
        origin(units) {
    std::mt19937 random(5);
    for (auto* values : {&weights, &bias, &hidden_bias})
      for (float& value : *values) value = static_cast<float>(random() >> 8) * 0x1p-23f - 1.0f;
    for (std::size_t j = 0; real && j < units; ++j) {
      offset[j] = 100;
      scale[j] = 10;
      loadings[j] = 0.25f;
    }
    view = {8, 0, units, hidden, codes.data(), shifts.data(), device_bias.data(), device_hidden.data()};
    if (real)
      view.layer = {
          0, 0, 1, steps.data(), offsets.data(), scales.data(), levels.data(), gains.data(), origin.data()};
    view.labels = labels;
    view.label_bias = device_label.data();
  }
  bool real() const { return !scale.empty(); }
  rbm::RbmView model() {
    return {{weights.data(), hidden, visible, visible},
            {bias.data(), visible},
            {hidden_bias.data(), hidden},
            {groups.data(),
             groups.size(),
             {offset.data(), offset.size()},
             {scale.data(), scale.size()},
             {loadings.data(), real() ? 1u : 0u, visible, visible}}};
  }
  void quantize() {
    const std::vector<float> none(visible);
    rbm::quantize(view, model(), {{none.data(), visible}, {none.data(), hidden}});
  }
};

}  // namespace

TEST_CASE("labels in integers: each label has the biases that are left when it is given") {
  for (const bool real : {false, true}) {
    Labelled model(real);
    model.quantize();
    const double step = std::ldexp(1.0, -static_cast<int>(model.view.fraction));
    for (std::size_t y = 0; y < labels; ++y) {
      CHECK(std::fabs(step * model.device_label[y] - static_cast<double>(model.bias[units + y])) <= step);
      for (std::size_t i = 0; i < hidden; ++i) {
        double wanted = static_cast<double>(model.hidden_bias[i]) +
                        static_cast<double>(model.weights[i * visible + units + y]);
        for (std::size_t j = 0; real && j < units; ++j)
          wanted += static_cast<double>(model.origin[j]) * step * rbm::weight_in_steps(model.view, i, j);
        CHECK(std::fabs(step * model.device_hidden[y * hidden + i] - wanted) <= step);
      }
    }
    Labelled back(real);
    rbm::dequantize(back.model(), model.view);
    for (std::size_t i = 0; i < hidden; ++i)
      for (std::size_t y = 0; y < labels; ++y)
        CHECK(back.hidden_bias[i] + back.weights[i * visible + units + y] ==
              static_cast<float>(step) * static_cast<float>(model.device_hidden[y * hidden + i]));
    for (std::size_t j = units; real && j < visible; ++j) {
      CHECK(back.offset[j] == 0);
      CHECK(back.scale[j] == 1);
      CHECK(back.loadings[j] == 0);
    }
  }
}

TEST_CASE("labels in integers: the units before them are a model of their own") {
  for (const bool real : {false, true}) {
    Labelled all(real);
    const rbm::ConstRbmView view = all.model(), first = rbm::detail::first_units(view, units);
    CHECK(first.has_shape({units, hidden}));
    CHECK(first.layer.group_count == 1);
    CHECK(first.layer.has_real() == real);
    CHECK(first.layer.factors() == (real ? 1 : 0));
    CHECK(first.weights.row(1)[units - 1] == view.weights.row(1)[units - 1]);
  }
}

TEST_CASE("labels in integers: steps are as coarse as the largest bias of any label needs") {
  Labelled usual(false), of_units(false), of_label(false);
  of_units.weights[units + 2] = 150;  // of hidden unit 0, given label 2
  of_label.bias[units + 1] = -900;
  for (Labelled* model : {&usual, &of_units, &of_label}) model->quantize();
  CHECK(of_units.view.fraction < usual.view.fraction);
  CHECK(of_label.view.fraction < usual.view.fraction);
  CHECK(std::ldexp(of_units.device_hidden[2 * hidden], -static_cast<int>(of_units.view.fraction)) ==
        doctest::Approx(150 + static_cast<double>(of_units.hidden_bias[0])).epsilon(0.001));
  CHECK(std::ldexp(of_label.device_label[1], -static_cast<int>(of_label.view.fraction)) == -900);
}

TEST_CASE("labels in integers: a packed model has them, and its checksum is theirs") {
  Labelled bits(false), readings(true);
  bits.quantize();
  readings.quantize();
  std::vector<std::uint32_t> words(rbm::packed_words(units, hidden, 8)),
      loadings(rbm::packed_loading_words(units, 1));
  const rbm_classifier classifier =
      rbm::with_labels(rbm::pack({words.data(), words.size()}, bits.view), bits.view);
  CHECK(classifier.labels.count == labels);
  CHECK(classifier.labels.bias == bits.device_label.data());
  CHECK(classifier.base.hidden_bias == bits.device_hidden.data());
  CHECK(classifier.base.checksum == rbm_classifier_checksum(&classifier));
  const std::uint32_t before = classifier.base.checksum;
  ++bits.device_label[2];
  CHECK(rbm_classifier_checksum(&classifier) != before);
  const rbm_real_classifier real = rbm::with_labels(
      rbm::pack({words.data(), words.size()}, {loadings.data(), loadings.size()}, readings.view),
      readings.view);
  CHECK(real.labels.count == labels);
  CHECK(real.base.base.checksum == rbm_real_classifier_checksum(&real));
}
