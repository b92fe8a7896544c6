#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"
#include "../Vector/Lanes.h"

// Four perfect shuffles of 16 rows of 16 are a transposition: each moves one bit of an element's column number to its row
// number.
static inline __attribute__((always_inline)) void transpose_block(
    const float *restrict values, size_t stride, float *restrict result, size_t result_stride) {
  Lanes old[LANES], new[LANES];
  for (size_t row = 0; row < LANES; row++) old[row] = LOAD_LANES(values + row * stride);
#pragma clang loop unroll(full)
  for (int bit = 0; bit < 4; bit++) {
#pragma clang loop unroll(full)
    for (size_t row = 0; row < LANES / 2; row++) {
      const Lanes upper = old[row], lower = old[row + LANES / 2];
      new[2 * row] = __builtin_shufflevector(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      new[2 * row + 1] =
          __builtin_shufflevector(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma clang loop unroll(full)
    for (size_t row = 0; row < LANES; row++) old[row] = new[row];
  }
  for (size_t row = 0; row < LANES; row++) STORE_LANES(result + row * result_stride, old[row]);
}

EVERY_CPU void kernels_transpose(const float *restrict values, float *restrict result, size_t rows, size_t columns) {
  const size_t whole_rows = rows / LANES * LANES, whole_columns = columns / LANES * LANES;
  for (size_t row = 0; row < whole_rows; row += LANES)
    for (size_t column = 0; column < whole_columns; column += LANES)
      transpose_block(values + row * columns + column, columns, result + column * rows + row, rows);
  for (size_t row = 0; row < rows; row++)
    for (size_t column = row < whole_rows ? whole_columns : 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column];
}
