#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"

EVERY_CPU void kernels_squash(const double *restrict z, float *restrict result, size_t count) {
  for (size_t index = 0; index < count; index++) {
    const double upper = z[index] < 1e6 ? z[index] : 1e6;
    const float bounded = (float)(upper > -1e6 ? upper : -1e6);
    result[index] = bounded / __builtin_elementwise_sqrt(1.0f + bounded * bounded * (1.0f / 9.0f));
  }
}

// The rows lie anywhere in a table that no cache holds: they are asked for some rows ahead of their use.
EVERY_CPU void kernels_gather(
    const float *restrict table, size_t columns, const ptrdiff_t *restrict selection, size_t count,
    float *restrict result, size_t stride) {
  enum { ahead = 8, line = 64 / sizeof(float) };
  for (size_t row = 0; row < count; row++) {
    if (row + ahead < count) {
      const float *later = table + (size_t)selection[row + ahead] * columns;
      for (size_t column = 0; column < columns; column += line) __builtin_prefetch(later + column);
    }
    const float *source = table + (size_t)selection[row] * columns;
    float *destination = result + row * stride;
    for (size_t column = 0; column < columns; column++) destination[column] = source[column];
  }
}
