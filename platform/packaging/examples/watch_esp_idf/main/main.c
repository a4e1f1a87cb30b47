// Watches a sensor on channel 0 of ADC 1: the LED is on while its readings are unusual. The model, the window and the
// limit in pump.h come from a recording of the sensor: rbm watch recording.csv --out pump
#include "driver/gpio.h"
#include "esp_adc/adc_oneshot.h"
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "pump.h"

#define LED GPIO_NUM_2

static rbm_stream stream;
static uint32_t memory[PUMP_STREAM_WORDS];
static adc_oneshot_unit_handle_t adc;

// Called by the timer once an interval, beside the loop below.
static void take_reading(void* unused) {
  (void)unused;
  int found;
  int16_t reading = RBM_MISSING;
  if (adc_oneshot_read(adc, ADC_CHANNEL_0, &found) == ESP_OK) reading = (int16_t)found;
  rbm_stream_push(&stream, &reading);
}

static void start_adc(void) {
  const adc_oneshot_unit_init_cfg_t unit = {.unit_id = ADC_UNIT_1};
  const adc_oneshot_chan_cfg_t channel = {.atten = ADC_ATTEN_DB_12, .bitwidth = ADC_BITWIDTH_DEFAULT};
  ESP_ERROR_CHECK(adc_oneshot_new_unit(&unit, &adc));
  ESP_ERROR_CHECK(adc_oneshot_config_channel(adc, ADC_CHANNEL_0, &channel));
}

static void start_timer(void) {
  const esp_timer_create_args_t settings = {.callback = take_reading, .name = "readings"};
  esp_timer_handle_t timer;
  ESP_ERROR_CHECK(esp_timer_create(&settings, &timer));
  ESP_ERROR_CHECK(esp_timer_start_periodic(timer, PUMP_INTERVAL_MICROSECONDS));
}

void app_main(void) {
  gpio_set_direction(LED, GPIO_MODE_OUTPUT);
  rbm_stream_start(&stream, &pump_detector, memory);
  start_adc();
  start_timer();
  for (;;) {
    if (rbm_stream_ready(&stream)) gpio_set_level(LED, rbm_is_odd(&stream));
    vTaskDelay(1);
  }
}
