#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"

// A panel holds eight columns of a block, row after row, so that one row of it is one vector of the widest kind.
enum { LANES = 8 };
typedef double lanes __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double))));

// Rows of panels that are multiplied between two requests for memory. Few at a time: a core waits when more than some
// dozen lines are under way.
enum { STRIDE_OF_REQUESTS = 8 };

/// How far the requests for what comes next have got.
struct requests {
  const double *line, *end;
  struct upcoming_pieces left;
  size_t lines_at_once;
};

static inline __attribute__((always_inline)) void request(struct requests *requests) {
  for (size_t n = 0; n < requests->lines_at_once; n++) {
    if (requests->line >= requests->end) {
      if (requests->left.count == 0) return;
      requests->line = requests->left.first;
      requests->end = requests->line + requests->left.length;
      requests->left.first += requests->left.stride;
      requests->left.count--;
    }
    __builtin_prefetch(requests->line, 0, 2);
    requests->line += LANES;
  }
}

/// sum += leftᵀ right for `height` columns of one panel and all columns of `panels` panels, the sum in registers.
static inline __attribute__((always_inline)) void add_tile(
    const double *left, const double *right, size_t stride, size_t rows, double *sum, size_t order, const int height,
    const int panels, struct requests *requests) {
  lanes sums[LANES][3];
  for (int i = 0; i < height; i++)
    for (int p = 0; p < panels; p++) sums[i][p] = *(const lanes *)(sum + i * order + p * LANES);
  for (size_t first = 0; first < rows; first += STRIDE_OF_REQUESTS) {
    request(requests);
    const size_t end = rows - first < STRIDE_OF_REQUESTS ? rows : first + STRIDE_OF_REQUESTS;
    for (size_t row = first; row < end; row++) {
      lanes factors[3];
      for (int p = 0; p < panels; p++) factors[p] = *(const lanes *)(right + p * stride + row * LANES);
      for (int i = 0; i < height; i++) {
        const lanes factor = left[row * LANES + i] - (lanes){0};
        for (int p = 0; p < panels; p++) sums[i][p] += factor * factors[p];
      }
    }
  }
  for (int i = 0; i < height; i++)
    for (int p = 0; p < panels; p++) *(lanes *)(sum + i * order + p * LANES) = sums[i][p];
}

EVERY_CPU void kernels_add_moments(
    const double *panels, size_t stride, size_t rows, size_t width, int has_wide_registers, double *moments,
    struct upcoming_pieces upcoming) {
  const size_t count = (width + LANES - 1) / LANES, order = count * LANES;
  const int ends_in_half = width - (count - 1) * LANES <= LANES / 2;
  const size_t group = has_wide_registers ? 3 : 1;
  const size_t tiles = count * (count / group + 1) / 2 + 1;
  const size_t occasions = tiles * ((rows + STRIDE_OF_REQUESTS - 1) / STRIDE_OF_REQUESTS) + 1;
  struct requests requests = {
      .left = upcoming, .lines_at_once = upcoming.count * (upcoming.length / LANES + 1) / occasions + 1};
  for (size_t right = 0; right < count; right += group) {
    for (size_t left = right; left < count; left++) {
      const double *a = panels + left * stride, *b = panels + right * stride;
      double *sum = moments + left * LANES * order + right * LANES;
      const int is_half = ends_in_half && left == count - 1;
      const size_t needed = left - right + 1 < group ? left - right + 1 : group;
      if (!has_wide_registers) {
        add_tile(a, b, stride, rows, sum, order, 4, 1, &requests);
        if (!is_half) add_tile(a + 4, b, stride, rows, sum + 4 * order, order, 4, 1, &requests);
      } else if (needed == 3) {
        if (is_half) add_tile(a, b, stride, rows, sum, order, 4, 3, &requests);
        else add_tile(a, b, stride, rows, sum, order, 8, 3, &requests);
      } else if (needed == 2) {
        if (is_half) add_tile(a, b, stride, rows, sum, order, 4, 2, &requests);
        else add_tile(a, b, stride, rows, sum, order, 8, 2, &requests);
      } else {
        add_tile(a, b, stride, rows, sum, order, 8, 1, &requests);
      }
    }
  }
}

EVERY_CPU void kernels_fill_panels(
    const double *x, const ptrdiff_t *rows, size_t count, size_t features, const double *origin, const double *targets,
    const double *roots, double *panels, size_t stride) {
  const size_t whole = features / LANES;
  for (size_t row = 0; row < count; row++) {
    const double root = roots[rows[row]];
    const double *from = x + rows[row] * features;
    double *to = panels + row * LANES;
    for (size_t p = 0; p < whole; p++) {
      const lanes element = *(const lanes *)(from + p * LANES) - *(const lanes *)(origin + p * LANES);
      *(lanes *)(to + p * stride) = element * root;
    }
    for (size_t column = whole * LANES; column < features; column++)
      to[column / LANES * stride + column % LANES] = (from[column] - origin[column]) * root;
    to[features / LANES * stride + features % LANES] = (targets[rows[row]] - origin[features]) * root;
    to[(features + 1) / LANES * stride + (features + 1) % LANES] = root;
  }
}

EVERY_CPU void kernels_fill_transposed_panels(
    const double *x, size_t rows, size_t stride_of_x, size_t columns, const double *origin, const double *roots,
    double *panels, size_t stride) {
  for (size_t first = 0; first < rows; first += LANES) {
    const size_t height = rows - first < LANES ? rows - first : LANES;
    double *to = panels + first / LANES * stride;
    for (size_t i = 0; i < height; i++) {
      const double *from = x + (first + i) * stride_of_x;
      const double root = roots[first + i];
      for (size_t column = 0; column < columns; column++) to[column * LANES + i] = (from[column] - origin[column]) * root;
    }
  }
}
