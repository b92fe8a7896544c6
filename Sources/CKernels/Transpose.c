#include "CKernels.h"
#include "EveryCPU.h"

enum { side = 16 };
typedef float row_vector __attribute__((vector_size(side * sizeof(float)), aligned(sizeof(float))));

// Four perfect shuffles of 16 rows of 16 are a transposition: each moves one bit of an element's column number to its row
// number.
static inline __attribute__((always_inline)) void transpose_block(
    const float *restrict values, size_t stride, float *restrict result, size_t result_stride) {
  row_vector old[side], new[side];
  for (size_t row = 0; row < side; row++) old[row] = *(const row_vector *)(values + row * stride);
#pragma clang loop unroll(full)
  for (int bit = 0; bit < 4; bit++) {
#pragma clang loop unroll(full)
    for (size_t row = 0; row < side / 2; row++) {
      const row_vector upper = old[row], lower = old[row + side / 2];
      new[2 * row] = __builtin_shufflevector(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      new[2 * row + 1] =
          __builtin_shufflevector(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma clang loop unroll(full)
    for (size_t row = 0; row < side; row++) old[row] = new[row];
  }
  for (size_t row = 0; row < side; row++) *(row_vector *)(result + row * result_stride) = old[row];
}

EVERY_CPU void kernels_transpose(const float *restrict values, float *restrict result, size_t rows, size_t columns) {
  const size_t whole_rows = rows / side * side, whole_columns = columns / side * side;
  for (size_t row = 0; row < whole_rows; row += side)
    for (size_t column = 0; column < whole_columns; column += side)
      transpose_block(values + row * columns + column, columns, result + column * rows + row, rows);
  for (size_t row = 0; row < rows; row++)
    for (size_t column = row < whole_rows ? whole_columns : 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column];
}
