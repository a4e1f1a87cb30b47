#include "tools/base/foreign_format.hpp"

#include <algorithm>
#include <string_view>

#include "tools/base/text.hpp"

namespace tool {
namespace {

using namespace std::string_view_literals;

// What the bytes at a place say, and the program that unpacks it, if it is compressed.
struct Format {
  std::size_t place;
  std::string_view magic, what, unpacker;
};

constexpr Format formats[] = {
    {0, "\x1f\x8b"sv, "is compressed", "gzip -dc"},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     "is compressed", "xz -dc"},
    {0, "BZh"sv, "is compressed", "bzip2 -dc"},
    {0, "\x28\xb5\x2f\xfd"sv, "is compressed", "zstd -dc"},
    {0, "\x04\x22\x4d\x18"sv, "is compressed", "lz4 -dc"},
    {0, "Rar!"sv, "is a RAR archive", ""},
    {0, "7z\xbc\xaf\x27\x1c"sv, "is a 7z archive", ""},
    {257, "ustar"sv, "is a tar archive", ""},
    {0, "\x89HDF\r\n\x1a\n"sv, "is an HDF5 file, as Keras and MATLAB 7.3 write", ""},
    {0, "MATLAB 5.0 MAT-file"sv, "is a MATLAB file", ""},
    {0, "PAR1"sv, "is a Parquet file", ""},
    {0, "ARROW1"sv, "is an Arrow file", ""},
    {0, "Obj\x01"sv, "is an Avro file", ""},
    {0, "SQLite format 3\0"sv, "is an SQLite database", ""},
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "is a document of old Excel or Word", ""},
    {0, "%PDF-"sv, "is a PDF document", ""},
    {0, "\x89PNG\r\n\x1a\n"sv, "is a PNG picture", ""},
    {0, "\xff\xd8\xff"sv, "is a JPEG picture", ""},
    {0, "GIF8"sv, "is a GIF picture", ""},
    {0, "II*\0"sv, "is a TIFF picture", ""},
    {0, "MM\0*"sv, "is a TIFF picture", ""},
    {8, "WAVE"sv, "is a WAV sound", ""},
    {0, "RIFF"sv, "is a WebP picture or an AVI film", ""},
    {0, "fLaC"sv, "is a FLAC sound", ""},
    {0, "OggS"sv, "is an Ogg sound", ""},
    {0, "SIMPLE  ="sv, "is a FITS file", ""},
    {0, "CDF\x01"sv, "is a NetCDF file", ""},
    {0, "CDF\x02"sv, "is a NetCDF file", ""},
    {4, "TFL3"sv, "is a TensorFlow Lite model", ""},
    {0, "GGUF"sv, "is a GGUF model", ""},
    {0, "\x80\x02"sv, "is a Python pickle, as torch.save once wrote", ""},
    {0, "\x80\x03"sv, "is a Python pickle", ""},
    {0, "\x80\x04"sv, "is a Python pickle", ""},
    {0, "\x80\x05"sv, "is a Python pickle", ""},
    {0,
     "\x7f"
     "ELF"sv,
     "is a program", ""},
};

// Text that stands in the place of a file, and how to get the file.
struct Stand {
  std::string_view begin, what;
};

constexpr Stand stands[] = {
    {"version https://git-lfs.github.com/spec/"sv,
     "is a pointer of Git LFS, not the file: git lfs pull brings that"},
    {"<!doctype html"sv, "is a page (HTML), not the file that a download should bring"},
    {"<html"sv, "is a page (HTML), not the file that a download should bring"},
    {"<?xml"sv, "is XML"},
    {"@relation"sv, "is an ARFF file: only the lines below @data are CSV"},
    {"{\\rtf"sv, "is a document (RTF)"},
    {"[["sv, "is JSON or what Python prints of an array: save it by numpy.save or numpy.savetxt"},
    {"{\""sv, "is JSON: write its numbers as CSV, or by numpy.save"},
};

bool has(const std::vector<unsigned char>& file, std::size_t place, std::string_view magic) {
  return file.size() >= place + magic.size() &&
         std::equal(magic.begin(), magic.end(), file.begin() + static_cast<std::ptrdiff_t>(place),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

// Whether a text begins so, whatever its capitals, below white space.
bool begins(const std::vector<unsigned char>& file, std::string_view words) {
  std::size_t at = 0;
  constexpr std::string_view blank = " \t\r\n";
  while (at < file.size() && blank.find(static_cast<char>(file[at])) != blank.npos) ++at;
  if (file.size() - at < words.size()) return false;
  return std::equal(words.begin(), words.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char word, unsigned char letter) {
                      const bool capital = letter >= 'A' && letter <= 'Z';
                      return static_cast<unsigned char>(word) == (capital ? letter + ('a' - 'A') : letter);
                    });
}

}  // namespace

std::string describe_foreign(const std::vector<unsigned char>& file, const std::string& name,
                             const std::string& save) {
  for (const Format& format : formats) {
    if (!has(file, format.place, format.magic)) continue;
    std::string text(format.what);
    if (format.unpacker.empty()) return text.append(": ").append(save);
    if (name == source("-")) return text.append(": unpack it by ").append(format.unpacker).append(" first");
    return text.append(": ")
        .append(format.unpacker)
        .append(" ")
        .append(shell_word(name))
        .append(" | rbm ... -");
  }
  for (const Stand& stand : stands)
    if (begins(file, stand.begin)) return std::string(stand.what);
  return {};
}

}  // namespace tool
