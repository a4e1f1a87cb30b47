// Tables that a processor cannot read like other memory: RBM_FLASH marks them, RBM_READ_* read from them.
// AVR is known; for others define all four before the first include.
#pragma once

#include <stdint.h>

#ifndef RBM_FLASH
#ifdef __AVR__
// Flash is an address space of its own, which only the instruction LPM reads.
static inline uint8_t rbm_flash_8(const void* address) {
  uint8_t value;
  __asm__("lpm %0, Z" : "=r"(value) : "z"(address));
  return value;
}
static inline uint16_t rbm_flash_16(const void* address) {
  uint16_t value;
  __asm__("lpm %A0, Z+\n\tlpm %B0, Z" : "=&r"(value), "+z"(address));
  return value;
}
static inline uint32_t rbm_flash_32(const void* address) {
  uint32_t value;
  __asm__("lpm %A0, Z+\n\tlpm %B0, Z+\n\tlpm %C0, Z+\n\tlpm %D0, Z" : "=&r"(value), "+z"(address));
  return value;
}
#define RBM_FLASH __attribute__((__progmem__))
#define RBM_READ_8(address) rbm_flash_8(address)
#define RBM_READ_16(address) rbm_flash_16(address)
#define RBM_READ_32(address) rbm_flash_32(address)
#else
#define RBM_FLASH
#define RBM_FLAT 1
#define RBM_READ_8(address) (*(address))
#define RBM_READ_16(address) (*(address))
#define RBM_READ_32(address) (*(address))
#endif
#endif
