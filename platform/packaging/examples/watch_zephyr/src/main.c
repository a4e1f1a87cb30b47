// Watches humidity and temperature of an SHT3x sensor: the LED is on while they are unusual. The model, the window and
// the limit in room.h come from a recording of both: rbm watch recording.csv --step 0.01 --out room
#include <zephyr/device.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/sensor.h>
#include <zephyr/kernel.h>

#include "room.h"

static const struct device* const sensor = DEVICE_DT_GET_ANY(sensirion_sht3xd);
static const struct gpio_dt_spec led = GPIO_DT_SPEC_GET(DT_ALIAS(led0), gpios);

static rbm_stream stream;
static uint32_t memory[ROOM_STREAM_WORDS];

// A reading of the sensor in steps of 0.01, as the recording was quantized.
static int16_t read_channel(enum sensor_channel channel) {
  struct sensor_value value;
  if (sensor_channel_get(sensor, channel, &value) != 0) return RBM_MISSING;
  return (int16_t)(value.val1 * 100 + value.val2 / 10000);
}

static void take_reading(void) {
  int16_t readings[ROOM_CHANNELS] = {RBM_MISSING, RBM_MISSING};
  if (sensor_sample_fetch(sensor) == 0) {
    readings[0] = read_channel(SENSOR_CHAN_HUMIDITY);
    readings[1] = read_channel(SENSOR_CHAN_AMBIENT_TEMP);
  }
  rbm_stream_push(&stream, readings);
}

int main(void) {
  gpio_pin_configure_dt(&led, GPIO_OUTPUT_INACTIVE);
  rbm_stream_start(&stream, &room_detector, memory);
  for (int64_t due = k_uptime_get();; due += ROOM_INTERVAL_MICROSECONDS / 1000) {
    k_sleep(K_TIMEOUT_ABS_MS(due));  // measuring and scoring take time, too
    take_reading();
    if (rbm_stream_ready(&stream)) gpio_pin_set_dt(&led, rbm_is_odd(&stream));
  }
}
