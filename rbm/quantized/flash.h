// Tables that a processor cannot read like other memory: RBM_FLASH marks them, RBM_READ_* read from them.
// AVR is known; for others define all four before the first include.
//
// On AVR, pointers have 16 bits: RBM_READ_* reach the first 64 KB of flash, as pgm_read_byte does. A model's
// tables, and those that models share, may lie anywhere in a larger flash (RBM_FAR), aligned or not. There
// rbm_words, rbm_halves, rbm_biases and rbm_bytes are addresses in bytes, elsewhere pointers, so that only
// RBM_TABLE_* and rbm_*_from step through them. (Not __uint24: GCC 5 shifts it wrongly.)
//
// A program's own tables that RBM_FLASH marks must lie in the first 64 KB, or RBM_READ_* read others, without
// an error: beyond, read them with pgm_read_byte_far.
#pragma once

#include <stdint.h>

#include "interface.h"

#ifndef RBM_FLASH
#ifdef __AVR__
#ifdef __clang__
#error "Clang leaves tables out of an AVR's flash: compile with avr-gcc, or define RBM_FLASH and RBM_READ_*"
#endif
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
#ifdef __AVR_HAVE_ELPM__
#define RBM_FAR 1
#endif
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

#ifdef RBM_FAR
typedef uint32_t rbm_words, rbm_halves, rbm_biases, rbm_bytes;

// ELPM reads at RAMPZ (0x3b) and Z, and steps both on. RAMPZ goes back to 0, as some parts take it for RAM
// too.
#define RBM_DEFINE_FAR(name, type, loads)                         \
  static inline type name(uint32_t address) {                     \
    type value;                                                   \
    uint16_t low = (uint16_t)address;                             \
    __asm__("out 0x3b, %2\n\t" loads "\n\tout 0x3b, __zero_reg__" \
            : "=&r"(value), "+z"(low)                             \
            : "r"((uint8_t)(address >> 16)));                     \
    return value;                                                 \
  }
RBM_DEFINE_FAR(rbm_far_8, uint8_t, "elpm %0, Z")
RBM_DEFINE_FAR(rbm_far_16, uint16_t, "elpm %A0, Z+\n\telpm %B0, Z")
RBM_DEFINE_FAR(rbm_far_32, uint32_t, "elpm %A0, Z+\n\telpm %B0, Z+\n\telpm %C0, Z+\n\telpm %D0, Z")

// Element n of a table. A table has at most 32,767 bytes, so that 16 bits hold a distance.
#define RBM_TABLE_8(address, n) rbm_far_8((address) + (n))
#define RBM_TABLE_16(address, n) rbm_far_16((address) + (size_t)(n)*2)
#define RBM_TABLE_32(address, n) rbm_far_32((address) + (size_t)(n)*4)
// A table from element n on.
#define rbm_words_from(address, n) ((address) + (size_t)(n)*4)
#define rbm_biases_from(address, n) ((address) + (size_t)(n)*2)

static inline uint32_t rbm_address_24(const rbm_quantized* model, const void* table, unsigned n) {
  return (model->banks() >> 8 * n & 0xff) << 16 | (uint16_t)table;
}
#define rbm_weights(model) rbm_address_24(model, (model)->weights, 0)
#define rbm_shifts(model) rbm_address_24(model, (model)->shifts, 1)
#define rbm_visible_bias(model) rbm_address_24(model, (model)->visible_bias, 2)
#define rbm_hidden_bias(model) rbm_address_24(model, (model)->hidden_bias, 3)

// In a generated header, whose tables only it can name: the function name_banks, a member of rbm_quantized,
// which gives the highest byte of each address, of 24 bits.
#define RBM_DEFINE_BANKS(name)                                                                             \
  static uint32_t name##_banks(void) {                                                                     \
    uint32_t banks;                                                                                        \
    __asm__("ldi %A0, hh8(%1)\n\tldi %B0, hh8(%2)\n\tldi %C0, hh8(%3)\n\tldi %D0, hh8(%4)"                 \
            : "=d"(banks)                                                                                  \
            : "i"(name##_weights), "i"(name##_shifts), "i"(name##_visible_bias), "i"(name##_hidden_bias)); \
    return banks;                                                                                          \
  }

// The address of a shared table, by the function that RBM_DEFINE_HALVES defines.
#define RBM_DEFINE_HALVES(table)                                                     \
  static inline rbm_halves table##_halves(void) {                                    \
    uint32_t address;                                                                \
    __asm__("ldi %A0, lo8(%1)\n\tldi %B0, hi8(%1)\n\tldi %C0, hh8(%1)\n\tldi %D0, 0" \
            : "=d"(address)                                                          \
            : "i"(table));                                                           \
    return address;                                                                  \
  }
#define RBM_HALVES(table) table##_halves()
#else
typedef const uint32_t* rbm_words;
typedef const uint16_t* rbm_halves;
typedef const int16_t* rbm_biases;
typedef const uint8_t* rbm_bytes;
#define RBM_TABLE_8(pointer, n) RBM_READ_8((pointer) + (n))
#define RBM_TABLE_16(pointer, n) RBM_READ_16((pointer) + (n))
#define RBM_TABLE_32(pointer, n) RBM_READ_32((pointer) + (n))
#define rbm_words_from(pointer, n) ((pointer) + (n))
#define rbm_biases_from(pointer, n) ((pointer) + (n))
#define rbm_weights(model) ((model)->weights)
#define rbm_shifts(model) ((model)->shifts)
#define rbm_visible_bias(model) ((model)->visible_bias)
#define rbm_hidden_bias(model) ((model)->hidden_bias)
#define RBM_DEFINE_HALVES(table)
#define RBM_HALVES(table) (table)
#endif
