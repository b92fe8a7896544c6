// Prediction by decision trees. x is row-major, its rows `stride` apart; NaN is a missing value. A sum over trees is
// made one tree after the other, so that all ways to predict give the same bits.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// A node as `TreeNode` has it: trees in pre-order, the left child of a node is the next one. `split` is the feature in
/// the low 30 bits, then "categorical", then "missing goes left"; `right` counts from the root and is 0 at a leaf.
typedef struct {
  double payload;
  uint32_t right;
  uint32_t split;
} KernelsTreeNode;

/// Rows that walk down a tree side by side, so that one waits for memory while others compute.
enum { KERNELS_LANES = 16 };

/// Copies rows side by side: with r = KERNELS_LANES p + l, element c of row r goes to place l of the KERNELS_LANES that
/// begin at panels[(p * columns + c) * KERNELS_LANES]. Row r is row `list[r]` of x or, without a list, row r. Lanes past
/// the last row are 0. Tells whether an element is missing.
int kernels_fill_lanes(
    double *panels, const double *x, size_t stride, size_t columns, const uint32_t *list, size_t count);

/// sums[r] += the value of the leaf of row r. `takes_missing` and `takes_categories`: there may be missing elements,
/// categorical splits.
void kernels_add_tree(
    const KernelsTreeNode *tree, const uint64_t *level_sets, const double *panels, size_t columns, size_t count,
    int takes_missing, int takes_categories, double *sums);

/// `sum` and the values of the leaves of one row in the trees with these roots.
double kernels_add_trees_of_row(
    const KernelsTreeNode *nodes, const size_t *roots, size_t trees, const uint64_t *level_sets, const double *row,
    int takes_categories, double sum);

/// Numbers of edges that a column has room for; those that it does not need are infinite.
enum { KERNELS_COLUMN_EDGES = 256 };

/// A column of codes: how many of at most 255 thresholds of a feature are below the element; `missing` for NaN.
typedef struct {
  uint32_t feature;
  uint32_t missing;
} KernelsCodeColumn;

/// A split of a small tree. Numeric: codes of column `source` above the threshold go right. A row takes the highest
/// `leaf` of the splits where it goes right. Splits are in pre-order. Who comes to a split is kept at `slot`, and
/// there afterwards who goes right; who goes left is kept in the next one.
typedef struct {
  uint32_t source;
  uint8_t threshold;
  uint8_t slot;
  uint8_t leaf;
  uint8_t is_categorical;  // then `source` is a test of levels
} KernelsCodedSplit;

/// Levels that go left, as bits of words; all others and missing ones go to their own side.
typedef struct {
  uint32_t feature;
  uint32_t first_word;
  uint32_t words;
  uint32_t others_go_right;
} KernelsLevelTest;

/// A test of levels and its place among the splits of its tree.
typedef struct {
  uint32_t test;
  uint32_t split;
} KernelsPlacedTest;

/// Small trees in terms of codes.
typedef struct {
  const KernelsCodedSplit *splits;
  const uint32_t *starts;  // of the splits of each tree, and their number
  const KernelsLevelTest *tests;
  const uint64_t *level_sets;
  const double *values;    // of the leaves, `leaves` a tree
  size_t leaves;           // of a tree, at most KERNELS_CODED_LEAVES
} KernelsCodedTrees;

enum { KERNELS_CODED_LEAVES = 128, KERNELS_CODED_ROWS = 256 };

/// sums[r] += Σ values of the leaves of row r over some trees, for one to four times 64 rows: `count` of them are in x,
/// whose codes, all of one column after the other, are in `codes`. `sums` has room for whole groups of 64.
void kernels_add_coded_trees(
    const KernelsCodedTrees *trees, size_t first, size_t last, const uint8_t *codes, const double *x, size_t stride,
    size_t count, double *sums);

/// The same trees, of 32 or 64 leaves at most, arranged for one row.
typedef struct {
  KernelsCodedTrees trees;
  const KernelsCodeColumn *code_columns;
  size_t column_count;       // at most 256
  const double *edges;       // KERNELS_COLUMN_EDGES a column
  const double *pivots;      // every sixteenth of them
  const uint8_t *columns;    // of the splits, `trees.leaves` a tree; an even number of trees
  const uint8_t *thresholds; // the same; 255 where there is no split
  const void *relevant;      // for each leaf a bit for every split above it, one word of `trees.leaves` bits
  // Those of them where the leaf is on the right. No row has the bits of a leaf that is not there.
  const void *expected;
  const KernelsPlacedTest *tests;
  const uint32_t *test_starts;  // of each tree, and their number
} KernelsCodedRowTrees;

/// Whether this CPU can look up 64 bytes at once, as the next function does.
int kernels_can_look_up_bytes(void);

/// `sum` and the values of the leaves of one row in some trees.
double kernels_add_coded_trees_of_row(
    const KernelsCodedRowTrees *trees, size_t first, size_t last, const double *row, double sum);
