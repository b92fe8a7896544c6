#include "DataKernels.h"

#ifdef __SSE2__
#include <emmintrin.h>
// Most cells are short: a width that every x86-64 has costs the least before the first byte is known.
enum { WIDTH = 16 };
#else
enum { WIDTH = 0 };
#endif

size_t kernels_cell_end(const uint8_t *bytes, size_t position, size_t end, uint8_t delimiter, uint8_t *bits) {
  uint8_t seen = 0;
#ifdef __SSE2__
  const __m128i delimiters = _mm_set1_epi8((char)delimiter), quotes = _mm_set1_epi8('"');
  const __m128i feeds = _mm_set1_epi8('\n'), returns = _mm_set1_epi8('\r'), zero = _mm_setzero_si128();
  while (position + WIDTH <= end) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + position));
    const __m128i marks = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(block, delimiters), _mm_cmpeq_epi8(block, quotes)),
        _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(block, feeds), _mm_cmpeq_epi8(block, returns)), _mm_cmpeq_epi8(block, zero)));
    const unsigned found = (unsigned)_mm_movemask_epi8(marks), high = (unsigned)_mm_movemask_epi8(block);
    if (found) {
      const unsigned before = (unsigned)__builtin_ctz(found);
      *bits = seen | (high & ((1u << before) - 1) ? 0x80 : 0);
      return position + before;
    }
    seen |= high ? 0x80 : 0;
    position += WIDTH;
  }
#endif
  for (; position < end; position++) {
    const uint8_t byte = bytes[position];
    if (byte == delimiter || byte == '\n' || byte == '\r' || byte == '"' || byte == 0) break;
    seen |= byte;
  }
  *bits = seen & 0x80;
  return position;
}

size_t kernels_quote_end(const uint8_t *bytes, size_t position, size_t end, uint8_t *bits) {
  uint8_t seen = 0;
#ifdef __SSE2__
  const __m128i quotes = _mm_set1_epi8('"'), zero = _mm_setzero_si128();
  while (position + WIDTH <= end) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + position));
    const __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(block, quotes), _mm_cmpeq_epi8(block, zero));
    const unsigned found = (unsigned)_mm_movemask_epi8(marks), high = (unsigned)_mm_movemask_epi8(block);
    if (found) {
      const unsigned before = (unsigned)__builtin_ctz(found);
      *bits = seen | (high & ((1u << before) - 1) ? 0x80 : 0);
      return position + before;
    }
    seen |= high ? 0x80 : 0;
    position += WIDTH;
  }
#endif
  for (; position < end; position++) {
    const uint8_t byte = bytes[position];
    if (byte == '"' || byte == 0) break;
    seen |= byte;
  }
  *bits = seen & 0x80;
  return position;
}
