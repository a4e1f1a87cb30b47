#include "tools/data/wav.hpp"

#include <doctest/doctest.h>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

/// The format chunk of so many channels of samples of so many bits, at 360 samples a second.
std::string format_chunk(unsigned kind, std::size_t channels, std::size_t bits, std::uint64_t rate = 360) {
  const std::size_t block = channels * bits / 8;
  return "fmt " + little(16, 4) + little(kind, 2) + little(channels, 2) + little(rate, 4) +
         little(rate * block, 4) + little(block, 2) + little(bits, 2);
}

/// WAVE_FORMAT_EXTENSIBLE: the kind stands in the identifier at the end.
std::string extensible_chunk(unsigned kind, std::size_t channels, std::size_t bits) {
  std::string plain = format_chunk(0xfffe, channels, bits);
  return "fmt " + little(40, 4) + plain.substr(8) + little(22, 2) + little(bits, 2) + little(0, 4) +
         little(kind, 2) + std::string("\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71", 14);
}

std::string chunk(const std::string& id, const std::string& content) {
  return id + little(content.size(), 4) + content + std::string(content.size() % 2, '\0');
}

std::string riff(const std::string& chunks) {
  return "RIFF" + little(4 + chunks.size(), 4) + "WAVE" + chunks;
}

/// As commands read data: the file decides what it holds.
tool::Reading any_kind() {
  tool::Reading reading;
  reading.kind.reset();
  return reading;
}

tool::Dataset open_wav(const std::string& file) {
  return open_bytes(file, any_kind());
}

#define CHECK_WAV_REFUSED(bytes, message) CHECK_THROWS_WITH_AS(open_wav(bytes), message, tool::Failure)

}  // namespace

TEST_CASE("WAV: whole numbers of each size are as they are, floats too") {
  struct Kind {
    unsigned kind;
    std::size_t bits;
    std::vector<std::uint64_t> samples;
    std::vector<float> readings;
  };
  const Kind kinds[] = {
      {1, 8, {0, 127, 128, 255}, {-128, -1, 0, 127}},
      {1, 16, {0x8000, 0xffff, 0, 0x7fff}, {-32768, -1, 0, 32767}},
      {1, 24, {0x800000, 0xffffff, 0, 0x7fffff}, {-8388608, -1, 0, 8388607}},
      {1, 32, {0x80000000, 0xffffffff, 0, 0x40000000}, {-2147483648.0f, -1, 0, 1073741824.0f}},
      {3, 32, {float_bits(-1.5f), float_bits(0.25f), 0, float_bits(1)}, {-1.5f, 0.25f, 0, 1}},
      {3, 64, {double_bits(-1.5), double_bits(0.25), 0, double_bits(1)}, {-1.5f, 0.25f, 0, 1}},
  };
  for (const Kind& kind : kinds)
    for (const bool extensible : {false, true}) {
      CAPTURE(kind.kind);
      CAPTURE(kind.bits);
      CAPTURE(extensible);
      std::string samples;
      for (const std::uint64_t sample : kind.samples) samples += little(sample, kind.bits / 8);
      const std::string format =
          extensible ? extensible_chunk(kind.kind, 2, kind.bits) : format_chunk(kind.kind, 2, kind.bits);
      const tool::Dataset data = open_wav(riff(format + chunk("data", samples)));
      CHECK(data.kind == tool::DataKind::readings);
      CHECK(data.rows == 2);
      CHECK(data.columns == 2);
      CHECK(data.taken.names == std::vector<std::string>{"left", "right"});
      CHECK(data.values == kind.readings);
      CHECK(data.time.interval == 1.0 / 360);
      CHECK(data.time.seconds.empty());
      CHECK(tool::time_of_row(data.time, 1) == "0.0028");
      CHECK(data.notes.empty());
    }
}

TEST_CASE("WAV: channels are columns, chosen and left out as those of a table") {
  const std::string samples = "\x81\x82\x83\x80\x84\x85\x86\x81";
  const std::string file = riff(format_chunk(1, 4, 8) + chunk("data", samples));
  CHECK(open_wav(file).taken.names ==
        std::vector<std::string>{"channel1", "channel2", "channel3", "channel4"});
  CHECK(open_wav(riff(format_chunk(1, 1, 8) + chunk("data", samples))).taken.names ==
        std::vector<std::string>{"channel1"});
  tool::Reading reading = any_kind();
  reading.columns = "channel3,1";
  CHECK(open_bytes(file, reading).values == std::vector<float>{3, 1, 6, 4});
  reading.columns.clear();
  reading.label_column = "channel4";
  const tool::Dataset labelled = open_bytes(file, reading);
  CHECK(labelled.values == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(labelled.labels == std::vector<std::uint8_t>{0, 1});
  reading.label_column = "chanel4";
  CHECK_THROWS_WITH_AS(
      open_bytes(file, reading),
      "data: has no column 'chanel4', which --label-column asks for; the nearest is 'channel4'",
      tool::Failure);
  reading = any_kind();
  reading.time_column = "1";
  CHECK_THROWS_WITH_AS(open_bytes(file, reading),
                       "data: is a WAV file, whose rate tells the times: leave --time-column out",
                       tool::Failure);
}

TEST_CASE("WAV: chunks in any order, of odd sizes, and unknown ones") {
  const std::string format = format_chunk(1, 1, 8), samples = chunk("data", "\x81\x7f\x83");
  const std::string list = chunk("LIST", "INFOx");
  for (const std::string& chunks : {list + format + list + samples + list, samples + list + format,
                                    format + samples + "junk", format + samples + "LIST" + little(99, 4)}) {
    const tool::Dataset data = open_wav(riff(chunks));
    CHECK(data.values == std::vector<float>{1, -1, 3});
    CHECK(data.notes.empty());
  }
}

TEST_CASE("WAV: lengths that a stream could not know stand for all that follows") {
  const std::string format = format_chunk(1, 2, 16), samples("\1\0\2\0\3\0\4\0\5", 9);
  for (const std::uint64_t size : {0xffffffffu, 0u, 0x7ffff000u, 0x80000000u}) {
    CAPTURE(size);
    const tool::Dataset data =
        open_wav("RIFF" + little(size, 4) + "WAVE" + format + "data" + little(size, 4) + samples);
    CHECK(data.values == std::vector<float>{1, 2, 3, 4});
    CHECK(data.notes == std::vector<std::string>{
                            "data: its header does not tell a length, as of a stream: all 2 samples that "
                            "follow are read"});
  }
}

TEST_CASE("WAV: --rate says what a file says wrongly") {
  tool::Reading reading = any_kind();
  reading.rate = 90;
  const tool::Dataset data = open_bytes(riff(format_chunk(1, 1, 8) + chunk("data", "\x81\x7f")), reading);
  CHECK(data.time.interval == 1.0 / 90);
  CHECK(data.notes == std::vector<std::string>{"data: --rate 90, but the file says 360 Hz"});
  const tool::Dataset without =
      open_bytes(riff(format_chunk(1, 1, 8, 0) + chunk("data", "\x81\x7f")), reading);
  CHECK(without.time.interval == 1.0 / 90);
  CHECK(without.notes.empty());
}

TEST_CASE("WAV: what is no such file, or not whole, is refused") {
  const std::string format = format_chunk(1, 2, 16);
  CHECK_WAV_REFUSED("RIFF" + little(4, 4) + "WAVE",
                    "data: has no chunk that tells the format before its end");
  CHECK_WAV_REFUSED(riff(format), "data: holds no samples");
  CHECK_WAV_REFUSED(riff(format + chunk("data", "")), "data: holds no samples");
  CHECK_WAV_REFUSED(riff(chunk("data", "abcd")), "data: has no chunk that tells the format before its end");
  CHECK_WAV_REFUSED(riff(format + "data" + little(8, 4) + "abcd"),
                    "data: is cut short: its header announces 8 bytes of samples, 4 follow");
  CHECK_WAV_REFUSED(riff(format.substr(0, 20)), "data: is cut short");
  CHECK_WAV_REFUSED(riff("LIST" + little(99, 4) + "abcd"), "data: is cut short");
  CHECK_WAV_REFUSED(riff(format + chunk("data", "abcdef")), "data: ends within a sample");
  CHECK_WAV_REFUSED("RIFF" + little(0, 4) + "WAVE" + format + "data" + little(0, 4) + "abc",
                    "data: holds no samples");
  CHECK_WAV_REFUSED(riff(format + format + chunk("data", "abcd")), "data: tells its format twice");
  CHECK_WAV_REFUSED(riff(format + chunk("data", "abcd") + chunk("data", "abcd")),
                    "data: has two chunks of samples");
  CHECK_WAV_REFUSED(riff(chunk("fmt ", "abcd") + chunk("data", "abcd")),
                    "data: has a format chunk that cannot be read");
  CHECK_WAV_REFUSED(riff(format_chunk(1, 0, 16) + chunk("data", "abcd")), "data: holds rows without columns");
  CHECK_WAV_REFUSED(riff(format_chunk(1, 1, 12) + chunk("data", "abcd")),
                    "data: holds samples of 12 bits in format 1: PCM of 8, 16, 24 and 32 bits and floats of "
                    "32 and 64 can be read");
  CHECK_WAV_REFUSED(riff(format_chunk(85, 1, 16) + chunk("data", "abcd")),
                    "data: holds samples of 16 bits in format 85: PCM of 8, 16, 24 and 32 bits and floats of "
                    "32 and 64 can be read");
  std::string contradictory = format_chunk(1, 2, 16);
  contradictory[20] = 2;
  CHECK_WAV_REFUSED(riff(contradictory + chunk("data", "abcd")),
                    "data: has a format chunk that contradicts itself");
  CHECK_WAV_REFUSED(
      riff(format_chunk(3, 1, 32) + chunk("data", floats({1, 0x1p100f}))),
      "data: row 2, column 1: 1.2676506002282294e+30 is no reading: these go from -1e30 to 1e30");
  for (const char* kin : {"RF64", "BW64"})
    CHECK_WAV_REFUSED(kin + little(0, 4) + "WAVE",
                      "data: is a WAV file of 64-bit lengths (RF64), for more than 4 GB: save it as RIFF, in "
                      "parts");
  CHECK_WAV_REFUSED("RIFX" + little(0, 4) + "WAVE",
                    "data: is a WAV file of big-endian numbers (RIFX): save it as RIFF");
  CHECK_WAV_REFUSED("RIFF" + little(4, 4) + "WEBP",
                    "data: is a WebP picture or an AVI film: save one array by numpy.save");
}
