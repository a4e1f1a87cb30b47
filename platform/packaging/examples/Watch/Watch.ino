// Watches a sensor on pin A0: the LED is on while its readings are unusual. The model, the window and the limit in
// pump.h come from a recording of the sensor: rbm watch recording.csv --out pump
#include <rbm.h>

#include "pump.h"

static rbm_stream stream;
static uint32_t memory[PUMP_STREAM_WORDS];

void setup() {
  Serial.begin(9600);
  pinMode(LED_BUILTIN, OUTPUT);
  rbm_stream_start(&stream, &pump_detector, memory);
}

void loop() {
  static unsigned long due = micros();
  if (micros() - due < PUMP_INTERVAL_MICROSECONDS) return;
  due += PUMP_INTERVAL_MICROSECONDS;
  const int16_t reading = analogRead(A0);
  rbm_stream_push(&stream, &reading);
  if (!rbm_stream_ready(&stream)) return;
  const bool odd = rbm_is_odd(&stream);
  digitalWrite(LED_BUILTIN, odd);
  if (odd) Serial.println("odd");
}
