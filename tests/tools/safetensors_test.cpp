#include "tools/model/safetensors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "tests/support/folder.hpp"
#include "tests/support/sample_files.hpp"
#include "tools/base/failure.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

tool::TensorFile parse(const std::string& bytes) {
  return tool::parse_safetensors(std::vector<unsigned char>(bytes.begin(), bytes.end()), "model");
}

tool::Model parse_model(const std::string& header, std::size_t count) {
  return tool::model_from(parse(safetensors_file(header, floats(std::vector<float>(count)))), "model");
}

std::string written(const tool::TensorFile& content) {
  const Folder folder;
  tool::save(folder.path("file"), content);
  return folder.read("file");
}

#define CHECK_REFUSED(bytes, message) CHECK_THROWS_WITH_AS(parse(bytes), message, tool::Failure)

// A file of one tensor of two floats, from its whole header or from the tensor's part of it.
std::string with_header(const std::string& header) {
  return safetensors_file(header, floats({1, 2}));
}
std::string with_tensor(const std::string& announced) {
  return with_header("{\"a\":" + announced + "}");
}

}  // namespace

TEST_CASE("safetensors: tensors of every rank, in any order of bytes, with metadata and spaces") {
  const tool::TensorFile file =
      parse(safetensors_file("{\"__metadata__\": {\"k\": \"v\", \"e\": \"\\u20ac\\n\\ud83d\\ude00\"},\n " +
                                 tensor("b", "1,2,1,1", 4, 12) + ", " + tensor("a", "", 0, 4) + " }  ",
                             floats({7, 1, -2})));
  REQUIRE(file.tensors.size() == 2);
  REQUIRE(file.find("a") != nullptr);
  REQUIRE(file.find("b") != nullptr);
  CHECK(file.find("c") == nullptr);
  CHECK(file.find("a")->shape.empty());
  CHECK(file.find("a")->values == std::vector<float>{7});
  CHECK(file.find("b")->shape == std::vector<std::size_t>{1, 2, 1, 1});
  CHECK(file.find("b")->values == std::vector<float>{1, -2});
  CHECK(file.metadata.at("k") == "v");
  CHECK(file.metadata.at("e") == "\xe2\x82\xac\n\xf0\x9f\x98\x80");
}

TEST_CASE("safetensors: the bytes that are written") {
  tool::TensorFile file;
  file.tensors = {{"W", {2, 1}, {1, -0.5f}}, {"scalar", {}, {3}}};
  file.metadata = {{"k\"\\\n", "\xe2\x82\xac"}};
  const std::string header =
      "{\"__metadata__\":{\"k\\\"\\\\\\u000a\":\"\xe2\x82\xac\"},"
      "\"W\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
      "\"scalar\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
  const std::string padding((8 - header.size() % 8) % 8, ' ');
  CHECK(written(file) == safetensors_file(header + padding, floats({1, -0.5f, 3})));
}

TEST_CASE("safetensors: what was written is read back bit by bit") {
  tool::TensorFile file;
  const std::vector<float> values{
      0, -0.0f, 0.1f, std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::max(), -1};
  file.tensors = {{"a", {2, 3}, values}, {"\xc3\xa9", {6}, values}};
  file.metadata = {{"x", ""}, {"y", "\t\"\\ \xf0\x9f\x98\x80"}};
  const std::string bytes = written(file);
  const tool::TensorFile read = parse(bytes);
  CHECK(read.metadata == file.metadata);
  REQUIRE(read.tensors.size() == 2);
  CHECK(floats(read.find("a")->values) == floats(values));
  CHECK(read.find("a")->shape == std::vector<std::size_t>{2, 3});
  CHECK(floats(read.find("\xc3\xa9")->values) == floats(values));
  CHECK(written(read) == bytes);
}

TEST_CASE("safetensors: values that come in parts are written as ones that are there") {
  tool::TensorFile whole, parts;
  whole.tensors = {{"a", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"b", {1}, {7}}};
  parts.tensors = {{"a",
                    {2, 3},
                    {},
                    [](const tool::FloatSink& take) {
                      const float values[] = {1, 2, 3, 4, 5, 6};
                      take(values, 2);
                      take(values + 2, 4);
                    }},
                   {"b", {1}, {7}}};
  CHECK(written(parts) == written(whole));
}

TEST_CASE("safetensors: of tensors whose values are not wanted, the shape is read, and checked") {
  tool::TensorFile file;
  file.tensors = {{"large", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"small", {1}, {7}}};
  const std::string bytes = written(file);
  const auto read = [](const std::string& text) {
    return tool::parse_safetensors(std::vector<unsigned char>(text.begin(), text.end()), "f",
                                   tool::every_tensor, [](std::string_view name) { return name == "small"; });
  };
  const tool::TensorFile found = read(bytes);
  CHECK(found.find("large")->shape == std::vector<std::size_t>{2, 3});
  CHECK(found.find("large")->values.empty());
  CHECK(found.find("small")->values == std::vector<float>{7});
  CHECK_THROWS_AS(read(bytes.substr(0, bytes.size() - 1)), tool::Failure);
}

TEST_CASE("safetensors: text that is not UTF-8 is not written") {
  tool::TensorFile file;
  file.metadata = {{"name", "\xff"}};
  CHECK_THROWS_WITH_AS(written(file), "a name or metadata of a model is not UTF-8", tool::Failure);
}

TEST_CASE("safetensors: what is no such file, or not whole, is refused") {
  const std::string good = with_tensor("{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}");
  CHECK(parse(good).tensors.size() == 1);
  CHECK_REFUSED("", "model: is no safetensors file");
  CHECK_REFUSED(good.substr(0, 8), "model: is no safetensors file");
  CHECK_REFUSED("\x93NUMPY\1\0 and more", "model: is no safetensors file");
  CHECK_REFUSED(good.substr(0, 20), "model: is cut short within its header");
  CHECK_REFUSED(good.substr(0, good.size() - 1), "model: is cut short: its tensors are longer than the file");
  CHECK_REFUSED(good + "1", "model: is longer than its tensors");
  CHECK_REFUSED(little(100000001, 8) + "{", "model: announces a safetensors header above 100 MB");
  CHECK_REFUSED(little(100000000, 8) + "{", "model: is cut short within its header");
  CHECK_REFUSED(little(UINT64_MAX, 8) + "{", "model: announces a safetensors header above 100 MB");
}

TEST_CASE("safetensors: tensors must follow one another without holes or overlaps") {
  const auto two = [](std::size_t begin, std::size_t end) {
    return with_header("{" + tensor("a", "1", 0, 4) + "," + tensor("b", "1", begin, end) + "}");
  };
  CHECK(parse(two(4, 8)).tensors.size() == 2);
  CHECK_REFUSED(two(0, 4), "model: its tensors overlap or leave holes");
  CHECK_REFUSED(two(3, 7), "model: its tensors overlap or leave holes");
  CHECK_REFUSED(two(5, 9), "model: its tensors overlap or leave holes");
  CHECK_REFUSED(with_header("{" + tensor("a", "1", 4, 8) + "}"), "model: its tensors overlap or leave holes");
  CHECK_REFUSED(with_header("{}"), "model: is longer than its tensors");
}

TEST_CASE("safetensors: impossible shapes are refused, also where their product overflows") {
  const char* const unfit = "model: tensor 'a': its offsets do not fit its shape";
  CHECK_REFUSED(with_header("{" + tensor("a", "3", 0, 8) + "}"), unfit);
  CHECK_REFUSED(with_header("{" + tensor("a", "0", 0, 8) + "}"), unfit);
  CHECK_REFUSED(with_header("{" + tensor("a", "2", 8, 0) + "}"), unfit);
  // 2^32 x 2^32 x 4 bytes are 0 modulo 2^64, and 2^62 + 2 floats are 8 bytes.
  CHECK_REFUSED(safetensors_file("{" + tensor("a", "4294967296,4294967296", 0, 0) + "}", ""), unfit);
  CHECK_REFUSED(with_header("{" + tensor("a", "4611686018427387906", 0, 8) + "}"), unfit);
}

TEST_CASE("safetensors: wanted values are finite floats of any size, rounded to float32") {
  const auto values = [](const std::string& type, const std::string& payload, const std::string& shape) {
    return parse(safetensors_file("{" + tensor("a", shape, 0, payload.size(), type) + "}", payload))
        .find("a")
        ->values;
  };
  CHECK(values("F16", little(0x3c00, 2) + little(0xc200, 2) + little(0x0001, 2), "3") ==
        std::vector<float>{1, -3, 0x1p-24f});
  CHECK(values("BF16", little(0x3f80, 2) + little(0xc040, 2) + little(0x7f7f, 2) + little(0x0001, 2),
               "2,2") == std::vector<float>{1, -3, 0x1.fep127f, 0x1p-133f});
  // A tie goes to the even float; the last double below what rounds to infinity is the largest float.
  std::string doubles;
  for (const double value : {0.1, 0x1.000001p0, 0x1.000003p0, 0x1.fffffefffffffp127, -1e-300})
    doubles += little(double_bits(value), 8);
  CHECK(values("F64", doubles, "1,5,1") ==
        std::vector<float>{0.1f, 1, 0x1.000004p0f, std::numeric_limits<float>::max(), -0.0f});

  using Bits = std::tuple<const char*, std::uint64_t, std::size_t>;
  for (const auto& [type, bits, size] :
       {Bits("F32", 0x7f800000, 4), Bits("F32", 0xffc00000, 4), Bits("F16", 0x7c00, 2),
        Bits("F16", 0xfe01, 2), Bits("BF16", 0xff80, 2), Bits("BF16", 0x7fc0, 2),
        Bits("F64", double_bits(-INFINITY), 8), Bits("F64", double_bits(NAN), 8)})
    CHECK_THROWS_WITH_AS(values(type, little(bits, size), ""), "model: tensor 'a': holds NaN or infinity",
                         tool::Failure);
  CHECK_THROWS_WITH_AS(values("F64", little(double_bits(0x1.ffffffp127), 8), ""),
                       "model: tensor 'a': holds a number beyond what float32 can hold", tool::Failure);
  for (const char* type : {"I64", "F8_E4M3", "U8", "f32", ""}) {
    const std::string message = "model: tensor 'a': is of type '" + std::string(type) +
                                "', but only F32, F64, F16 and BF16 can be read";
    CHECK_THROWS_WITH_AS(values(type, floats({1, 2}), "2"), message.c_str(), tool::Failure);
  }
  CHECK_REFUSED(with_header("{" + tensor("a", "2", 0, 8, "F16") + "}"),
                "model: tensor 'a': its offsets do not fit its shape");
}

TEST_CASE("safetensors: what is not wanted is let be, whatever it is") {
  std::string others;
  for (int n = 0; n < 1000; ++n) others += "," + tensor("empty." + std::to_string(n), "0,2", 4, 4, "BOOL");
  const std::string header = "{" + tensor("a", "1", 0, 4) + "," + tensor("steps", "", 4, 12, "I64") + others +
                             "," + tensor("deep", "1,1,1,1,1,1,2", 12, 14, "F8_E4M3") + "," +
                             tensor("odd", "3", 14, 16, "F4") + "," + tensor("lost", "1", 16, 20) + "}";
  const std::string file = safetensors_file(header, floats({7}) + little(3, 12) + floats({NAN}));
  const tool::TensorFile read =
      tool::parse_safetensors(std::vector<unsigned char>(file.begin(), file.end()), "model",
                              [](std::string_view name) { return name == "a"; });
  REQUIRE(read.tensors.size() == 1);
  CHECK(read.find("a")->values == std::vector<float>{7});
  CHECK(read.others.size() == 1004);
  CHECK(read.others[0] == "steps");
}

TEST_CASE("safetensors: a header of more than 1 MB") {
  std::string header = "{" + tensor("a", "2", 0, 8);
  for (int n = 0; n < 20000; ++n) header += "," + tensor("empty." + std::to_string(n), "0", 8, 8);
  header += "}";
  REQUIRE(header.size() > 1 << 20);
  CHECK(parse(with_header(header)).find("a")->values == std::vector<float>{1, 2});
}

TEST_CASE("safetensors: metadata that are no text are kept as JSON") {
  const auto metadata = [](const std::string& json) {
    return parse(safetensors_file("{\"__metadata__\":" + json + "}", "")).metadata;
  };
  const auto read = metadata(
      " { \"epoch\" : 3 , \"rate\":-1.5e-3,\"done\":true,\"none\":null,\"list\": [ 1 , [] , {} ],"
      "\"object\":{\"a\":[{\"b\":\"}\\\"\"}],\"c\":{}},\"text\":\"\\u20ac\",\"not\":NaN } ");
  CHECK(read.at("epoch") == "3");
  CHECK(read.at("rate") == "-1.5e-3");
  CHECK(read.at("done") == "true");
  CHECK(read.at("none") == "null");
  CHECK(read.at("list") == "[ 1 , [] , {} ]");
  CHECK(read.at("object") == "{\"a\":[{\"b\":\"}\\\"\"}],\"c\":{}}");
  CHECK(read.at("text") == "\xe2\x82\xac");
  CHECK(read.at("not") == "NaN");
  for (const char* json : {"{}", "null", "[1,2]", "\"text\""}) CHECK(metadata(json).empty());
  constexpr std::size_t depth = 1 << 20;
  const std::string nested = std::string(depth, '[') + std::string(depth, ']');
  CHECK(metadata("{\"deep\":" + nested + "}").at("deep") == nested);
  for (const std::string& json :
       {std::string("{\"a\":}"), std::string("{\"a\":[}]}"), std::string("{\"a\":[1 2]}"),
        std::string("{\"a\":{1:2}}"), std::string("{\"a\":{\"b\"}}"), std::string("{\"a\":[1,]}"),
        std::string("{\"a\":{\"b\":1,}}"), std::string("{\"a\":[\"\xff\"]}"), std::string("{\"a\":@}"),
        std::string("{\"a\":3"), std::string("{\"a\":") + std::string(depth, '[')}) {
    CAPTURE(json.substr(0, 20));
    CHECK_THROWS_AS(metadata(json), tool::Failure);
  }
}

TEST_CASE("safetensors: members that lack or stand twice are refused") {
  CHECK_REFUSED(with_tensor("{\"dtype\":\"F32\",\"shape\":[2]}"),
                "model: tensor 'a': lacks its type, shape or offsets");
  CHECK_REFUSED(with_tensor("{\"shape\":[2],\"data_offsets\":[0,8]}"),
                "model: tensor 'a': lacks its type, shape or offsets");
  CHECK_REFUSED(with_tensor("{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}"),
                "model: tensor 'a': lacks its type, shape or offsets");
  CHECK_REFUSED(with_header("{" + tensor("a", "1", 0, 4) + "," + tensor("a", "1", 4, 8) + "}"),
                "model: holds the tensor 'a' twice");
  CHECK_REFUSED(with_header("{\"__metadata__\":{},\"__metadata__\":{}}"), "model: holds metadata twice");
  CHECK_REFUSED(with_header("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}"),
                "model: holds the metadata 'k' twice");
}

TEST_CASE("safetensors: a header that is no JSON is refused, with the place") {
  const std::string start = "{\"a\":{\"dtype\":\"F32\",\"shape\":[", end = "],\"data_offsets\":[0,8]}}";
  // Each with the part that must not be taken for a whole number.
  for (const char* extent :
       {"-2", "+2", "2.0", "2e0", "02", "", "2,", "18446744073709551618", "\"2\"", "null"}) {
    CAPTURE(extent);
    CHECK_THROWS_AS(parse(with_header(start + extent + end)), tool::Failure);
  }
  CHECK_REFUSED(with_header("{x}"), "model: its safetensors header is malformed at byte 2");
  for (const std::string& header :
       {std::string("{"), std::string("{\"a"), std::string("{\"a\"}"), std::string("{\"a\":1}"),
        start + "2" + end + "x", start + "2" + end + "{}", std::string("{\"__metadata__\":{\"k\":}}"),
        std::string("{\"__metadata__\":{\"k\":\"\\x\"}}"),
        std::string("{\"__metadata__\":{\"k\":\"\\ud800\"}}"),
        std::string("{\"__metadata__\":{\"k\":\"\\ud83d\\u0041\"}}"),
        std::string("{\"__metadata__\":{\"k\":\"\xed\xa0\x80\"}}"),  // halves of surrogates as UTF-8
        std::string("{\"__metadata__\":{\"k\":\"\xed\xb0\x80\"}}"),
        std::string("{\"__metadata__\":{\"k\":\"\\udc00\"}}"),
        std::string("{\"__metadata__\":{\"k\":\"\n\"}}"), std::string("{\"__metadata__\":{\"k\":\"\xff\"}}"),
        std::string("{\"__metadata__\":{\"k\":\"\xc0\x80\"}}"), with_header(start + "2" + end).substr(8, 50),
        std::string("{\"a\":{\"kind\":\"F32\"}}")}) {
    CAPTURE(header);
    std::string message;
    try {
      parse(with_header(header));
    } catch (const tool::Failure& failure) {
      message = failure.what();
    }
    CHECK(message.substr(0, message.rfind(' ')) == "model: its safetensors header is malformed at byte");
  }
}

TEST_CASE("a model's file: the tensors of the tutorial's state dict") {
  const tool::Model model = tool::model_from(parse(small_model()), "model");
  CHECK(model.visible == 3);
  CHECK(model.hidden == 2);
  const auto is = [](const auto& values, const std::vector<float>& expected) {
    return std::equal(values.begin(), values.end(), expected.begin(), expected.end());
  };
  CHECK(is(model.weights, {1, -1, 0.5f, -0.5f, 2, 0}));
  CHECK(is(model.visible_bias, {0.1f, 0.2f, -0.3f}));
  CHECK(is(model.hidden_bias, {0.4f, -0.5f}));
  CHECK(model.shape.height == 1);
  CHECK(model.shape.width == 3);
}

TEST_CASE("a model's file: the picture's shape is kept where it fits") {
  const auto shape_text = [](const std::string& metadata) {
    const tool::Model model =
        parse_model("{\"__metadata__\":{" + metadata + "}," + tensor("W", "1,6", 0, 24) + "," +
                        tensor("v_bias", "6", 24, 48) + "," + tensor("h_bias", "1", 48, 52) + "}",
                    13);
    return std::make_pair(model.shape.height, model.shape.width);
  };
  const auto line = std::make_pair(std::size_t{1}, std::size_t{6});
  CHECK(shape_text("\"height\":\"2\",\"width\":\"3\"") == std::make_pair(std::size_t{2}, std::size_t{3}));
  CHECK(shape_text("\"height\":\"2\",\"width\":\"4\"") == line);
  CHECK(shape_text("\"height\":\"0\",\"width\":\"0\"") == line);
  CHECK(shape_text("\"height\":\"-2\",\"width\":\"-3\"") == line);
  CHECK(shape_text("\"height\":\"2\"") == line);
}

TEST_CASE("a model's file: tensors that lack or do not fit are refused") {
  const auto refused = [](const std::string& header, std::size_t count, const std::string& message) {
    CAPTURE(header);
    CHECK_THROWS_WITH_AS(parse_model(header, count), message.c_str(), tool::Failure);
  };
  const std::string weights = "{" + tensor("W", "2,3", 0, 24);
  const std::string visible = "," + tensor("v_bias", "3", 24, 36),
                    hidden = "," + tensor("h_bias", "2", 36, 44);
  constexpr const char* a_model_has = "; a model has W, v_bias and h_bias, but it holds ";
  refused(weights + visible + "}", 9,
          std::string("model: holds no tensor 'h_bias'") + a_model_has + "'W', 'v_bias'");
  refused("{}", 0, std::string("model: holds no tensor 'W'") + a_model_has + "nothing");
  std::string others = "{" + tensor("layer.0", "0", 0, 0);
  for (int n = 1; n < 10; ++n) others += "," + tensor("layer." + std::to_string(n), "0", 0, 0);
  refused(others + "}", 0,
          std::string("model: holds no tensor 'W'") + a_model_has +
              "'layer.0', 'layer.1', 'layer.2', 'layer.3', 'layer.4', 'layer.5', 'layer.6', 'layer.7' and 2 "
              "more");
  refused("{" + tensor("W", "6", 0, 24) + visible + hidden + "}", 11,
          "model: tensor 'W' has 1 dimensions, not 2");
  refused(weights + "," + tensor("v_bias", "2", 24, 32) + "," + tensor("h_bias", "4", 32, 48) + "}", 12,
          "model: W is 2 x 3, but v_bias has 2 and h_bias 4 values");
  refused(weights + "," + tensor("v_bias", "2", 24, 32) + "," + tensor("h_bias", "3", 32, 44) + "}", 11,
          "model: W is 2 x 3, but v_bias has 2 and h_bias 3 values: transpose it, since it must be "
          "hidden x visible");
  refused("{" + tensor("W", "2,3", 0, 24) + "," + tensor("v_bias", "2,2", 24, 40) + "," +
              tensor("h_bias", "2", 40, 48) + "}",
          12, "model: tensor 'v_bias' is 2 x 2, which is no vector");
  refused("{" + tensor("W", "0,3", 0, 0) + "," + tensor("v_bias", "3", 0, 12) + "," +
              tensor("h_bias", "0", 12, 12) + "}",
          3, "model: W is 0 x 3; each layer must have from 1 to 65535 units");
  refused("{" + tensor("W", "1,65536", 0, 262144) + "," + tensor("v_bias", "65536", 262144, 524288) + "," +
              tensor("h_bias", "1", 524288, 524292) + "}",
          131073, "model: W is 1 x 65536; each layer must have from 1 to 65535 units");
}

TEST_CASE("a model's file: a bias may be a row or a column, or one number, of any type of float") {
  const std::string payload = floats({1, 2, 3, 4, 5, 6}) + little(double_bits(7), 8) +
                              little(double_bits(-8), 8) + little(double_bits(9), 8) + little(0x4900, 2) +
                              little(0xc980, 2);
  for (const char* row : {"3", "1,3", "3,1", "1,1,3"}) {
    const tool::Model model = tool::model_from(
        parse(safetensors_file("{" + tensor("W", "2,3", 0, 24) + "," + tensor("v_bias", row, 24, 48, "F64") +
                                   "," + tensor("h_bias", "2,1", 48, 52, "F16") + "}",
                               payload)),
        "model");
    CHECK(std::vector<float>(model.visible_bias.begin(), model.visible_bias.end()) ==
          std::vector<float>{7, -8, 9});
    CHECK(std::vector<float>(model.hidden_bias.begin(), model.hidden_bias.end()) ==
          std::vector<float>{10, -11});
  }
  const tool::Model one = parse_model("{" + tensor("W", "1,1", 0, 4) + "," + tensor("v_bias", "", 4, 8) +
                                          "," + tensor("h_bias", "", 8, 12) + "}",
                                      3);
  CHECK(one.visible_bias.size() == 1);
}

TEST_CASE("a model's file: one model within a larger one is found by the names of its tensors") {
  const auto names = [](const std::vector<std::string>& prefixes) {
    std::string header;
    std::size_t at = 0;
    const auto add = [&](const std::string& name, const char* shape, std::size_t size) {
      header += (header.empty() ? "{" : ",") + tensor(name, shape, at, at + size);
      at += size;
    };
    for (const std::string& prefix : prefixes) {
      add(prefix + "W", "2,3", 24);
      add(prefix + "v_bias", "3", 12);
      add(prefix + "h_bias", "2", 8);
    }
    add("W_of_another", "1", 4);
    std::vector<float> values(at / sizeof(float));
    for (std::size_t n = 0; n < values.size(); ++n) values[n] = static_cast<float>(n);
    const std::string file = safetensors_file(header + "}", floats(values));
    return tool::model_from(tool::parse_tensors({file.begin(), file.end()}, "model"), "model");
  };
  CHECK(names({"rbm."}).weights[5] == 5);
  CHECK(names({"_orig_mod.module.rbm."}).hidden_bias[1] == 10);
  // One without a prefix comes first, such as the model of a checkpoint, which has its mean beside it.
  CHECK(names({"mean.", ""}).weights[0] == 11);
  for (const auto& prefixes : {std::vector<std::string>{"0.", "1."}, {"rbm_"}})
    CHECK_THROWS_AS(names(prefixes), tool::Failure);
}
