// The loops of growing a forest's trees: cuts of a node's rows by the codes of their features, parting of the rows.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rows as codes: the code of row r in column c is codes[r * stride + c].
typedef struct {
  const uint16_t *codes;
  size_t stride;
} KernelsCodes;

/// The code of a missing value.
enum { kernels_missing_code = 0xFFFF };

/// A row's number and its weight. What it adds to the sums of a node is w (y - mean of the node) and w.
typedef struct {
  double value;
  double weight;
} KernelsTarget;

/// The rows of a node: rows[i] has the sums targets[i].
typedef struct {
  const uint32_t *rows;
  const KernelsTarget *targets;
  size_t count;
  double weight;  // the sum of all
  size_t least;   // rows that a side must keep
} KernelsRows;

/// A cut of a node between two codes of a column.
typedef struct {
  double gain;         // r² / (w (W - w)) with the sums r, w of the left side; negative: there is no cut
  double left_weight;
  uint32_t place;      // which of the columns
  uint32_t last;       // the largest code on the left
  uint32_t next;       // the smallest code on the right
} KernelsCodeCut;

/// The most rows that `kernels_cut_of_few` takes.
enum { kernels_few_rows = 64 };

/// The best cut over some columns; of equal ones the first column's, then the lowest. Columns where a row's value is
/// missing are left out and marked in `has_missing`. `Few`: at most `kernels_few_rows` rows.
KernelsCodeCut kernels_cut_of_few(
    KernelsCodes codes, const KernelsRows *node, const uint32_t *columns, size_t column_count, uint8_t *has_missing);

/// The same for any number of rows. Of a column with more than 256 codes between the lowest and the highest of the node,
/// cuts at up to 255 even distances are compared, and, of the best column, then all in the neighbourhood of its best;
/// from 1,024 rows on also all among the 256 codes at either end.
/// `scratch` has room for `kernels_cut_scratch(count)` codes.
KernelsCodeCut kernels_cut_of_many(
    KernelsCodes codes, const KernelsRows *node, const uint32_t *columns, size_t column_count, uint8_t *has_missing,
    uint16_t *scratch);
size_t kernels_cut_scratch(size_t count);

/// Sorts indices 0 ..< count by the code of their row: a key is a code above 32 bits of index. `keys` has room for
/// 2 `count`; returns where the sorted ones are.
uint64_t *kernels_sort_codes(uint64_t *keys, const uint16_t *codes, size_t stride, const uint32_t *rows, size_t count);

/// Sets sides[i] to 1 where the code of row rows[i] is at most `last`, or missing and `missing_goes_left`; else to 0.
void kernels_mark_sides(
    uint8_t *sides, const uint16_t *column, size_t stride, const uint32_t *rows, size_t count, uint32_t last,
    int missing_goes_left);

/// Moves the rows with side 1, and what belongs to them, to the front; all keep their order. Returns how many they are.
/// The spare memory has room for `count`.
size_t kernels_part_node(
    uint32_t *rows, KernelsTarget *targets, const uint8_t *sides, size_t count, uint32_t *spare_rows,
    KernelsTarget *spare_targets);

/// Random cuts of a node, one a column.
typedef struct {
  const uint32_t *words;   // a random one for each
  const uint16_t *enough;  // steps from the lowest code to the highest that are enough to draw from
  uint16_t *limits;        // the largest code on the left
  double *weights;         // sums on the left
  double *gains;           // r² / (w (W - w)) with the sums r, w of the left side, or one of the marks below
} KernelsRandomCuts;

/// In place of a gain: all codes are the same; some are missing or there are not steps enough.
static const double kernels_no_cut = -1, kernels_cut_by_values = -2;

/// Draws a limit uniform between the smallest and the largest code in each of `width` neighbouring columns: 8, 16, or a
/// multiple of 32.
void kernels_cut_at_random(
    const KernelsRandomCuts *cuts, KernelsCodes codes, const KernelsRows *node, size_t width);
