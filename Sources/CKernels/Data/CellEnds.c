#include "DataKernels.h"

#ifdef __SSE2__
#include <emmintrin.h>
// Most cells are short: a width that every x86-64 has costs the least before the first byte is known.
enum { WIDTH = 16 };
#endif

// Index of the first of `marks` bytes; a byte that is not ASCII before it sets the high bit of `bits`. Inlined, so that
// the number of marks is known where it is compiled.
__attribute__((always_inline)) static inline size_t first_mark(
    const uint8_t *bytes, size_t position, size_t end, const uint8_t *marks, int count, uint8_t *bits) {
  uint8_t seen = 0;
#ifdef __SSE2__
  for (; position + WIDTH <= end; position += WIDTH) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + position));
    __m128i found = _mm_cmpeq_epi8(block, _mm_set1_epi8((char)marks[0]));
    for (int mark = 1; mark < count; mark++) {
      found = _mm_or_si128(found, _mm_cmpeq_epi8(block, _mm_set1_epi8((char)marks[mark])));
    }
    const unsigned places = (unsigned)_mm_movemask_epi8(found), high = (unsigned)_mm_movemask_epi8(block);
    if (places) {
      const unsigned before = (unsigned)__builtin_ctz(places);
      *bits = seen | (high & ((1u << before) - 1) ? 0x80 : 0);
      return position + before;
    }
    seen |= high ? 0x80 : 0;
  }
#endif
  for (; position < end; position++) {
    const uint8_t byte = bytes[position];
    for (int mark = 0; mark < count; mark++) {
      if (byte == marks[mark]) {
        *bits = seen & 0x80;
        return position;
      }
    }
    seen |= byte;
  }
  *bits = seen & 0x80;
  return position;
}

size_t kernels_cell_end(const uint8_t *bytes, size_t position, size_t end, uint8_t delimiter, uint8_t *bits) {
  const uint8_t marks[] = {delimiter, '\n', '\r', '"', 0};
  return first_mark(bytes, position, end, marks, 5, bits);
}

size_t kernels_quote_end(const uint8_t *bytes, size_t position, size_t end, uint8_t *bits) {
  const uint8_t marks[] = {'"', 0};
  return first_mark(bytes, position, end, marks, 2, bits);
}
