#include "DataKernels.h"
#include "../Vector/EveryCPU.h"
#include <string.h>

// A byte a bit, the first in the lowest.
static inline uint64_t equal(const uint8_t *bytes, uint8_t value) {
  typedef uint8_t block __attribute__((ext_vector_type(64), aligned(1)));
  typedef _Bool bits __attribute__((ext_vector_type(64)));
  const bits same = __builtin_convertvector(*(const block *)bytes == value, bits);
  uint64_t mask;
  memcpy(&mask, &same, sizeof mask);
  return mask;
}

// Bit i of the result is the parity of the bits up to i.
static inline uint64_t parity_up_to(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

EVERY_CPU KernelsLineEnds kernels_line_ends(const uint8_t *bytes, size_t count, int following) {
  KernelsLineEnds found = {0, 0, 0};
  size_t position = 0;
  uint64_t quoted = 0;  // all ones within quotes, for a part that begins outside
  for (; position + 65 <= count; position += 64) {
    const uint64_t feeds = equal(bytes + position, '\n');
    const uint64_t returns = equal(bytes + position, '\r');
    const uint64_t next = feeds >> 1 | (uint64_t)(bytes[position + 64] == '\n') << 63;
    const uint64_t ends = feeds | (returns & ~next);
    const uint64_t inside = parity_up_to(equal(bytes + position, '"')) ^ quoted;
    found.outside += (size_t)__builtin_popcountll(ends & ~inside);
    found.inside += (size_t)__builtin_popcountll(ends & inside);
    quoted = (uint64_t)((int64_t)inside >> 63);
  }
  uint32_t odd = (uint32_t)(quoted & 1);
  for (; position < count; position++) {
    const int next = position + 1 < count ? bytes[position + 1] : following;
    odd ^= bytes[position] == '"';
    if (bytes[position] == '\n' || (bytes[position] == '\r' && next != '\n')) {
      found.outside += !odd;
      found.inside += odd;
    }
  }
  found.odd = odd;
  return found;
}
