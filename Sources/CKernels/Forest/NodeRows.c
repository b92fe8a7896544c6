#include <string.h>
#include "ForestKernels.h"

void kernels_mark_sides(
    uint8_t *sides, const uint16_t *column, size_t stride, const uint32_t *rows, size_t count, uint32_t last,
    int missing_goes_left) {
  for (size_t row = 0; row < count; row++) {
    const uint32_t code = column[rows[row] * stride];
    sides[row] = (code <= last) | (missing_goes_left & (code == kernels_missing_code));
  }
}

size_t kernels_part_node(
    uint32_t *rows, KernelsTarget *targets, const uint8_t *sides, size_t count, uint32_t *spare_rows,
    KernelsTarget *spare_targets) {
  size_t left = 0, right = 0;
  for (size_t row = 0; row < count; row++) {
    const uint32_t own = rows[row];
    const KernelsTarget target = targets[row];
    // Both sides are written, one of them to be written over: no branch that could be mispredicted.
    rows[left] = own;
    targets[left] = target;
    spare_rows[right] = own;
    spare_targets[right] = target;
    left += sides[row];
    right += !sides[row];
  }
  memcpy(rows + left, spare_rows, right * sizeof *rows);
  memcpy(targets + left, spare_targets, right * sizeof *targets);
  return left;
}
