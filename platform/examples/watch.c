// An example firmware: watches a sensor, and switches a LED on while what it gives is odd. A mote measures
// humidity and temperature every five seconds; a real recording stands for it here, in which hot steam is let
// into the room.
//
// The model, what is done to readings before it sees them, and the limit are in a generated header;
// rbm/quantized.h is all that it needs to run.

#include <stdint.h>

#include "platform/console.h"
#include "sensor.h"

// What a firmware's author writes: from here
static uint32_t memory[SENSOR_STREAM_WORDS];
static rbm_stream stream;

static void set_led(int on);

static void on_reading(const int16_t* readings) {  // in the sensor's interrupt
  rbm_stream_push(&stream, readings);
}

static void watch(void) {  // in the program's loop
  if (rbm_stream_ready(&stream)) set_led(rbm_is_odd(&stream));
}
// to here, with rbm_stream_start(&stream, &sensor_detector, memory) before the interrupt is on.

enum { seconds = 5 };  // from a reading to the next

// Hundredths of a percent of humidity and of a degree, and whether there was steam.
static const int16_t mote[][3] RBM_FLASH = {
#include "mote.inc"
};
enum { moments = sizeof mote / sizeof mote[0] };

static unsigned moment, windows, odd_windows, late;

static int16_t played(unsigned column) {
  return (int16_t)RBM_READ_16((const uint16_t*)&mote[moment][column]);
}

static void write_two_digits(unsigned number) {
  console_write(number < 10 ? "0" : "");
  console_write_number(number);
}

static void write_hundredths(int16_t number) {
  console_write_number((unsigned)number / 100);
  console_write(".");
  write_two_digits((unsigned)number % 100);
}

static void set_led(int on) {
  static int is_on;
  ++windows;
  odd_windows += (unsigned)on;
  if (on == is_on) return;
  is_on = on;
  write_two_digits(moment * seconds / 60);
  console_write(":");
  write_two_digits(moment * seconds % 60);
  console_write(on ? "  LED on   " : "  LED off  ");
  write_hundredths(played(0));
  console_write(" %, ");
  write_hundredths(played(1));
  console_write(" degrees");
  console_write(played(2) ? ", steam\n" : "\n");
}

int main(void) {
  rbm_stream_start(&stream, &sensor_detector, memory);
  for (moment = 0; moment < moments; ++moment) {
    const int16_t readings[SENSOR_CHANNELS] = {played(0), played(1)};
    on_reading(readings);
    watch();
    if (played(2) && odd_windows == 0) ++late;
  }
  console_write("windows: ");
  console_write_number(windows);
  console_write(", odd: ");
  console_write_number(odd_windows);
  console_write("\nsteam was seen after ");
  console_write_number((unsigned long)late * seconds);
  console_write(" seconds\n");
  return 0;
}
