#include "BoostingKernels.h"

// Keys of up to so many levels are sorted by moving each to its place among those before.
enum { few_keys = 48 };
// Few values of a digit, as there are few keys: each pass goes over all values once.
enum { digit_bits = 8, digits = 1 << digit_bits };

static void sort_few(uint64_t *keys, size_t count) {
  for (size_t index = 1; index < count; index++) {
    const uint64_t key = keys[index];
    size_t place = index;
    for (; place > 0 && keys[place - 1] > key; place--) keys[place] = keys[place - 1];
    keys[place] = key;
  }
}

void kernels_sort_by_upper_half(uint64_t *keys, uint64_t *spare, size_t count) {
  if (count <= few_keys) {
    sort_few(keys, count);
    return;
  }
  uint64_t *from = keys, *to = spare;
  for (int shift = 32; shift < 64; shift += digit_bits) {
    uint32_t places[digits] = {0};
    for (size_t index = 0; index < count; index++) places[from[index] >> shift & (digits - 1)]++;
    uint32_t place = 0;
    for (size_t digit = 0; digit < digits; digit++) {
      const uint32_t of_digit = places[digit];
      places[digit] = place;
      place += of_digit;
    }
    for (size_t index = 0; index < count; index++) to[places[from[index] >> shift & (digits - 1)]++] = from[index];
    uint64_t *other = from;
    from = to;
    to = other;
  }
  // Four rounds: the keys are where they were.
}
