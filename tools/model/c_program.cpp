#include "tools/model/c_program.hpp"

#include <string_view>

#include "tools/base/text.hpp"
#include "tools/model/c_name.hpp"

namespace tool {
namespace {

// NAME and MACRO stand for the model's name, small and in capitals.
constexpr std::string_view head =
    R"(
// It runs on a desktop as it is, with a stretch of that recording in the sensor's place:
//
//     cc -std=c99 PROGRAM && ./a.out
//
// and on an emulated board, by two scripts of rbm:
//
//     platform/build.sh microbit watch.elf PROGRAM && platform/run.sh microbit watch.elf
//
// On a device, call on_readings() from the sensor's interrupt or a timer, and watch() in the program's loop.
#include <stdint.h>

#include "HEADER"

static void set_led(int on);

// What a program of your own needs: from here ...
static rbm_stream stream;
static uint32_t memory[MACRO_STREAM_WORDS];

static void on_readings(const int16_t* readings) { rbm_stream_push(&stream, readings); }

static void watch(void) {
  if (rbm_stream_ready(&stream)) set_led(rbm_is_odd(&stream));
}
// ... to here, and this at its start: rbm_stream_start(&stream, &NAME_detector, memory);

)";

constexpr std::string_view tail =
    R"(#if __STDC_HOSTED__
#include <stdio.h>
static void console_write(const char* text) { fputs(text, stdout); }
static void console_write_number(uint32_t number) { printf("%lu", (unsigned long)number); }
#else
#include "platform/console.h"
#endif

static uint32_t row, windows, flagged;

static void set_led(int on) {
  ++windows;
  if (!on) return;
  ++flagged;
  console_write("odd: the window that ends with row ");
  console_write_number(row);
  console_write("\n");
}

int main(void) {
  rbm_stream_start(&stream, &NAME_detector, memory);
  for (size_t n = 0; n < sizeof recording / sizeof recording[0]; ++n) {
    int16_t readings[MACRO_CHANNELS];
    for (size_t c = 0; c < MACRO_CHANNELS; ++c)
      readings[c] = (int16_t)RBM_READ_16((const uint16_t*)&recording[n][c]);
    row = first_row + (uint32_t)n;
    on_readings(readings);
    watch();
  }
  console_write_number(flagged);
  console_write(" of ");
  console_write_number(windows);
  console_write(" windows are odd\n");
  return 0;
}
)";

std::string filled_in(std::string_view text, const std::string& name, const std::string& header_file,
                      const std::string& program_file) {
  std::string filled(text);
  const auto fill = [&filled](std::string_view place, const std::string& words) {
    for (std::size_t at = filled.find(place); at != filled.npos; at = filled.find(place, at + words.size()))
      filled.replace(at, place.size(), words);
  };
  fill("NAME", name);
  fill("MACRO", upper(name));
  fill("HEADER", header_file);
  fill("PROGRAM", program_file);
  return filled;
}

std::string rows_of(const PlayedRecording& recording) {
  constexpr std::size_t longest_line = 100;
  std::string text, line = "   ";
  for (std::size_t n = 0; n < recording.readings.size(); n += recording.channels) {
    std::string row = " {";
    for (std::size_t c = 0; c < recording.channels; ++c)
      row += (c > 0 ? ", " : "") + std::to_string(recording.readings[n + c]);
    row += "},";
    if (line.size() + row.size() > longest_line) {
      text += line + "\n";
      line = "   ";
    }
    line += row;
  }
  return text + line + "\n";
}

}  // namespace

std::string watching_program(const std::string& name, const std::string& header_file,
                             const std::string& program_file, const PlayedRecording& recording) {
  const std::size_t rows = recording.readings.size() / recording.channels;
  return "// Watches a sensor: the detector in " + header_file + " learned from " + recording.data_name +
         "." + filled_in(head, name, header_file, program_file) + "// Rows " +
         grouped(recording.first_row + 1) + " to " + grouped(recording.first_row + rows) +
         " of the recording, in steps of the sensor.\n" +
         "static const uint32_t first_row = " + std::to_string(recording.first_row + 1) + ";\n" +
         "static const int16_t recording[][" + upper(name) + "_CHANNELS] RBM_FLASH = {\n" +
         rows_of(recording) + "};\n\n" + filled_in(tail, name, header_file, program_file);
}

}  // namespace tool
