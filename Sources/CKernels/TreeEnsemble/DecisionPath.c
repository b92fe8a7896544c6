#include "../Vector/EveryCPU.h"
#include "TreeEnsembleKernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// Keeps the compiler from seeing that a mask is all ones or all zeros, lest it makes a branch of it: half of
/// the guesses would be wrong.
#define HIDE(mask) __asm__("" : "+r"(mask))

static const uint32_t categorical_bit = 1u << 30;
static const uint32_t missing_left_shift = 31;

int kernels_fill_lanes(
    double *panels, const double *x, size_t stride, size_t columns, const uint32_t *list, size_t count) {
  int missing = 0;
  for (size_t first = 0; first < count; first += KERNELS_LANES) {
    double *panel = panels + first * columns;
    for (size_t lane = 0; lane < KERNELS_LANES; lane++) {
      if (first + lane >= count) {
        for (size_t column = 0; column < columns; column++) panel[column * KERNELS_LANES + lane] = 0;
        continue;
      }
      const double *row = x + (list ? list[first + lane] : first + lane) * stride;
      for (size_t column = 0; column < columns; column++) {
        panel[column * KERNELS_LANES + lane] = row[column];
        missing |= row[column] != row[column];
      }
    }
  }
  return missing;
}

/// All ones where the level is not in the set of those that go left.
static uint64_t level_goes_right(const KernelsTreeNode *node, const uint64_t *level_sets, double element) {
  uint64_t pattern;
  __builtin_memcpy(&pattern, &node->payload, sizeof pattern);
  const uint32_t words = (uint32_t)pattern;
  if (!(element >= 0 && element < (double)words * 64)) return (uint64_t)(node->split >> missing_left_shift) - 1;
  const uint64_t level = (uint64_t)element;
  return (level_sets[(pattern >> 32) + level / 64] >> level % 64 & 1) - 1;
}

/// Takes every lane to its leaf. `at` are places of nodes in bytes, first those of the roots, which `roots` has again
/// or, where all are 0, is null. Lane l finds its elements at elements[(feature * stride + l) * lane_stride]. They walk until the
/// last one has arrived: an arrived one stays where it is. There is no branch that depends on where a row goes,
/// but for categories.
ALWAYS_INLINE void walk(
    const KernelsTreeNode *nodes, const uint64_t *level_sets, const uint64_t *roots, const double *elements,
    size_t stride, size_t lane_stride, int takes_missing, int takes_categories, uint64_t *at) {
  uint64_t moving;
  do {
    moving = 0;
#pragma clang loop unroll(full)
    for (size_t lane = 0; lane < KERNELS_LANES; lane++) {
      const KernelsTreeNode *node = (const KernelsTreeNode *)((const char *)nodes + at[lane]);
      const size_t feature = node->split & (categorical_bit - 1);
      const double element = elements[feature * stride + lane * lane_stride];
      const uint64_t right = (uint64_t)node->right * sizeof *node;
      uint64_t goes_right = (uint64_t) !(element <= node->payload);
      if (takes_missing) goes_right &= ~((uint64_t)(element != element) & node->split >> missing_left_shift);
      goes_right = -goes_right;
      HIDE(goes_right);
      if (takes_categories && node->split & categorical_bit) goes_right = level_goes_right(node, level_sets, element);
      const uint64_t left = at[lane] + sizeof *node;
      const uint64_t child = left + ((right + (roots ? roots[lane] : 0) - left) & goes_right);
      uint64_t moves = -(uint64_t)(right != 0);
      HIDE(moves);
      at[lane] += (child - at[lane]) & moves;
      moving |= right;
    }
  } while (moving);
}

ALWAYS_INLINE void add_tree(
    const KernelsTreeNode *tree, const uint64_t *level_sets, const double *panels, size_t columns, size_t count,
    int takes_missing, int takes_categories, double *sums) {
  for (size_t first = 0; first < count; first += KERNELS_LANES) {
    uint64_t at[KERNELS_LANES] = {0};
    walk(
        tree, level_sets, 0, panels + first * columns, KERNELS_LANES, 1, takes_missing, takes_categories, at);
    const size_t lanes = count - first < KERNELS_LANES ? count - first : KERNELS_LANES;
    for (size_t lane = 0; lane < lanes; lane++) sums[first + lane] += tree[at[lane] / sizeof *tree].payload;
  }
}

void kernels_add_tree(
    const KernelsTreeNode *tree, const uint64_t *level_sets, const double *panels, size_t columns, size_t count,
    int takes_missing, int takes_categories, double *sums) {
  if (tree->right == 0) {
    for (size_t row = 0; row < count; row++) sums[row] += tree->payload;
  } else if (takes_categories) {
    add_tree(tree, level_sets, panels, columns, count, 1, 1, sums);
  } else if (takes_missing) {
    add_tree(tree, level_sets, panels, columns, count, 1, 0, sums);
  } else {
    add_tree(tree, level_sets, panels, columns, count, 0, 0, sums);
  }
}

ALWAYS_INLINE double add_trees_of_row(
    const KernelsTreeNode *nodes, const size_t *roots, size_t trees, const uint64_t *level_sets, const double *row,
    int takes_categories, double sum) {
  for (size_t first = 0; first < trees; first += KERNELS_LANES) {
    const size_t lanes = trees - first < KERNELS_LANES ? trees - first : KERNELS_LANES;
    uint64_t starts[KERNELS_LANES], at[KERNELS_LANES];
    for (size_t lane = 0; lane < KERNELS_LANES; lane++) {
      starts[lane] = at[lane] = roots[first + (lane < lanes ? lane : lanes - 1)] * sizeof *nodes;
    }
    walk(nodes, level_sets, starts, row, 1, 0, 1, takes_categories, at);
    for (size_t lane = 0; lane < lanes; lane++) sum += nodes[at[lane] / sizeof *nodes].payload;
  }
  return sum;
}

double kernels_add_trees_of_row(
    const KernelsTreeNode *nodes, const size_t *roots, size_t trees, const uint64_t *level_sets, const double *row,
    int takes_categories, double sum) {
  return takes_categories ? add_trees_of_row(nodes, roots, trees, level_sets, row, 1, sum)
                          : add_trees_of_row(nodes, roots, trees, level_sets, row, 0, sum);
}
