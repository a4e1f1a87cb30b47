// The four functions that GCC and Clang call for copies and comparisons of their own, even without a C
// library. Compile with -fno-tree-loop-distribute-patterns, else GCC turns each loop into a call of its own
// function.

#include <stddef.h>

void* memcpy(void* restrict to, const void* restrict from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int value, size_t size);
int memcmp(const void* left, const void* right, size_t size);

void* memcpy(void* restrict to, const void* restrict from, size_t size) {
  unsigned char* target = to;
  const unsigned char* source = from;
  while (size--) *target++ = *source++;
  return to;
}

void* memmove(void* to, const void* from, size_t size) {
  unsigned char* target = to;
  const unsigned char* source = from;
  if (target <= source) {
    while (size--) *target++ = *source++;
    return to;
  }
  while (size--) target[size] = source[size];
  return to;
}

void* memset(void* to, int value, size_t size) {
  unsigned char* target = to;
  while (size--) *target++ = (unsigned char)value;
  return to;
}

int memcmp(const void* left, const void* right, size_t size) {
  const unsigned char* a = left;
  const unsigned char* b = right;
  for (; size--; ++a, ++b) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}
