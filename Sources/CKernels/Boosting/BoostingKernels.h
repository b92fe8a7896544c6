// The loops of boosting: histograms of binned rows, the search for cuts in them, parting rows, derivatives.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rows as codes of their bins: that of row r in column c is rows[r * stride + c]. In a histogram, which has one or two
/// words an entry (`width`), what is written as b in column c is entry c * spacing + b.
typedef struct {
  const uint8_t *rows;
  size_t stride;
  size_t columns;
  size_t spacing;
} KernelsBins;

/// Adds to a histogram, or subtracts from it, the words of the rows `list[0 ..< count]`: row r has the words
/// r * width ..< (r + 1) * width. `chosen`, unless null, are the only columns to count. `spacing` is at most 256.
void kernels_histogram_add(
    uint64_t *histogram, KernelsBins bins, const uint32_t *chosen, size_t chosen_count, const uint32_t *list,
    size_t count, const uint64_t *words, size_t width, int subtracts);

/// Sums that a histogram still waits for: of the rows `list[0 ..< count]`, which become all that is in it, or are taken out
/// of it where `subtracts`; and of some blocks, histograms one after another. They are then taken out of `larger`, if any.
typedef struct {
  uint64_t *histogram;
  uint64_t *larger;
  const uint64_t *blocks;
  size_t block_count;
  KernelsBins bins;
  const uint32_t *list;
  size_t count;
  const uint64_t *words;
  size_t width;
  int subtracts;
} KernelsSums;

/// Brings the sums into the columns first ..< end.
void kernels_finish_sums(const KernelsSums *sums, size_t first, size_t end);

/// What all cuts of a node share. Sums are in fixed point: the lower `count_bits` of a first word count rows, the rest is
/// the sum of gradients; a second word is a sum of second derivatives.
typedef struct {
  double mean;  // G / both
  double both;  // H + 2 λ
  double l2;
  int64_t rows;
  int64_t least_rows;     // of a side
  double hessian;         // H
  double least_hessian;   // that a side must exceed
  int64_t count_bits;
} KernelsNode;

/// Where the histogram of a number's bins has bin b, of so many and one more, the last, for missing values: eight lanes
/// side by side have a run of neighbouring bins each, so that running sums of all lanes are one addition a step.
/// No place is beyond the next multiple of eight.
static inline size_t kernels_place_of_bin(size_t bin, size_t bins) {
  const size_t steps = bins / 8 + 1;
  return bin % steps * 8 + bin / steps;
}

typedef struct {
  double score;      // u² / (a b); 0 where there is no cut
  int64_t last;      // bin on the left, in use
  uint64_t left[2];  // the sum of the left side
} KernelsCut;

/// The best of the cuts between neighbouring bins, of equal ones the first. `entries` has them, and an empty one for missing
/// values, at their places.
KernelsCut kernels_best_cut(const uint64_t *entries, size_t bins, size_t width, const KernelsNode *node);

/// A numeric feature: its column, and its bins, which that of missing values follows.
typedef struct {
  uint32_t column;
  uint32_t bins;
} KernelsFeature;

typedef struct {
  KernelsCut cut;
  int64_t feature;
  int64_t next;     // bin in use on the right, the one behind `last` where there is none
  int64_t missing;  // 1 where missing values go left, 0 where they go right, -1 where the node has none
} KernelsFeatureCut;

/// A leaf to be searched: its histogram, and the features that it may be split by, in ascending order.
typedef struct {
  const uint64_t *histogram;
  KernelsNode node;
  const ptrdiff_t *offered;
  size_t offered_count;
} KernelsLeaf;

/// The best cut by those of the offered features that are among first ..< end; of equal ones the first. Missing values are tried
/// on both sides.
KernelsFeatureCut kernels_best_feature(
    const KernelsLeaf *leaf, const KernelsFeature *features, size_t spacing, size_t width, ptrdiff_t first,
    ptrdiff_t end);

/// Sorts keys, whose lower halves ascend, by their upper halves; equal ones keep their order. `spare` has as many elements.
void kernels_sort_by_upper_half(uint64_t *keys, uint64_t *spare, size_t count);

/// Copies the rows of a list that go left to `left`, which may be the list itself, the others to `right`, both in their
/// order, and returns the number of the former. Row r goes left where goes_left[256 c + bins[c * column_stride + r]]
/// is 1 for one of the columns c < columns.
size_t kernels_part_rows(
    const uint32_t *list, size_t count, uint32_t *left, uint32_t *right, const uint8_t *bins, size_t columns,
    size_t column_stride, const uint8_t *goes_left);

/// scores[r] += value for the rows r of the list.
void kernels_add_to_rows(double *scores, const uint32_t *list, size_t count, double value);

/// Σ |score − target| over neighbouring rows, in an order that depends on nothing but `count`.
double kernels_sum_of_residuals(const double *scores, const double *targets, size_t count);

/// words[r] = round((score − target) scale) 2^count_bits + 1.
void kernels_residual_words(
    uint64_t *words, const double *scores, const double *targets, size_t count, double scale, int64_t count_bits);

/// Numbers of edges below elements[i * stride], i < count, for 255 edges in ascending order; `missing` for NaN.
void kernels_find_bins(
    uint8_t *bins, const double *elements, size_t stride, size_t count, const double *edges, uint8_t missing);
