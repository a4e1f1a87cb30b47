#include "tools/model/npz.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "tests/support/sample_files.hpp"
#include "tools/base/checksum.hpp"
#include "tools/base/failure.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

/// A file of a ZIP archive, and how the archive lies about it.
struct Member {
  std::string name, bytes;
  unsigned flags = 0, method = 0;
  std::size_t size_added = 0;      // to the size as stored
  std::size_t unpacked_added = 0;  // to the size unpacked
  std::size_t header_added = 0;    // to where its header lies
  std::uint32_t checksum_flipped = 0;
  std::string extra =
      little(1, 2) + little(16, 2) + std::string(16, '\xff');  // of 64 bits, as NumPy writes it
};

std::uint32_t checksum(const std::string& bytes) {
  return tool::cyclic_redundancy_check(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

std::string zip(const std::vector<Member>& members, const std::string& comment = "") {
  std::string files, directory;
  for (const Member& member : members) {
    const std::string fields = little(member.flags, 2) + little(member.method, 2) + little(0, 4) +
                               little(checksum(member.bytes) ^ member.checksum_flipped, 4);
    directory += "PK\1\2" + little(45, 2) + little(45, 2) + fields +
                 little(member.bytes.size() + member.size_added, 4) +
                 little(member.bytes.size() + member.size_added + member.unpacked_added, 4) +
                 little(member.name.size(), 2) + std::string(12, '\0') +
                 little(files.size() + member.header_added, 4) + member.name;
    files += "PK\3\4" + little(45, 2) + fields + std::string(8, '\xff') + little(member.name.size(), 2) +
             little(member.extra.size(), 2) + member.name + member.extra + member.bytes;
  }
  return files + directory + "PK\5\6" + little(0, 4) + little(members.size(), 2) + little(members.size(), 2) +
         little(directory.size(), 4) + little(files.size(), 4) + little(comment.size(), 2) + comment;
}

tool::TensorFile parse(const std::string& bytes) {
  return tool::parse_npz({bytes.begin(), bytes.end()}, "model", [](std::string_view name) {
    return name == "W" || name == "v_bias" || name == "h_bias";
  });
}

std::string column_by_column(const std::string& type, const std::string& shape, const std::string& payload) {
  return npy_file("{'descr': '" + type + "', 'fortran_order': True, 'shape': " + shape + ", }\n", payload);
}

std::string doubles(const std::vector<double>& values) {
  std::string bytes;
  for (const double value : values) bytes += little(double_bits(value), 8);
  return bytes;
}

const std::string vector_file = npy("<f4", "(2,)", floats({1, -2}));

#define CHECK_REFUSED(bytes, message) CHECK_THROWS_WITH_AS(parse(bytes), message, tool::Failure)

}  // namespace

TEST_CASE("npz: arrays of either type and order, among others that are left alone") {
  const std::string file =
      zip({{"W.npy", column_by_column("<f8", "(2, 3)", doubles({1.0, 0.1, -3.0, 1e-300, 5.0, 6.0}))},
           {"v_bias.npy", npy("<f4", "(3,)", floats({7, 8, 9}))},
           {"steps.npy", npy("<i8", "()", little(5, 8))},
           {"notes.txt", "pickled", 0, 8},
           {"h_bias.npy", column_by_column("<f4", "(2,)", floats({1, -2}))}},
          "a comment");
  const tool::TensorFile content = parse(file);
  REQUIRE(content.tensors.size() == 3);
  CHECK(content.find("W")->shape == std::vector<std::size_t>{2, 3});
  // Stored by columns: (1, 0.1), (-3, 1e-300), (5, 6).
  CHECK(content.find("W")->values == std::vector<float>{1, -3, 5, 0.1f, 0, 6});
  CHECK(content.find("v_bias")->values == std::vector<float>{7, 8, 9});
  CHECK(content.find("h_bias")->values == std::vector<float>{1, -2});
  CHECK(parse(zip({})).tensors.empty());
}

TEST_CASE("npz: a model by our names, and by scikit-learn's") {
  const auto model = [](const char* weights, const char* visible, const char* hidden) {
    const std::string file = zip({{weights, npy("<f4", "(2, 3)", floats({1, 2, 3, 4, 5, 6}))},
                                  {visible, npy("<f4", "(3,)", floats({7, 8, 9}))},
                                  {hidden, npy("<f4", "(2,)", floats({10, 11}))}});
    return tool::model_from(tool::parse_tensors({file.begin(), file.end()}, "model"), "model");
  };
  for (const tool::Model& read :
       {model("W.npy", "v_bias.npy", "h_bias.npy"),
        model("components_.npy", "intercept_visible_.npy", "intercept_hidden_.npy")}) {
    CHECK(read.visible == 3);
    CHECK(read.hidden == 2);
    CHECK(read.weights[5] == 6);
    CHECK(read.visible_bias[2] == 9);
    CHECK(read.hidden_bias[1] == 11);
  }
  CHECK_THROWS_WITH_AS(model("components_.npy", "v_bias.npy", "h_bias.npy"),
                       "model: holds no tensor 'intercept_visible_'; a model has components_, "
                       "intercept_visible_ and intercept_hidden_, but it holds 'components_', 'v_bias', "
                       "'h_bias'",
                       tool::Failure);
}

TEST_CASE("npz: a model is where all its tensors are; others of these names are let be") {
  const std::string weights = npy("<f4", "(2, 3)", floats({1, 2, 3, 4, 5, 6})),
                    components = npy("|i1", "(7,)", "1234567"),
                    visible = npy("<f4", "(3,)", floats({7, 8, 9})),
                    hidden = npy("<f4", "(2,)", floats({10, 11}));
  const auto weight = [](const std::string& file) {
    return tool::model_from(tool::parse_tensors({file.begin(), file.end()}, "model"), "model").weights[5];
  };
  CHECK(weight(zip({{"components_.npy", components},
                    {"W.npy", weights},
                    {"v_bias.npy", visible},
                    {"h_bias.npy", hidden}})) == 6);
  CHECK(weight(zip({{"W.npy", components},
                    {"rbm.W.npy", weights},
                    {"rbm.v_bias.npy", visible},
                    {"rbm.h_bias.npy", hidden}})) == 6);
  CHECK_THROWS_WITH_AS(weight(zip({{"W.npy", weights},
                                   {"v_bias.npy", visible},
                                   {"h_bias.npy", hidden},
                                   {"components_.npy", weights},
                                   {"intercept_visible_.npy", visible},
                                   {"intercept_hidden_.npy", hidden}})),
                       "model: holds two models, one in W and one in components_: save one of them",
                       tool::Failure);
}

TEST_CASE("npz: float16, and either order of bytes") {
  const auto model = [](const char* type, const std::string& weights) {
    const std::string file = zip({{"W.npy", npy(type, "(1, 2)", weights)},
                                  {"v_bias.npy", npy("<f2", "(2,)", little(0x0001, 2) + little(0xfbff, 2))},
                                  {"h_bias.npy", npy("<f4", "(1,)", floats({3}))}});
    return tool::model_from(tool::parse_tensors({file.begin(), file.end()}, "model"), "model");
  };
  for (const tool::Model& read :
       {model("<f2", little(0x3c00, 2) + little(0xc200, 2)), model(">f2", big(0x3c00, 2) + big(0xc200, 2)),
        model(">f4", big_floats({1, -3})), model(">f8", big(double_bits(1), 8) + big(double_bits(-3), 8))}) {
    CHECK(std::vector<float>(read.weights.begin(), read.weights.end()) == std::vector<float>{1, -3});
    CHECK(std::vector<float>(read.visible_bias.begin(), read.visible_bias.end()) ==
          std::vector<float>{0x1p-24f, -65504});
  }
}

TEST_CASE("npz: a bias may be a column, and a model part of a larger one; W turned round is refused") {
  const auto model = [](const std::string& prefix, const char* shape) {
    const std::string file =
        zip({{prefix + "W.npy", npy("<f4", shape, floats({1, 2, 3, 4, 5, 6}))},
             {prefix + "v_bias.npy", npy("<f4", "(1, 3)", floats({7, 8, 9}))},
             {prefix + "h_bias.npy", column_by_column("<f8", "(2, 1)", doubles({10, 11}))},
             {"steps.npy", npy("<i8", "()", little(5, 8))}});
    return tool::model_from(tool::parse_tensors({file.begin(), file.end()}, "model"), "model");
  };
  for (const char* prefix : {"", "rbm.", "rbm/"}) {
    CHECK(model(prefix, "(2, 3)").visible_bias[2] == 9);
    CHECK(model(prefix, "(2, 3)").hidden_bias[1] == 11);
    CHECK_THROWS_WITH_AS(model(prefix, "(3, 2)"),
                         "model: W is 3 x 2, but v_bias has 3 and h_bias 2 values: transpose it, "
                         "since it must be hidden x visible",
                         tool::Failure);
  }
}

TEST_CASE("npz: an archive that is damaged, packed or lies is refused") {
  const auto with = [](const std::function<void(Member&)>& change) {
    Member member{"W.npy", vector_file};
    change(member);
    return zip({member});
  };
  const std::string good = zip({{"W.npy", vector_file}});
  REQUIRE(parse(good).tensors.size() == 1);
  CHECK_REFUSED(good.substr(0, good.size() - 1), "model: is a ZIP archive that is cut short or damaged");
  CHECK_REFUSED(good + "1", "model: is a ZIP archive that is cut short or damaged");
  CHECK_REFUSED("PK\3\4", "model: is a ZIP archive that is cut short or damaged");
  CHECK_REFUSED(with([](Member& member) { member.method = 8; }),
                "model: array 'W': is compressed: save by numpy.savez instead");
  CHECK_REFUSED(with([](Member& member) { member.flags = 1; }), "model: array 'W': is encrypted");
  CHECK_REFUSED(with([](Member& member) { member.checksum_flipped = 1; }),
                "model: array 'W': is damaged: its checksum is another");
  for (const std::size_t size : {1000u, 0x7fffffffu})
    CHECK_REFUSED(with([&](Member& member) { member.size_added = size; }),
                  "model: array 'W': is longer than the file");
  CHECK_REFUSED(with([](Member& member) { member.unpacked_added = 1; }),
                "model: array 'W': is longer than the file");
  for (const std::size_t place : {1u, 1000u, 0xffffffffu})
    CHECK_REFUSED(with([&](Member& member) { member.header_added = place; }),
                  "model: array 'W': is not where the ZIP directory says");
  CHECK_REFUSED(zip({{"W.npy", vector_file}, {"W.npy", vector_file}}), "model: array 'W': is there twice");
  CHECK_REFUSED(zip({{"archive/data.pkl", "pickles"}, {"archive/data/0", "floats"}}),
                "model: is what torch.save writes; save the state dict as safetensors or by numpy.savez");
  // The directory's place, or the number of its lines, is another than it says.
  std::string moved = good, more = good, many = good;
  moved[good.size() - 6] = 1;
  more[good.size() - 12] = 2;
  many.replace(good.size() - 12, 2, "\xff\xff");
  CHECK_REFUSED(moved, "model: has a ZIP directory that is damaged");
  CHECK_REFUSED(more, "model: has a ZIP directory that is damaged");
  CHECK_REFUSED(many, "model: is a ZIP archive of the 64-bit kind; save as safetensors instead");
}

TEST_CASE("npz: an array that is none, or not as long as its shape, is refused") {
  const auto refused = [](const std::string& bytes, const char* message) {
    CHECK_REFUSED(zip({{"W.npy", bytes}}), message);
  };
  refused("", "model: array 'W': is no NPY array");
  refused("0,1,1\n0,0,0\n", "model: array 'W': is no NPY array");
  refused(vector_file.substr(0, 9), "model: array 'W': is cut short within its header");
  refused(npy("<i4", "(1,)", little(1, 4)),
          "model: array 'W': holds elements of type '<i4', not float16, float32 or float64");
  refused(npy("<f4", "(3,)", floats({0, 0})), "model: array 'W': is shorter than its shape");
  refused(npy("<f4", "(4611686018427387904, 4)", ""), "model: array 'W': is shorter than its shape");
  refused(npy("<f4", "(4294967296, 4294967296)", floats({0})), "model: array 'W': is shorter than its shape");
  refused(npy("<f4", "(1,)", floats({0, 0})), "model: array 'W': is longer than its shape");
  refused(npy("<f4", "(1,)", floats({0}) + "1"), "model: array 'W': is longer than its shape");
  refused(npy("<f4", "(0, 18446744073709551615)", floats({0})), "model: array 'W': is longer than its shape");
  constexpr const char* not_finite = "model: array 'W': holds NaN, infinity or what float32 cannot hold";
  refused(npy("<f4", "(1,)", floats({std::numeric_limits<float>::quiet_NaN()})), not_finite);
  refused(npy("<f8", "(1,)", little(double_bits(1e300), 8)), not_finite);
}

TEST_CASE("npz: no byte changed, and no end cut off, does more than be refused") {
  const std::string good = zip({{"W.npy", npy("<f4", "(2, 3)", floats({1, 2, 3, 4, 5, 6}))},
                                {"v_bias.npy", column_by_column("<f4", "(3,)", floats({7, 8, 9}))}});
  const auto try_parse = [](const std::string& bytes) {
    try {
      parse(bytes);
    } catch (const tool::Failure&) {
    }
  };
  std::mt19937 random(1);
  for (std::size_t at = 0; at < good.size(); ++at) {
    try_parse(good.substr(0, at));
    for (int n = 0; n < 16; ++n) {
      std::string changed = good;
      changed[at] = static_cast<char>(random());
      if (n % 2 == 1) changed[random() % good.size()] = static_cast<char>(random());
      try_parse(changed);
    }
  }
  // The same to an array whose checksum is right, so that it is read.
  for (std::size_t at = 0; at < vector_file.size(); ++at)
    for (int n = 0; n < 64; ++n) {
      std::string changed = vector_file;
      changed[at] = static_cast<char>(random());
      try_parse(zip({{"W.npy", changed}}));
    }
}

TEST_CASE("npz: a name that is longer than what is left of the directory") {
  std::string file = zip({{"h_bias.npy", vector_file}});
  file[file.find("PK\1\2") + 28] += 10;
  CHECK_REFUSED(file, "model: has a ZIP directory that is damaged");
}
